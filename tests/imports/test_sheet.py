"""Is every line read or named, and a file that is no table said so?"""

from __future__ import annotations

import gzip

import pytest

from tocsin.imports.sheet import Fault, Line, Unreadable, lines

PLAIN = b"number,state,by\nINC1,New,ann\nINC2,Closed,bob\n"


@pytest.fixture
def file(tmp_path):
    def write(content, name="log.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_the_cells_asked_for_come_in_the_order_they_were_asked_for(file):
    found = list(lines(file(PLAIN), ("by", "number")))

    assert found == [Line(2, ("ann", "INC1")), Line(3, ("bob", "INC2"))]


def test_a_gzipped_table_reads_as_the_plain_one_whatever_its_name(file):
    found = list(lines(file(gzip.compress(PLAIN), "log.csv"), ("number",)))

    assert found == [Line(2, ("INC1",)), Line(3, ("INC2",))]


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_are_no_cells(file):
    content = b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n") + b"\r\n\r\n"

    assert list(lines(file(content), ("number", "by"))) == [Line(2, ("INC1", "ann")), Line(3, ("INC2", "bob"))]


def test_a_quoted_cell_may_hold_a_comma(file):
    content = b'number,state,by\nINC1,"New, really","ann ""A"" lee"\n'

    assert list(lines(file(content), ("state", "by"))) == [Line(2, ("New, really", 'ann "A" lee'))]


def test_a_broken_line_is_named_and_spoils_no_other(file):
    content = b'number,state,by\nINC1,New\nINC2,"New,ann\nINC3,New,\xff\nINC4,New,ann,more\nINC5,New,ann\n'

    found = list(lines(file(content), ("number",)))

    assert found == [
        Fault(2, "has 2 columns, the header has 3"),
        Fault(3, "is not CSV (unexpected end of data)"),
        Fault(4, "is not text in UTF-8"),
        Fault(5, "has 4 columns, the header has 3"),
        Line(6, ("INC5",)),
    ]
    assert str(found[0]) == "line 2: has 2 columns, the header has 3"


def test_a_header_without_the_columns_names_those_that_are_missing(file):
    with pytest.raises(
        Unreadable, match=r"log\.csv is not the table expected: its header lacks priority, level; it has"
    ):
        list(lines(file(PLAIN), ("number", "priority", "level")))


def test_a_column_that_is_there_twice_is_refused(file):
    with pytest.raises(Unreadable, match="two columns named number"):
        list(lines(file(b"number,number\n1,2\n"), ("number",)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is neither CSV nor gzipped CSV"),
        (b"\0\0\0\0", "is neither CSV nor gzipped CSV"),
        (b"PK\x03\x04rest", "is a zip archive or a spreadsheet: unpack it"),
        ("number,state,by\n".encode("utf-16"), "is text in UTF-16: save it as UTF-8 first"),
        (b"\x1f\x8bnot really gzip at all", "is damaged: its gzip cannot be unpacked"),
        (gzip.compress(PLAIN)[:-12], "ends in the middle: the gzip is cut off"),
        (gzip.compress(b"\x89PNG\r\n"), "is neither CSV nor gzipped CSV"),
    ],
)
def test_a_file_that_is_no_table_is_said_so_by_name(file, content, sentence):
    path = file(content)

    with pytest.raises(Unreadable) as refused:
        list(lines(path, ("number", "state", "by")))

    assert str(refused.value).startswith(f"{path} ")
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(Unreadable, match="cannot be read: No such file or directory"):
        list(lines(tmp_path / "nowhere.csv", ("number",)))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(Unreadable, match="cannot be read: Is a directory"):
        list(lines(tmp_path, ("number",)))


def test_progress_grows_to_the_size_of_the_file_on_disk(file):
    path = file(gzip.compress(b"number\n" + b"".join(b"%d\n" % (n * n * 7919) for n in range(30_000))))
    told = []

    list(lines(path, ("number",), progress=lambda done, total: told.append((done, total))))

    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
