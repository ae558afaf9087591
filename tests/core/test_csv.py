"""CSV files: every nasty one has its exact outcome, and no number is ever silently lost."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from playground.core import csv_job, csv_text
from playground.core.csv_columns import (
    Choice,
    Missing,
    describe_columns,
    first_choice,
    make_own_data,
)
from playground.core.csv_export import csv_text as text_of_samples
from playground.core.csv_export import neutral
from playground.core.csv_format import CsvError, Decimal, Delimiter, Encoding, Format, parse_number
from playground.core.csv_job import imported_from, read_file, request_json, summary_from
from playground.core.csv_text import read_table
from playground.core.data import make_data
from playground.core.experiment import DatasetKind, DataSpec, Problem
from playground.core.own_data import OwnData, OwnForm
from tests.rigs.fuzz_csv import P999_MS, fuzz

IRIS = Path(__file__).parents[2] / "assets" / "iris.csv"


def refusal(data: bytes, **wanted: object) -> str:
    """The message a file is refused with, on reading or on the likely import."""
    with pytest.raises(CsvError) as caught:
        imported(data, **wanted)
    return str(caught.value)


def imported(data: bytes, **wanted: object):
    """Own data by the likely choice."""
    table = read_table(data, Format(**wanted))
    return make_own_data(table, first_choice(describe_columns(table)))


@pytest.mark.parametrize("text", ["1", "-2.5", "+.5", "3.", "1e3", "1.5E-7", " 7 ", "0"])
def test_the_written_grammar_is_read(text):
    assert parse_number(text) == float(text)


@pytest.mark.parametrize(
    "text",
    ["1_000", "١٢", "0x10", "1,000", "1 000", "inf", "nan", "NaN", "1e", "e5", ".", "", "--1",
     "1.2.3", "１", "1e101", "-1e999", "9" * 400, "1'000", "$5", "5%", "\u22121"],
)  # fmt: skip
def test_nothing_else_is_a_number(text):
    assert parse_number(text) is None


def test_a_comma_is_a_decimal_mark_only_where_it_is_said_to_be():
    assert parse_number("1,5", Decimal.COMMA) == 1.5
    assert parse_number("1.5", Decimal.COMMA) is None
    assert parse_number("1,5") is None


# Rows 17–25 of the list of bad inputs.


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\n \r\n\t", "The file is empty."),
        (b"a,b,y\n", "There is a header but no row of data."),
        (b"a,b,y\n1,2,3\n", "Only 1 row can be used: at least 2 are needed."),
        (
            b"a,y\n1,2\n3,4\n5,6\n",
            None,
        ),
    ],
)
def test_17_too_little_says_what_is_needed(data, words):
    if words is None:
        assert len(imported(data).own) == 3
    else:
        assert refusal(data) == words


def test_17_one_class_and_a_constant_column():
    table = read_table(b"a,y\n1,red\n2,red\n")
    with pytest.raises(CsvError, match="All rows are of one class, “red”: at least 2"):
        make_own_data(table, Choice((0,), 1, classes=True))
    table = read_table(b"a,b,y\n1,7,p\n2,7,q\n3,7,p\n")
    made = make_own_data(table, Choice((0, 1), 2, classes=True))
    assert made.own.scaling[1] == (7.0, 1.0)
    assert made.own.x[:, 1].tolist() == [0.0, 0.0, 0.0]
    assert made.notes == ("“b” is the same in all rows: its scale is 1.",)
    made = make_own_data(table, Choice((0,), 1, classes=False))
    assert made.own.target_scaling == (7.0, 1.0)
    assert made.notes == ("“b” is the same in all rows: its scale is 1.",)


def test_18_semicolons_and_decimal_commas_are_detected_and_overridable():
    table = read_table(b"1,5;2,5\n3,5;4,25\n")
    assert (table.format.delimiter, table.format.decimal) == (Delimiter.SEMICOLON, Decimal.COMMA)
    assert [column.mean for column in describe_columns(table)] == [2.5, 3.375]
    forced = read_table(b"1,5;2,5\n3,5;4,25\n", Format(delimiter=Delimiter.COMMA))
    assert forced.rows[0] == ["1", "5;2", "5"]


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [("sep=;", Delimiter.SEMICOLON), ('"SEP=|"', Delimiter.BAR), ("sep=\t", Delimiter.TAB)],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_first_line_that_tells_the_delimiter_is_no_row(line, delimiter, end):
    # One column of which every cell has a comma: what is told decides, not what is likely.
    lines = (line, f"a, in cm{delimiter}y", f"1,5{delimiter}0", f"2,5{delimiter}1")
    table = read_table(end.join(lines).encode())
    assert (table.format.delimiter, table.names) == (delimiter, ("a, in cm", "y"))
    assert table.rows == [["1,5", "0"], ["2,5", "1"]]
    assert table.numbers == [3, 4]
    forced = read_table(end.join(lines).encode(), Format(delimiter=Delimiter.COMMA))
    assert forced.names[0] == "a"


@pytest.mark.parametrize("line", ["sep=#", "sep=;x", "separator=;", " sep=;", "sep=;;"])
def test_any_other_first_line_is_a_row(line):
    wanted = Format(delimiter=Delimiter.COMMA, header=False)
    assert read_table(f"{line}\n1\n".encode(), wanted).n_rows == 2


def test_a_file_that_only_tells_its_delimiter_is_empty():
    assert refusal(b"sep=;\r\n") == "The file is empty."


def test_19_only_the_written_grammar_the_rest_is_counted_with_row_and_column():
    table = read_table("a,y\n1_000,1\n١٢,2\n0x10,3\n1,4\n2,5\n3,6\n4,7\n".encode())
    column = describe_columns(table)[0]
    assert (column.n_numbers, column.n_other, column.odd_rows) == (4, 3, (2, 3, 4))
    made = make_own_data(table, Choice((0,), 1, classes=False))
    assert made.n_dropped == 3
    assert made.notes == ("“a”: 3 cells without a number in rows 2, 3, 4",)


@pytest.mark.parametrize(
    ("data", "decimal"),
    [
        (b'a,y\n"1,234",0\n"2,345",1\n"12,000",0\n', Decimal.POINT),
        (b'a,y\n"1,234",0\n"-2,345,678",1\n', Decimal.POINT),
        (b'a,y\n"1,234",0\n"2,5",1\n', Decimal.COMMA),
        (b'a,y\n"0,234",0\n"0,345",1\n', Decimal.COMMA),
        (b"a;y\n1,234;0\n2,345;1\n", Decimal.COMMA),
        (b"a\ty\n1,234\t0\n2,345\t1\n850\t0\n", Decimal.POINT),
        (b"a|y\n1,234|0\n2,345|1\n850|0\n", Decimal.POINT),
        (b"a\ty\n1,234\t0\n2,34\t1\n850\t0\n", Decimal.COMMA),
        (b"a;y\n1,234;0\n2,345,678;1\n", Decimal.POINT),
    ],
)
def test_19_a_mark_of_thousands_is_no_decimal_comma(data, decimal):
    assert read_table(data).format.decimal is decimal


def test_an_export_reads_back_with_its_target_although_the_set_stands_last():
    data = make_data(DataSpec(DatasetKind.MOONS))
    table = read_table(text_of_samples(data, Problem.CLASSIFICATION).encode())
    choice = first_choice(describe_columns(table))
    assert (choice.inputs, choice.target) == ((0, 1), 2)
    alone = read_table(b"x,set\n1,train\n2,test\n3,train\n")
    assert first_choice(describe_columns(alone)).target == 1


def test_a_range_of_nothing_but_the_smallest_numbers_is_no_scale_of_zero():
    table = read_table(b"a,y\n1,5e-324\n2,0\n3,5e-324\n4,0\n")
    made = make_own_data(table, Choice((0,), 1, classes=False))
    assert made.own.target_scaling[1] == 1.0


def test_19_thousands_are_counted_not_divided_unless_a_person_says_so():
    data = b'a,b,y\n"1,234",5,0\n7,"2,345",1\n8,9,0\n"12,000",1,1\n6,2,1\n'
    made = imported(data)
    assert made.notes == (
        "“a”: 2 cells without a number in rows 2, 5",
        "“b”: 1 cell without a number in row 3",
    )
    assert (len(made.own), made.n_dropped) == (2, 3)
    assert describe_columns(read_table(data, Format(decimal=Decimal.COMMA)))[0].high == 12.0


def test_20_cells_without_a_number_are_counted_and_dropped_or_filled():
    rows = ["a,b,y"] + [f"{k},{'' if k % 4 == 0 else k},{k % 2}" for k in range(40)]
    rows[6] = "NaN,5,1"
    rows[7] = "inf,6,0"
    table = read_table("\n".join(rows).encode())
    dropped = make_own_data(table, Choice((0, 1), 2, classes=True))
    assert (len(dropped.own), dropped.n_dropped, dropped.n_filled) == (28, 12, 0)
    assert dropped.notes == (
        "“a”: 2 cells without a number in rows 7, 8",
        "“b”: 10 cells without a number in rows 2, 6, 10, 14, 18, …",
    )
    filled = make_own_data(
        table, Choice((0, 1), 2, classes=True, standardise=False, missing=Missing.MEAN)
    )
    assert (len(filled.own), filled.n_dropped, filled.n_filled) == (40, 0, 12)
    known = [k for k in range(40) if k not in (5, 6)]
    assert filled.own.x[5, 0] == pytest.approx(np.mean(known))


def test_20_cells_without_a_class_are_counted_and_dropped():
    made = imported(b"a,y\n1,p\n2,\n3,q\n4, \n5,p\n")
    assert made.notes == ("“y”: 2 cells without a class in rows 3, 5",)
    assert (len(made.own), made.n_dropped) == (3, 2)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,y\n1,p\n,\n2,q\n3,p\n", "1 cell {} in row 3"),
        (b"a,y\n1,p\n2,q\n , \n,\n", "2 cells {} in rows 4, 5"),
        (b"\na,y\n\n1,p\n   \n2,q\n,\n\n", "1 cell {} in row 7"),
        (b",\n,\na,y\n1,p\n2,q\n,\n", "1 cell {} in row 6"),
    ],
)
def test_20_rows_of_blank_cells_are_counted_and_empty_lines_are_not(data, rows):
    made = imported(data)
    number, label = rows.format("without a number"), rows.format("without a class")
    assert made.notes == (f"“a”: {number}", f"“y”: {label}")
    assert made.n_dropped == int(rows.split()[0])


def test_20_blank_cells_above_rows_without_a_header_are_counted_too():
    table = read_table(b",\n,,\n1,2\n3,4\n", Format(header=False))
    assert (table.numbers, table.n_rows) == ([1, 3, 4], 3)
    with pytest.raises(CsvError, match="Row 2 has 3 cells, row 1 has 2"):
        read_table(b"1,2\n,,\n")


def test_20_blank_rows_below_a_table_take_no_place_from_its_own(monkeypatch):
    monkeypatch.setattr(csv_text, "KEPT_ROWS", 40)
    data = b"a,y\n" + b"".join(b"%d,%d\n" % (k, k % 2) for k in range(30)) + b",\n" * 500
    table = read_table(data)
    assert (len(table.rows), table.n_rows) == (40, 530)
    assert len(imported(data).own) == 30


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1,2\n3\n", "Row 3 has 1 cell, row 1 has 2."),
        (b"a,b\n1,2\n3,4,5\n", "Row 3 has 3 cells, row 1 has 2."),
        (b'a,b\n1,2\n"3,4\n5,6\n', "A quote that opens in row 3 is never closed."),
        (b'a,b\n"1"x,2\n', "Row 2 has text after a closing quote."),
        (b"a,b\n1,2\n3,\x004\n", "Row 3 has a NUL character."),
        (b"a,b\r1,2\r3\r", "Row 3 has 1 cell, row 1 has 2."),
        (b"a,b\r1,2\r3,\x004\r", "Row 3 has a NUL character."),
        (b'a,b\r"1\r2",2\r"3,4\r', "A quote that opens in row 4 is never closed."),
    ],
)
def test_21_the_row_is_named(data, words):
    assert refusal(data) == words


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_21_all_line_ends_are_accepted(end):
    assert imported(end.join([b"a,y", b"1,2", b"3,4"])).own.y.tolist() == [1.0, 0.0]


def test_22_a_huge_cell_and_many_columns():
    assert refusal(b"a,b\n1," + b"x" * 200_000 + b"\n") == "A cell in row 2 is longer than 131 kB."
    many = b",".join(b"%d" % k for k in range(100_000))
    assert refusal(many + b"\n" + many) == "The file has more than 64 columns: 100000."


def test_23_too_large_a_file_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 2_000_000_000)
    with pytest.raises(CsvError, match="larger than 64 MB"):
        read_file(path)


def test_23_too_many_rows_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(csv_text, "MAX_ROWS", 100)
    monkeypatch.setattr(csv_text, "_records", None)  # nothing can be read
    for head in (b"a,y\n", b'"a","y"\n'):
        assert refusal(head + b"1,2\n" * 103) == "The file has more than 100 rows."


def test_23_only_rows_are_counted_no_lines_in_quotes_and_no_empty_ones(monkeypatch):
    monkeypatch.setattr(csv_text, "MAX_ROWS", 20)
    rows = b"1,2\n" * 20
    for data in (
        b"a,y\n" + rows,
        rows,
        b'a,"y\n' + b",\n" * 50 + b'"\n' + rows,
        b'a,y\n"' + b",\n" * 50 + b'",1\n' + rows[4:],
        b"\n" * 50 + b"a,y\n" + rows + b"\n" * 50,
        b"\r\n" + rows.replace(b"\n", b"\r\n\r\n"),
    ):
        assert read_table(data).n_rows == 20
    for data in (rows + b"1,2\n", rows + b",\n", b'"1,\n",2\n' + rows):
        assert refusal(data) == "The file has more than 20 rows."


def test_23_a_large_file_of_too_many_rows_is_refused_at_once():
    data = b"x,y\n" + b"1.25,2.5,3.75,0\n" * 3_900_000
    spent = []
    for _ in range(3):
        began = time.thread_time()
        assert refusal(data) == "The file has more than 1 000 000 rows."
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.3


@pytest.mark.parametrize("what", ["missing", "folder", "pipe", "device"])
def test_24_what_is_no_file_is_refused_and_nothing_hangs(tmp_path, what):
    path = tmp_path / "x"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path = Path("/dev/zero")
    words = "cannot be read: No such file" if what == "missing" else "not a regular file"
    with pytest.raises(CsvError, match=words):
        read_file(path)


def test_24_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,2\n")
    real = os.fstat

    def changed(handle: int) -> os.stat_result:
        path.write_bytes(b"a,b\n1,2\n3,4\n")
        return real(handle)

    monkeypatch.setattr("playground.core.csv_job.os.fstat", changed)
    with pytest.raises(CsvError, match="changed while it was read"):
        read_file(path)


def test_24_a_file_that_is_removed_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,2\n")
    real = os.fstat

    def removed(handle: int) -> os.stat_result:
        path.unlink(missing_ok=True)
        return real(handle)

    monkeypatch.setattr("playground.core.csv_job.os.fstat", removed)
    with pytest.raises(CsvError, match=r"The file cannot be read: No such file or directory\."):
        read_file(path)


def test_25_labels_that_become_one_class_by_being_cut_are_counted():
    long = "x" * 64
    table = read_table(f"a,class\n1,p\n2,q\n3,{long}1\n4,{long}\n5,{long}2\n".encode())
    made = make_own_data(table, Choice((0,), 1, classes=True))
    assert made.own.class_names == ("p", "q", long)
    assert made.notes == ("“class”: 2 cells cut at 64 characters in rows 4, 6",)
    column = describe_columns(table)[1]
    assert (column.n_cut, column.cut_rows) == (2, (4, 6))
    hidden = f"a,class\n1,p\n2,q{' ' * 300}r\n3,q{' ' * 300}\n"
    column = describe_columns(read_table(hidden.encode()))[1]
    assert (column.n_cut, column.cut_rows) == (1, (3,))


def test_25_labels_are_text_cut_at_64_characters_and_neutralised_on_export():
    long = "x" * 10_000
    table = read_table(f"a,kind\n1,=cmd\n2,<b>\n3,{long}\n".encode())
    own = make_own_data(table, Choice((0,), 1, classes=True)).own
    assert own.class_names == ("<b>", "=cmd", "x" * 64)
    assert [neutral(label) for label in ("=cmd", "@SUM", "-x", "+1", "−1", "<b>")] == [
        "'=cmd", "'@SUM", "'-x", "1", "-1", "<b>"
    ]  # fmt: skip
    view = make_data(DataSpec(own=own, train_share=1.0))
    text = text_of_samples(view, Problem.MULTICLASS)
    assert "'=cmd" in text
    assert ",=cmd" not in text


# What is detected.


@pytest.mark.parametrize(
    ("data", "delimiter", "header"),
    [
        (b"a;b\n1;2\n3;4", Delimiter.SEMICOLON, True),
        (b"a\tb\n1\t2\n3\t4", Delimiter.TAB, True),
        (b"1|2\n3|4", Delimiter.BAR, False),
        (b"1,2\n3,4", Delimiter.COMMA, False),
        (b'name,"one, two"\nx,1\ny,2', Delimiter.COMMA, True),
        (b"red,1\nblue,2\nred,3", Delimiter.COMMA, False),
        (b"colour,form\nred,round\nblue,square\nred,round", Delimiter.COMMA, True),
        (b"0,1,target\n5.1,3.5,0\n4.9,3,1", Delimiter.COMMA, True),
        (b",0,1,y\n0,5.1,3.5,0\n1,4.9,3,1", Delimiter.COMMA, True),
        (b"1,y\n5.1,0\n4.9,1", Delimiter.COMMA, True),
        (b"region,2019,2020,2021\nNorth,4,5,6\nSouth,6,7,8", Delimiter.COMMA, True),
        (b"1,2,NA\n3,4,5\n5,6,7", Delimiter.COMMA, False),
        (b"1,2,?\n3,4,5\n5,6,7", Delimiter.COMMA, False),
        (b"0,1,red\n5,3,blue\n4,3,red", Delimiter.COMMA, False),
        (b"0,1,red\n5,3,blue\n4,3,blue", Delimiter.COMMA, False),
        (b"North,4,5\nSouth,6,7\nEast,6,8", Delimiter.COMMA, False),
        (b"2019,2020\n2021,2022", Delimiter.COMMA, False),
    ],
)
def test_delimiter_and_header_are_detected(data, delimiter, header):
    found = read_table(data).format
    assert (found.delimiter, found.header) == (delimiter, header)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("é,y\n1,2".encode(), Encoding.UTF_8),
        (b"\xef\xbb\xbf" + "é,y\n1,2".encode(), Encoding.UTF_8),
        ("\ufeffé,y\n1,2".encode("utf-16-le"), Encoding.UTF_16_LE),
        ("\ufeffé,y\n1,2".encode("utf-16-be"), Encoding.UTF_16_BE),
        ("é,y\n1,2".encode("cp1252"), Encoding.WINDOWS_1252),
    ],
)
def test_encodings_are_detected(data, encoding):
    table = read_table(data)
    assert (table.format.encoding, table.names) == (encoding, ("é", "y"))


def test_an_encoding_that_is_asked_for_and_wrong_says_where():
    assert refusal("é,y\n1,2".encode("cp1252"), encoding=Encoding.UTF_8) == "Byte 1 is not UTF-8."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbf\xe9", "Byte 4 is not UTF-8."),
        ("\ufeffa,y\n1,2".encode("utf-16-le") + b"3", "Byte 17 is not UTF-16."),
        (b"a,y\n1,\x81\n2,\x8d\n", "Byte 7 is neither UTF-8 nor Windows-1252."),
        (b"a,y\n1,\xe9\n2,\x8d\n", "Byte 7 is not UTF-8, and byte 11 is not Windows-1252."),
    ],
)
def test_a_byte_that_is_no_character_is_named_by_its_place_in_the_file(data, words):
    assert refusal(data) == words


def test_names_are_made_unique_and_visible():
    assert read_table(b"a,a,,\x1b[1m\n1,2,3,4", Format(header=True)).names == (
        "a",
        "a (2)",
        "column 3",
        "[1m",
    )


def test_of_many_rows_a_seeded_random_subset_is_kept_in_order():
    rows = "x,y\n" + "".join(f"{k},{k % 2}\n" for k in range(50_000))
    table = read_table(rows.encode())
    assert (table.n_rows, len(table.rows)) == (50_000, 20_000)
    kept = [int(row[0]) for row in table.rows]
    assert kept == sorted(kept)
    assert abs(np.mean(kept) - 25_000) < 500
    assert [k + 2 for k in kept] == table.numbers
    assert read_table(rows.encode()).numbers == table.numbers
    assert read_table(rows.encode(), seed=1).numbers != table.numbers


# What is made of it.


def test_iris_is_four_inputs_and_three_classes_standardised_with_its_numbers():
    table = read_table(IRIS.read_bytes())
    columns = describe_columns(table)
    choice = first_choice(columns)
    assert (choice.inputs, choice.target, choice.classes) == ((0, 1, 2, 3), 4, True)
    own = make_own_data(table, choice, "iris.csv").own
    assert own.class_names == ("setosa", "versicolor", "virginica")
    assert own.x.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert own.x.std(axis=0) == pytest.approx(np.ones(4))
    assert [offset for offset, _ in own.scaling] == pytest.approx(
        [5.8433, 3.0573, 3.758, 1.1993], abs=1e-4
    )
    assert columns[0].mean == pytest.approx(own.scaling[0][0])


def test_numbers_as_target_are_brought_to_plus_minus_one_and_the_rule_is_kept():
    own = imported(b"a,price\n1,100\n2,250\n3,400\n4,150\n5,175\n6,200\n").own
    assert (own.y.min(), own.y.max()) == (-1.0, 1.0)
    offset, scale = own.target_scaling
    assert (own.y * scale + offset).tolist() == [100, 250, 400, 150, 175, 200]
    assert not own.class_names


def test_one_of_zero_and_one_is_plus_one():
    assert imported(b"a,y\n1,0\n2,1\n3,0\n").own.class_names == ("1", "0")
    assert imported(b"a,y\n1,no\n2,yes\n").own.class_names == ("yes", "no")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice((), 1, False), "Choose 1 to 16 inputs"),
        (Choice((0, 1), 1, False), "The target cannot be an input"),
        (Choice((9,), 1, False), "not in the file"),
        (Choice((0,), 2, True), "The target has 6 classes: at most 5"),
    ],
)
def test_choices_that_cannot_be_say_why(choice, words):
    table = read_table(b"a,y,t\n" + b"".join(b"%d,2,k%d\n" % (k, k) for k in range(6)))
    with pytest.raises(CsvError, match=words):
        make_own_data(table, choice)


@pytest.mark.parametrize("kind", DatasetKind)
def test_any_dataset_written_as_csv_reads_back_bit_for_bit(kind):
    spec = DataSpec(kind, n_samples=60, noise=0.1)
    data = make_data(spec)
    text = text_of_samples(data, spec.problem)
    table = read_table(text.encode())
    d = data.n_inputs
    assert table.names == (*data.input_names, "y", "set")
    classes = spec.problem is not Problem.REGRESSION
    made = make_own_data(table, Choice(tuple(range(d)), d, classes, standardise=False)).own
    assert made.x.tolist() == data.x.tolist()
    own = OwnData(made.x, made.y, made.input_names, class_names=made.class_names)
    back = make_data(DataSpec(own=own, train_share=1.0))
    if spec.problem is Problem.CLASSIFICATION:
        assert (back.y > 0).tolist() == (data.y > 0).tolist()
    else:
        assert back.y.tolist() == data.y.tolist()
    assert made.form is OwnForm.FILE
    assert [row[-1] for row in table.rows].count("train") == data.n_train


def test_mutated_files_give_data_or_a_typed_error(amount, request):
    report = fuzz(count=amount(400, 100_000), seed=20_251)
    assert report.n_imported > 40
    assert report.n_refused > 40
    if request.config.getoption("--long"):
        assert report.p999 <= P999_MS / 1000


def answers(monkeypatch, capfdbinary, path: Path, choice: Choice | None = None) -> list[str]:
    """Ask the reading process, here in this one, about a file; return its lines."""
    request = request_json(str(path), Format(), choice, "a.csv")
    monkeypatch.setattr(sys, "stdin", io.StringIO(request + "\n"))
    assert csv_job.main() == 0
    sys.stdout.flush()
    return capfdbinary.readouterr().out.decode().splitlines()


def test_the_reading_process_summarises_and_imports_what_was_read_here(monkeypatch, capfdbinary):
    *progress, result = answers(monkeypatch, capfdbinary, IRIS)
    shares = [float(line.removeprefix("p ")) for line in progress]
    assert shares == sorted(shares)
    assert shares[-1] == 0.75
    table = read_table(IRIS.read_bytes())
    columns = describe_columns(table)
    summary = summary_from(result.removeprefix("r "))
    assert (summary.format, summary.columns) == (table.format, tuple(columns))
    assert summary.preview[0] == tuple(table.rows[0])
    assert (summary.n_rows, summary.n_kept) == (150, 150)
    choice = first_choice(columns)
    result = answers(monkeypatch, capfdbinary, IRIS, choice)[-1]
    made, here = imported_from(result.removeprefix("r ")), make_own_data(table, choice, "a.csv")
    assert made == here


def test_the_reading_process_says_what_is_wrong(monkeypatch, capfdbinary, tmp_path):
    lines = answers(monkeypatch, capfdbinary, tmp_path / "gone.csv")
    assert lines == ["e The file cannot be read: No such file or directory."]

    def starve(_):
        raise MemoryError

    monkeypatch.setattr(csv_job, "read_file", starve)
    lines = answers(monkeypatch, capfdbinary, IRIS)
    assert lines == ["e There is not enough memory to read this file."]
