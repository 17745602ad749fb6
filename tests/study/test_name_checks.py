"""Names that look alike and are written otherwise are named, whatever they name."""

import pytest

from graylit.study.checking import require_study
from graylit.study.remarks import list_remarks
from graylit.tables.names import explain_difference, fold_name, strip_blanks
from tiny_study import PATHS, faults_of, only_fault, place, replace_once, write_study, write_synthesis

SOURCES, CODEBOOK = "config/sources.csv", "config/coding/codebook.csv"
THEMES, GUIDELINES = "config/synthesis/themes.csv", "config/synthesis/guidelines.csv"


@pytest.fixture
def folder(tmp_path):
    return write_synthesis(tmp_path)


@pytest.mark.parametrize(
    ("name", "difference"),
    [
        ("Ann  Brook", "blanks"),
        ("Ann\u00a0Brook", "blanks"),
        ("ANN brook", "upper and lower case"),
        ("Ann Bro\u200bok", "signs that nobody sees"),
        ("Ann\u00ad Brook", "signs that nobody sees"),
        ("Ann Brook\ufe0f", "signs that nobody sees"),
        ("\uff21nn Brook", "forms of the same signs"),
    ],
)
def test_a_publisher_that_looks_like_another_is_named_with_the_difference(folder, name, difference):
    replace_once(folder, SOURCES, "Brook & Sons", name)
    faults = [fault for fault in faults_of(folder) if "differs from" in fault.problem]
    assert [place(fault) for fault in faults] == [(SOURCES, 3, "publisher", name)]
    assert faults[0].problem == f"differs from 'Ann Brook' (row 2) in {difference} only"


def test_of_two_spellings_the_rarer_one_is_named(folder):
    replace_once(folder, SOURCES, "Choosing a barrel,Ann Brook", "Choosing a barrel,GARDEN CLUB")
    replace_once(folder, SOURCES, "Brook & Sons", "Garden Club")
    assert place(only_fault(folder)) == (SOURCES, 2, "publisher", "GARDEN CLUB")


@pytest.mark.parametrize("name", ["Ann Brook ", " Ann Brook", "Ann Brook\u00a0", "\u200bAnn Brook", "Ann Brook\t"])
def test_a_name_with_blanks_at_its_ends_is_no_name(folder, name):
    replace_once(folder, SOURCES, "Ann Brook", name)
    assert place(only_fault(folder)) == (SOURCES, 2, "publisher", name)


@pytest.mark.parametrize(
    ("file", "old", "new", "column"),
    [
        (SOURCES, "Brook & Sons,vendor-docs", "Brook & Sons,Blog-Post", "source_type"),
        (CODEBOOK, "C02,Overflow", "C02,MESH", "name"),
        (CODEBOOK, "C03,Spill", "c02,Spill", "code_id"),
        (THEMES, "T02,Too much water", "T02,Keeping Water clean", "name"),
        (GUIDELINES, "G02,Plan the overflow", "G02,cover the inlet", "name"),
        (PATHS["impacts"][0], "I02,G02,pipe", "I02,G02,Inlet", "component"),
        (PATHS["practices"][0], "water,2026-02-01,A", "water,2026-02-01,a", "decided_by"),
        (PATHS["card_sorts"][0], "B,G02,water", "B,G02,Water", "pile"),
        (PATHS["card_sorts"][0], "B,G02", "b,G02", "sorter"),
    ],
)
def test_names_of_every_kind_are_compared(folder, file, old, new, column):
    replace_once(folder, file, old, new)
    assert (file, column) in {(f.file, f.column) for f in faults_of(folder) if "differs from" in f.problem}


def test_variables_of_the_study_are_compared(tmp_path):
    folder = write_study(tmp_path)
    replace_once(folder, SOURCES, "2023,,,", "2023,,,North")
    assert place(only_fault(folder)) == (SOURCES, 3, "region", "North")


def test_coders_whose_tables_differ_in_case_only_are_named(folder):
    (folder / "config/coding/codings/b.csv").write_text("coding_id,source_id\n")
    assert [fault.value for fault in faults_of(folder) if "differs from" in fault.problem] == ["b"]


@pytest.mark.parametrize(
    "coder", ["J\u00f6rg M\u00fcller", "Ana-Mar\u00eda O'Neil", "A B", "1", "M\u00fcller, J\u00f6rg", "\u674e\u660e"]
)
def test_a_coder_may_have_the_name_of_a_person(folder, coder):
    (folder / f"config/coding/codings/{coder}.csv").write_text("coding_id,source_id,code_id\n")
    (folder / "config/coding/passes.csv").write_text(f'coder,round,source_id,finished_at\n"{coder}",1,S001,\n')
    assert faults_of(folder) == []


def test_coders_whose_names_differ_in_an_apostrophe_only_are_named(folder):
    for coder in ("O'Neil", "O\u2019Neil"):
        (folder / f"config/coding/codings/{coder}.csv").write_text("coding_id,source_id,code_id\n")
    (problem,) = [fault.problem for fault in faults_of(folder) if "differs from" in fault.problem]
    assert problem.endswith("in the form of apostrophes, quotation marks or hyphens only")


@pytest.mark.parametrize("coder", ["x" * 101, "J\u00f6rg;A", "Q  R", "Q ", "Q.", "con", "Jo\u0308rg", "Model"])
def test_a_table_named_after_nobody_is_named_with_what_to_do(folder, coder):
    (folder / f"config/coding/codings/{coder}.csv").write_text("coding_id,source_id\n")
    assert only_fault(folder).value == coder


def test_how_to_mend_a_name_of_letters_and_accents_written_apart_is_said(folder):
    (folder / "config/coding/codings/Jo\u0308rg.csv").write_text("coding_id,source_id\n")
    assert only_fault(folder).remedy.startswith("save the file under a name typed anew")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("coding/codings/B.TSV", "coding/codings/B.csv"),
        ("coding/codings/C.xls", "coding/codings/C.csv"),
        ("coding/Passes.csv", "coding/passes.csv"),
        ("coding/Readings.CSV", "coding/readings.csv"),
        ("coding/Readings.xlsx", "coding/readings.csv"),
        ("screening/candidates.numbers", "screening/candidates.csv"),
    ],
)
def test_a_table_with_another_ending_or_case_is_named_since_it_is_not_read(folder, name, meant):
    path = folder / "config" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK\x03\x04\xff")
    fault = only_fault(folder)
    assert (fault.file, fault.expected) == (f"config/{name}", f"config/{meant} (.csv, .xlsx, .ods)")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("coding/codings/A.xlsx", "coding/codings/A.csv"),
        ("coding/codings/A.CSV", "coding/codings/A.csv"),
        ("sources.ods", "sources.csv"),
    ],
)
def test_a_second_file_of_a_table_is_named(folder, name, kept):
    (folder / "config" / name).write_bytes(b"PK\x03\x04\xff")
    fault = only_fault(folder)
    assert (fault.file, fault.problem) == (f"config/{name}", f"is a second file of the table config/{kept}")


@pytest.mark.parametrize(
    "name", ["coding/codings/README.md", "coding/codings/.~lock.A.csv#", "coding/old.csv", "B.txt"]
)
def test_what_is_no_table_of_the_study_may_lie_beside_them(folder, name):
    (folder / "config" / name).write_text("x")
    assert faults_of(folder) == []


def test_a_code_may_be_written_otherwise_by_a_later_row(folder):
    content = (
        (folder / CODEBOOK).read_text().replace("replaced_by\n", "replaced_by,decided_at\n").replace(",\n", ",,\n")
    )
    (folder / CODEBOOK).write_text(
        content.replace(",C02\n", ",C02,\n") + "C01,mesh,Keeps leaves out,,,active,,2026-01-01\n"
    )
    assert faults_of(folder) == []


def test_sorters_may_write_the_same_pile_in_their_own_ways(folder):
    replace_once(folder, PATHS["card_sorts"][0], "A,G01,in", "A,G01,Water")
    assert faults_of(folder) == []


def test_two_forms_of_one_accent_are_one_name():
    assert fold_name("Ren\u00e9e") == fold_name("Rene\u0301e")
    assert explain_difference("Ren\u00e9e", "Rene\u0301e") == "Unicode form (NFC or NFD)"


@pytest.mark.parametrize("name", ["می\u200cخواهم", "Straße 1", "C++", "ﬁ", "İ"])
def test_a_name_keeps_the_signs_that_its_writing_needs(name):
    assert strip_blanks(name) == name


@pytest.mark.parametrize(
    "names",
    [
        "Answer to question {number} of the interview",
        "Question 1.{number}",
        "Interview question {number}b",
        "Participant P{number} about filters",
        "Answer to item{number} of the interview",
        "Part {number} of 7 and 7 of {number}",
        "{number}th answer of the interview",
    ],
)
def test_codes_whose_names_differ_in_a_number_only_bring_no_remark(folder, names):
    rows = "".join(f"C9{number},{names.format(number=number)},x,,,active,\n" for number in range(1, 30))
    (folder / CODEBOOK).write_text((folder / CODEBOOK).read_text() + rows)
    remarks = list_remarks(require_study(folder), folder)
    assert [remark for remark in remarks if "almost the name" in remark.problem] == []


def test_codes_counted_in_words_bring_no_remark(folder):
    words = enumerate(("first", "second", "tenth", "one", "two", "iv", "vii", "b"), start=1)
    rows = "".join(f"C9{n},Answers of the {word} interview round,x,,,active,\n" for n, word in words)
    (folder / CODEBOOK).write_text((folder / CODEBOOK).read_text() + rows)
    remarks = list_remarks(require_study(folder), folder)
    assert [remark for remark in remarks if "almost the name" in remark.problem] == []


def test_codes_whose_names_differ_in_a_letter_of_a_word_bring_a_remark(folder):
    replace_once(folder, CODEBOOK, "C01,Mesh", "C01,Keeping 2 barrels clean")
    replace_once(folder, CODEBOOK, "C02,Overflow", "C02,Keeping 2 barrel clean")
    remarks = list_remarks(require_study(folder), folder)
    assert [remark.value for remark in remarks if "almost the name" in remark.problem] == ["Keeping 2 barrel clean"]
