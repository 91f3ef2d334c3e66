from fastapi_lint.facts.python.comments import comments, line_starts
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.python.tokens import scan


def found(text: str) -> tuple[Comment, ...]:
    return comments(text, scan(text).spans, line_starts(text))


def test_line_starts() -> None:
    assert line_starts("") == (0,)
    assert line_starts("a") == (0,)
    assert line_starts("a\nb") == (0, 2)
    assert line_starts("a\n\nb\n") == (0, 2, 3, 5)
    assert line_starts("a\r\nb\rc\n") == (0, 3, 5, 7)


def test_form_feeds_and_unicode_separators_break_no_line() -> None:
    assert line_starts("a\x0cb\x0bc\x1cd\u2028e\x85f") == (0,)


def test_a_comment_with_the_marker_is_kept_with_its_place() -> None:
    assert found("x = 1  # fastapi-lint: ignore[A]  \n") == (
        Comment(1, 8, "# fastapi-lint: ignore[A]", alone=False, first_block=False),
    )


def test_other_comments_are_dropped() -> None:
    assert found("# fastapi lint: no\n# noqa\nx  # fastapi\n") == ()


def test_text_in_a_string_is_no_comment() -> None:
    assert found("x = '# fastapi-lint: ignore'\n'''\n# fastapi-lint: ignore\n'''") == ()


def test_text_in_a_template_is_no_comment() -> None:
    assert found("f'# fastapi-lint: a {b:# fastapi-lint: c} # fastapi-lint: d'") == ()


def test_a_comment_within_the_field_of_a_template_is_one() -> None:
    (comment,) = found("f'''{\na  # fastapi-lint: ignore }\n}'''")
    assert (comment.line, comment.column) == (2, 4)


def test_alone_tells_whether_anything_else_stands_on_the_line() -> None:
    text = "x\n    # fastapi-lint: a\nf(  # fastapi-lint: b\n  # fastapi-lint: c\n)\n"
    assert [comment.alone for comment in found(text)] == [True, False, True]


def test_columns_count_code_points() -> None:
    (comment,) = found("x = '😀é' # fastapi-lint: a")
    assert comment.column == 10


def test_crlf() -> None:
    first, second = found("# fastapi-lint: a\r\nx # fastapi-lint: b\r\n")
    assert (first.text, first.line, first.alone, first.first_block) == ("# fastapi-lint: a", 1, True, True)
    assert (second.text, second.line, second.column, second.alone) == ("# fastapi-lint: b", 2, 3, False)


def blocks(text: str) -> list[bool]:
    return [comment.first_block for comment in found(text)]


def test_the_first_block_is_the_first_run_of_comment_lines() -> None:
    assert blocks("#!/usr/bin/env python\n# fastapi-lint: a\n# b\n# fastapi-lint: c\nx") == [True, True]
    assert blocks("\n\n# fastapi-lint: a\n") == [True]
    assert blocks("# a\n\n# fastapi-lint: b\nx") == [False]
    assert blocks("x\n# fastapi-lint: a") == [False]
    assert blocks("x  # fastapi-lint: a") == [False]
    assert blocks("'''doc'''\n# fastapi-lint: a") == [False]
    assert blocks("# fastapi-lint: a") == [True]


def test_a_file_of_comments_only() -> None:
    assert blocks("# fastapi-lint: a\n# fastapi-lint: b\n\n# fastapi-lint: c") == [True, True, False]
