"""The metadata table: what is read, and that nothing wrong in it passes in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reference_samples import Metadata, MetadataRefused, read_metadata

HEADER = "file,case_reference,date,country,substance\n"


def read(text: str, *files: str) -> Metadata:
    return read_metadata(text.encode(), files or ("a.jpg", "b.jpg"))


def codes(metadata: Metadata) -> list[str]:
    return [problem.code for problem in metadata.problems]


def test_rows_of_one_case_are_one_seizure() -> None:
    metadata = read(HEADER + "a.jpg,C-1,2024-05-06,nl,cocaine\nb.jpg,C-1,,,\n")
    assert codes(metadata) == []
    assert [(row.row, row.file, row.case_reference) for row in metadata.photographs] == [
        (2, "a.jpg", "C-1"),
        (3, "b.jpg", "C-1"),
    ]
    seizure = metadata.seizures["C-1"]
    assert (seizure.date, seizure.country, seizure.substance) == (date(2024, 5, 6), "NL", "cocaine")


def test_a_later_row_fills_what_an_earlier_one_left_open() -> None:
    metadata = read(HEADER + "a.jpg,C-1,,,\nb.jpg,C-1,2024-05-06,BE,heroin\n")
    assert metadata.seizures["C-1"].country == "BE"
    assert codes(metadata) == []


def test_contradictions_are_reported_and_the_first_value_kept() -> None:
    metadata = read(HEADER + "a.jpg,C-1,2024-05-06,NL,cocaine\nb.jpg,C-1,2024-05-07,NL,cocaine\n")
    assert codes(metadata) == ["contradiction"]
    problem = metadata.problems[0]
    assert problem.row == 3
    assert "row 2" in problem.words
    assert metadata.seizures["C-1"].date == date(2024, 5, 6)


def test_unknown_columns_are_reported_and_not_read() -> None:
    metadata = read("file,case_reference,colour\na.jpg,C-1,red\nb.jpg,C-1,red\n")
    assert codes(metadata) == ["unknown_column"]
    assert "'colour'" in metadata.problems[0].words


def test_missing_and_unlisted_files_are_reported() -> None:
    metadata = read(HEADER + "a.jpg,C-1,,,\nz.jpg,C-2,,,\n")
    assert codes(metadata) == ["missing_file", "unlisted_file"]
    assert metadata.problems[0].row == 3
    assert "b.jpg" in metadata.problems[1].words
    assert set(metadata.seizures) == {"C-1", "C-2"}


def test_a_file_is_found_by_path_or_by_a_name_that_only_one_has() -> None:
    metadata = read(HEADER + "one\\a.jpg,C-1,,,\nB.JPG,C-2,,,\n", "one/a.jpg", "two/a.jpg", "two/b.jpg")
    assert [row.file for row in metadata.photographs] == ["one/a.jpg", "two/b.jpg"]
    assert codes(metadata) == ["unlisted_file"]
    assert codes(read(HEADER + "a.jpg,C-1,,,\n", "one/a.jpg", "two/a.jpg"))[0] == "ambiguous_file"
    # Cameras give the same names again: what lies in another folder is another photograph.
    elsewhere = read(HEADER + "one/a.jpg,C-1,,,\ntwo/a.jpg,C-2,,,\n", "two/a.jpg")
    assert [(row.file, row.case_reference) for row in elsewhere.photographs] == [("two/a.jpg", "C-2")]
    assert codes(elsewhere) == ["missing_file"]
    moved = read(HEADER + "D:\\photos\\one\\A.JPG,C-1,,,\n", "one/a.jpg", "two/a.jpg")
    assert [row.file for row in moved.photographs] == ["one/a.jpg"]


def test_a_file_named_twice_is_reported() -> None:
    metadata = read(HEADER + "a.jpg,C-1,,,\na.jpg,C-2,,,\n", "a.jpg")
    assert codes(metadata) == ["repeated_file"]
    assert [row.case_reference for row in metadata.photographs] == ["C-1"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a.jpg,,,,", "no_case_reference"),
        (",C-1,,,", "no_file"),
        ("a.jpg,C-1,last May,,", "bad_date"),
        ("a.jpg,C-1,2024-02-30,,", "bad_date"),
        ("a.jpg,C-1,,Holland,", "bad_country"),
        ("a.jpg,C-1,,,cocaine,more", "extra_cells"),
    ],
)
def test_a_wrong_row_is_reported_by_its_number(row: str, code: str) -> None:
    metadata = read(HEADER + row + "\nb.jpg,C-9,,,\n", "a.jpg", "b.jpg")
    problem = next(problem for problem in metadata.problems if problem.code == code)
    assert problem.row == 2
    assert metadata.photographs[-1].file == "b.jpg"


@pytest.mark.parametrize("written", ["2024-05-06", "2024/05/06", "06.05.2024"])
def test_dates_that_can_be_read_in_one_way_only(written: str) -> None:
    assert read(HEADER + f"a.jpg,C-1,{written},,\n", "a.jpg").seizures["C-1"].date == date(2024, 5, 6)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_write_is_read(separator: str, encoding: str) -> None:
    text = (
        separator.join(("File", "Case reference", "Place"))
        + "\r\n"
        + separator.join(("a.jpg", "C-1", "Orléans"))
        + "\r\n\r\n"
    )
    metadata = read_metadata(text.encode(encoding), ["a.jpg"])
    assert metadata.problems == ()
    assert metadata.seizures["C-1"].place == "Orléans"


def test_row_numbers_count_lines_inside_cells() -> None:
    metadata = read('file,case_reference,notes\na.jpg,C-1,"two\nlines"\nz.jpg,C-1,\n', "a.jpg")
    assert [(problem.code, problem.row) for problem in metadata.problems] == [("missing_file", 4)]
    assert metadata.seizures["C-1"].notes == "two\nlines"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"PK\x03\x04\x00\x00", "not_text"),
        (b"file,date\na.jpg,2024-01-01\n", "missing_column"),
        (b"file,case_reference,date,Date\n", "repeated_column"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(MetadataRefused, match="expected") as caught:
        read_metadata(data, [])
    assert caught.value.code == code
    assert caught.value.hint


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "a.jpg,C-1,,,\n")
    assert read_metadata(path, ["a.jpg"]).photographs[0].case_reference == "C-1"
