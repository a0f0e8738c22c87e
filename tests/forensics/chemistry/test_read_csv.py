from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.chemistry import Amount, CsvParams, Profile, SampleProfile, read_csv
from forensics.errors import ProfileRefused

LONG = """case_reference,sample,method,analyte,value,unit
C-1,A,GC-MS,cocaine,812.5,mg/g
C-1,A,GC-MS,levamisole,n.d.,mg/g
C-1,A,GC-MS,caffeine,0,mg/g
C-2,B,GC-MS,cocaine,700,mg/g
"""
READ = (
    SampleProfile(
        "C-1",
        Profile("A", "GC-MS", "mg/g", (Amount("cocaine", 812.5), Amount("levamisole", None), Amount("caffeine", 0))),
    ),
    SampleProfile("C-2", Profile("B", "GC-MS", "mg/g", (Amount("cocaine", 700),))),
)
WIDE = """case_reference,sample,method,unit,cocaine,levamisole,caffeine
C-1,A,GC-MS,mg/g,812.5,n.d.,0
C-2,B,GC-MS,mg/g,700,,
"""
HEADED = """case_reference,sample,method,cocaine (mg/g),levamisole [mg/g],caffeine (mg/g)
C-1,A,GC-MS,812.5,<0.1,0
C-2,B,GC-MS,700,n/a,
"""


def outcome(data: bytes) -> tuple[SampleProfile, ...] | str:
    """Read, and give the profiles or the hint of the refusal; anything else is raised."""
    try:
        return read_csv(data)
    except ProfileRefused as refusal:
        return refusal.hint


def german(text: str) -> str:
    return text.replace(",", ";").replace(".5", ",5").replace("0.1", "0,1")


@pytest.mark.parametrize("text", [LONG, WIDE, HEADED])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_long_and_wide_say_the_same_in_every_coding(text: str, encoding: str, ends: str) -> None:
    assert read_csv(text.replace("\n", ends).encode(encoding)) == READ


@pytest.mark.parametrize("text", [LONG, WIDE, HEADED])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_decimal_commas(text: str, delimiter: str) -> None:
    assert read_csv(text.replace(",", delimiter).encode()) == READ
    assert read_csv(german(text).replace(";", delimiter).encode()) == READ


def test_a_decimal_comma_between_quotation_marks() -> None:
    assert read_csv(LONG.replace("812.5", '"812,5"').encode()) == READ


def test_a_table_of_excel() -> None:
    text = "sep=;\r\n" + german(LONG).replace("\n", "\r\n") + ";;;;;\r\n"
    assert read_csv(text.encode("cp1252")) == READ


def test_units_have_one_spelling() -> None:
    text = "sample;method;unit;Café\nA;GC;ug/g;1\nB;GC;\u00b5g/g;2\nC;GC;\u03bcg/g;3\n"
    assert {read.profile.unit for read in read_csv(text.encode())} == {"\u00b5g/g"}
    latin = "sample;method;unit;Café\nB;GC;\u00b5g/g;2\n".encode("latin-1")
    (only,) = read_csv(latin)
    assert only.profile.amounts == (Amount("Café", 2),)
    assert only.case_reference == ""


def test_names_of_columns_in_any_case_order_and_spacing() -> None:
    text = "Value,UNIT,Analyte,Case Reference,Method,Sample\n1e-3,peak area,x,C,GC,A\n1.5E+2,Area,y,C,GC,A\n"
    assert read_csv(text.encode()) == (
        SampleProfile("C", Profile("A", "GC", "peak area", (Amount("x", 0.001), Amount("y", 150)))),
    )


def test_one_sample_by_two_methods_is_two_profiles() -> None:
    text = LONG + "C-1,A,LC-MS,cocaine,800,mg/g\n"
    assert [(read.case_reference, read.profile.method) for read in read_csv(text.encode())] == [
        ("C-1", "GC-MS"),
        ("C-2", "GC-MS"),
        ("C-1", "LC-MS"),
    ]


def test_rows_of_a_sample_may_lie_apart() -> None:
    text = LONG + "C-1,a,gc-ms,lidocaine,3,mg/g\n"
    assert len(read_csv(text.encode())) == 2


@pytest.mark.parametrize("word", ["n.d.", "ND", "not detected", "<LOD", "< LOQ", "<0.05", "< 1e-3"])
def test_words_for_not_detected(word: str) -> None:
    (only,) = read_csv(f"sample,method,unit,a,b\nA,GC,%,{word},1\n".encode())
    assert only.profile.amounts == (Amount("a", None), Amount("b", 1))


@pytest.mark.parametrize("word", ["", "  ", "n/a", "NA", "not tested"])
def test_words_for_not_looked_for(word: str) -> None:
    (only,) = read_csv(f"sample,method,unit,a,b\nA,GC,%,{word},1\n".encode())
    assert only.profile.amounts == (Amount("b", 1),)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "empty", "empty file"),
        (" \n \n", "empty", "empty file"),
        ("sample,method,unit,a\n", "empty", "rows under the header"),
        ("a,b\n1,2\n", "missing_column", "no sample, method"),
        ("sample,method,analyte,value\nA,GC,a,1\n", "missing_column", "no unit"),
        ("sample,method,value,unit\nA,GC,1,%\n", "missing_column", "no analyte"),
        ("sample,method,unit\nA,GC,%\n", "missing_column", "one column an analyte"),
        ("sample,method,a\nA,GC,1\n", "no_unit", "'a'"),
        ("sample,method,unit,a,A\nA,GC,%,1,2\n", "bad_header", "'A' at column 5"),
        ("sample,method,unit,,a\nA,GC,%,1,2\n", "bad_header", "column 4"),
        ("sample,method,unit,a\nA,GC,%\n", "bad_row", "row 2"),
        ("sample,method,unit,a\n\nA,GC,%,1,2\n", "bad_row", "row 3"),
        ('sample,method,unit,a\nA,GC,%,"1\n', "bad_row", "quotation"),
        ("sample,method,unit,a\nA,GC,%,-1\n", "bad_cell", "row 2, column a"),
        ("sample,method,unit,a\nA,GC,%,1\nB,GC,%,nan\n", "bad_cell", "row 3, column a"),
        ("sample,method,unit,a\nA,GC,mg,inf\n", "bad_cell", "'inf'"),
        ("sample,method,unit,a\nA,GC,mg,1e999\n", "bad_cell", "'1e999'"),
        ("sample,method,unit,a\nA,GC,mg,-\n", "bad_cell", "Write n.d."),
        ("sample,method,unit,a\nA,GC,mg,trace\n", "bad_cell", "'trace'"),
        ("sample,method,unit,a\nA,GC,mg,0x10\n", "bad_cell", "'0x10'"),
        ("sample,method,unit,a\nA,GC,mg,1_000\n", "bad_cell", "'1_000'"),
        ("sample,method,unit,a\nA,GC,%,100.1\n", "bad_cell", "between 0 and 100 %"),
        ("sample,method,unit,a\nA,GC,mg/g,1001\n", "bad_cell", "between 0 and 1000 mg/g"),
        ("sample,method,unit,a\n,GC,%,1\n", "bad_cell", "row 2, column sample"),
        ("sample,method,unit,a\nA,,%,1\n", "bad_cell", "row 2, column method"),
        ("sample,method,unit,a\nA,GC,,1\n", "bad_cell", "row 2, column unit"),
        ("sample,method,unit,a\nA,GC,%,1\nA,gc,%,2\n", "bad_cell", "a again, after row 2"),
        (LONG + "C-1,A,GC-MS,COCAINE,1,mg/g\n", "bad_cell", "again, after row 2"),
        (LONG + "C-1,A,GC-MS,lidocaine,1,%\n", "bad_cell", "row 6, column value, one unit for sample A"),
        ("sample,method,unit,a,b\nA,GC,%,,\nB,GC,%,1,\n", "bad_cell", "row 2, column a, at least one value"),
        ("sample;method;unit;a\nA;GC;mg;1.5\nB;GC;mg;1,5\n", "bad_cell", "one decimal mark"),
        ('sample,method,unit,a\nA,GC,counts,"1,234"\n', "bad_cell", "separators of thousands"),
        ("sample;method;unit;a\nA;GC;counts;1.234.567\n", "bad_cell", "'1.234.567'"),
        ("sample,method,a (mg/g),b (%)\nA,GC,1,2\n", "bad_cell", "one unit for sample A"),
    ],
)
def test_a_refusal_names_the_place(text: str, code: str, said: str) -> None:
    with pytest.raises(ProfileRefused) as refusal:
        read_csv(text.encode())
    assert refusal.value.code == code
    assert said in str(refusal.value)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\x14\0", b"a,b\n\x00,1\n", b"\xff\xfe\x00"])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(ProfileRefused) as refusal:
        read_csv(data)
    assert refusal.value.code == "not_text"


def test_limits() -> None:
    data = LONG.encode()
    assert read_csv(data, params=CsvParams(most_bytes=len(data), most_rows=4)) == READ
    for params, code in (
        (CsvParams(most_bytes=len(data) - 1), "too_many_bytes"),
        (CsvParams(most_rows=3), "too_many_rows"),
    ):
        with pytest.raises(ProfileRefused) as refusal:
            read_csv(data, params=params)
        assert refusal.value.code == code
    with pytest.raises(ValueError, match="most_rows"):
        CsvParams(most_rows=0)


def test_a_cell_of_megabytes_is_refused() -> None:
    with pytest.raises(ProfileRefused) as refusal:
        read_csv(b"sample,method,unit,a\nA,GC,%," + b"1" * 200_000 + b"\n")
    assert refusal.value.code == "bad_row"


@given(st.binary(max_size=300))
def test_any_bytes_are_profiles_or_a_refusal(data: bytes) -> None:
    assert outcome(data)


@given(st.text('sample,method;unit\n"a1.<-\t |', max_size=200))
def test_anything_like_a_table_is_profiles_or_a_refusal(text: str) -> None:
    assert outcome(b"sample,method,unit,a\n" + text.encode())


@given(
    st.dictionaries(st.sampled_from(["a", "b c", "d-1", "é"]), st.floats(0, 1e9), min_size=1),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_is_written_is_read(values: dict[str, float], delimiter: str) -> None:
    rows = [["sample", "method", "unit", *values], ["A", "GC", "counts", *(repr(value) for value in values.values())]]
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    expected = Profile("A", "GC", "counts", tuple(Amount(name, value) for name, value in values.items()))
    assert read_csv(data) == (SampleProfile("", expected),)
