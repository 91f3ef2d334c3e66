"""The entry point: `fastapi-lint` and `python -m fastapi_lint`."""

import gc
import os
import sys

INTERRUPTED = 130
CLOSED_PIPE = 141
ENDLESS = "server"
"""The command that runs until its client ends it."""


def main() -> None:
    """Run the command line and exit: no traceback for a user's mistake, an interrupt or a closed pipe."""
    if sys.argv[1:2] != [ENDLESS]:
        # What a command builds lives until it ends: a search for garbage in it costs a tenth of the run.
        gc.disable()
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at exit: give it a place where that succeeds.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = CLOSED_PIPE
    except KeyboardInterrupt:
        code = INTERRUPTED
    gc.freeze()  # Python searches once more at exit, but not in what is frozen.
    sys.exit(code)


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        from fastapi_lint import __version__

        print(f"fastapi-lint {__version__}")
        return 0
    from fastapi_lint.cli.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    main()
