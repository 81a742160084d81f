"""Is a file read as it stands, and what is no table of divisions refused in words that help?"""

import pytest

from service.imports.order import circles, levels
from service.imports.rows import MOST_BYTES, RowError, read
from tests.imports.conftest import HEADER, TREE, file


def only(content: bytes) -> RowError:
    """The one thing that is wrong with a file, none of whose rows is read."""
    sheet = read(content)
    assert sheet.rows == []
    (error,) = sheet.errors
    return error


def test_rows_are_read_with_their_lines() -> None:
    sheet = read(file(*TREE))
    assert [(row.line, row.code) for row in sheet.rows] == [(n, row.split(",")[0]) for n, row in enumerate(TREE, 2)]
    assert (sheet.rows[-1].villages, sheet.rows[2].note) == (10, "local code")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + file(*TREE),
        file(*TREE).replace(b"\n", b"\r\n"),
        b"\n\n" + file(*TREE) + b"\n,,,,,,,\n",
        file(*TREE).replace(b",district,", b", DISTRICT ,"),
    ],
    ids=["byte order mark", "Windows lines", "blank lines", "blanks and capitals"],
)
def test_the_same_rows_in_other_clothes(content: bytes) -> None:
    assert [row[1:] for row in read(content).rows] == [row[1:] for row in read(file(*TREE)).rows]


def test_the_last_three_columns_may_be_left_out() -> None:
    content = file("41,河南省,province,,", header="code,name,kind,parent_code,managed_by")
    assert read(content).rows[0].name == "河南省"


def test_a_quoted_cell_may_run_over_lines() -> None:
    sheet = read(file('41,河南省,province,,,,,"two\nlines"', "42,湖北省,province,,,,,"))
    assert [row.line for row in sheet.rows] == [2, 4]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", HEADER.encode(), b"\n\n"])
def test_a_file_without_rows_is_empty(content: bytes) -> None:
    assert only(content).code == "EMPTY_FILE"


def test_another_encoding_is_named_with_its_line() -> None:
    error = only(file("41,河南省,province,,,,,") + "42,湖北省".encode("gb18030"))
    assert (error.code, error.line) == ("NOT_UTF8", 3)


def test_a_file_of_more_than_10_mb_is_not_read() -> None:
    assert only(b"x" * (MOST_BYTES + 1)).code == "FILE_TOO_LARGE"


def test_missing_columns_are_named() -> None:
    error = only(b"code,name\n41,a\n")
    assert error.code == "MISSING_COLUMN"
    assert "kind, parent_code, managed_by" in error.message


@pytest.mark.parametrize("more", ["colour", "code"])
def test_a_column_that_nobody_knows_or_that_stands_twice_is_named(more: str) -> None:
    error = only(file("41,河南省,province,,,,,,x", header=f"{HEADER},{more}"))
    assert (error.code, error.column) == ("BAD_COLUMN", more)


def test_a_quote_that_never_ends_is_no_csv() -> None:
    assert only(file('41,"河南省,province,,,,,')).code == "BAD_CSV"


@pytest.mark.parametrize("row", ["41,河南省,province", "41,河南省,province,,,,,,,"], ids=["too few", "too many"])
def test_a_row_has_as_many_cells_as_the_header(row: str) -> None:
    assert only(file(row)).code == "COLUMN_COUNT"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("4,河南省,province,,,,,", "code"),
        (f"41,{'省' * 201},province,,,,,", "name"),
        ("41,河\0省,province,,,,,", None),
        ("41,河南省,province,x,,,,", "parent_code"),
        ("41,河南省,province,,,many,,", "villages"),
        ("41,河南省,province,,,-1,,", "villages"),
        ("41,河南省,province,,,,perhaps,", "in_nbs_2023"),
    ],
)
def test_a_value_is_what_the_command_takes(row: str, column: str | None) -> None:
    error = only(file(row))
    assert (error.code, error.column, error.line) == ("BAD_USER_INPUT", column, 2)


def test_levels_need_only_those_before_them() -> None:
    assert levels({"c": {"b", "x"}, "b": {"a"}, "a": set(), "d": {"a"}}) == [["a"], ["b", "d"], ["c"]]


def test_what_hangs_on_a_circle_is_not_on_it() -> None:
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"b"}, "d": {"d"}, "e": set()}) == {"a", "b", "d"}
