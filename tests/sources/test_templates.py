"""Templates are told from the files that they will become."""

from fastapi_lint.sources.templates import is_python_template


class TestPythonTemplates:
    """A Python file that doesn't parse is a template only if its error stands at a mark of one."""

    def test_an_error_at_a_placeholder_is_one(self) -> None:
        assert is_python_template(b"import os\nfrom {{ package }} import app\n", 2)

    def test_a_block_on_a_line_of_its_own_is_one(self) -> None:
        assert is_python_template(b"{%- if cookiecutter.db %}\nimport db\n{%- endif %}\nx = (\n", 5)

    def test_braces_in_a_string_elsewhere_are_none(self) -> None:
        assert not is_python_template(b'x = f"{{a}}"\ny = 1\nz = 2\ndef f(:\n', 4)
