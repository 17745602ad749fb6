"""A study folder: a clean one has no faults, and each planted fault is named with file, row, column and value."""

import csv
import hashlib

import pytest

from graylit.study.checking import require_study
from graylit.tables.preparation import TEXTS
from made_rows import write_made
from running import call_graylit
from tiny_study import faults_of, only_fault, place, replace_once, write_further, write_more, write_study

CONFIG, SOURCES, CODEBOOK = "config/config.yaml", "config/sources.csv", "config/coding/codebook.csv"
THEMES, GUIDELINES = "config/synthesis/themes.csv", "config/synthesis/guidelines.csv"
A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def test_a_clean_study_has_no_faults(folder):
    assert faults_of(folder) == []


def test_a_clean_study_is_read_whole(folder):
    study = require_study(folder)
    assert [cells["source_id"] for cells in study.sources.cells] == ["S001", "S002", "S003"]
    assert {coder: len(rows.cells) for coder, rows in study.codings.items()} == {"A": 3, "B": 1}


def test_a_study_without_codings_has_no_faults(folder):
    (folder / A).unlink()
    (folder / B).unlink()
    assert faults_of(folder) == []


# Sources --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/barrels/",
        "https://EXAMPLE.org/barrels",
        "https://example.org/barrels?utm_source=letter&utm_medium=mail",
        "http://example.org/barrels",
        "https://example.org:443/barrels",
        "https://example.org/barrels#lids",
        "https://example.org/barrels?utm_source=",
        "https://example.org/barrels",
    ],
)
def test_the_same_page_written_differently_is_named_with_both_rows(folder, url):
    replace_once(folder, SOURCES, "https://garden.example/Filters", url)
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 4, "url", url)
    assert fault.problem == "is the same page as row 2 (https://example.org/barrels)"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/Barrels",
        "https://example.org/barrels/two",
        "https://example.org/barrels?page=2",
        "https://example.org/barrels?12",
        "https://www.example.org/barrels",
        "https://example.org:8443/barrels",
        "https://example.org/pumps?model=3",
    ],
)
def test_another_path_host_port_or_query_is_another_page(folder, url):
    replace_once(folder, SOURCES, "https://garden.example/Filters", url)
    assert faults_of(folder) == []


def test_without_texts_two_sources_may_have_one_address(folder):
    replace_once(folder, CONFIG, "has_texts: true", "has_texts: false")
    replace_once(folder, SOURCES, "https://garden.example/Filters", "https://example.org/barrels")
    assert faults_of(folder) == []


def test_an_address_that_is_none_is_one_fault(folder):
    replace_once(folder, SOURCES, "https://garden.example/Filters", "https://garden.example:99999/")
    assert place(only_fault(folder)) == (SOURCES, 4, "url", "https://garden.example:99999/")


@pytest.mark.parametrize("url", ["https://ada:word@garden.example/", "https://ada@garden.example/"])
def test_an_address_with_a_name_or_a_password_is_refused(folder, url):
    replace_once(folder, SOURCES, "https://garden.example/Filters", url)
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 4, "url", "https://garden.example/")
    assert fault.problem == "holds a user's name or password"


def test_further_pages_of_an_article_are_addresses_separated_by_spaces(folder):
    write_further(folder, "https://example.org/barrels?page=2 https://example.org/barrels?page=3")
    assert faults_of(folder) == []


@pytest.mark.parametrize(
    "cell",
    [
        "ftp://example.org/2",
        "https://example.org/2;https://example.org/3",
        "https://example.org/2;",
        " ",
        "2 3",
    ],
)
def test_further_pages_that_are_no_addresses_are_named_with_the_whole_cell(folder, cell):
    write_further(folder, "", cell)
    assert place(only_fault(folder)) == (SOURCES, 3, "further_urls", cell)


@pytest.mark.parametrize(
    ("cell", "url", "row"),
    [
        ("https://example.org/2 http://example.org/2/#top", "http://example.org/2/#top", 3),
        ("https://example.org/pumps?model=2", "https://example.org/pumps?model=2", 3),
        ("https://example.org/barrels", "https://example.org/barrels", 2),
    ],
)
def test_a_further_page_that_is_in_the_study_already_is_named_with_its_row(folder, cell, url, row):
    write_further(folder, "", cell)
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 3, "further_urls", url)
    assert fault.problem.startswith(f"is the same page as row {row} (")


BARRELS = "https://example.org/barrels"


@pytest.mark.parametrize("url", [BARRELS + "#/two", BARRELS + "?utm_source=two", BARRELS + "/"])
def test_a_source_that_is_declared_distinct_is_a_page_of_its_own(folder, url):
    replace_once(folder, SOURCES, "https://garden.example/Filters", url)
    assert "is_distinct" in only_fault(folder).remedy
    write_more(folder, "is_distinct", "", "", "yes")
    assert faults_of(folder) == []


def test_two_sources_of_one_address_are_not_distinct(folder):
    replace_once(folder, SOURCES, "https://garden.example/Filters", "HTTPS://Example.org:443/barrels")
    write_more(folder, "is_distinct", "yes", "", "yes")
    assert only_fault(folder).remedy == "remove one of the rows"


# References -----------------------------------------------------------------------------------------------------


def test_an_unknown_code_in_codings_is_named_with_a_hint(folder):
    replace_once(folder, A, "A-1,S001,0,12,,C01", "A-1,S001,0,12,,C1")
    fault = only_fault(folder)
    assert place(fault) == (A, 2, "code_id", "C1")
    assert fault.problem == "is not in codebook.csv (did you mean 'C01'?)"


def test_an_unknown_code_in_themes_is_named_with_a_hint(folder):
    replace_once(folder, THEMES, "C02; C03", "C02; c03")
    fault = only_fault(folder)
    assert place(fault) == (THEMES, 3, "code_ids", "c03")
    assert fault.problem == "is not in codebook.csv (did you mean 'C03'?)"


def test_an_unknown_code_in_guidelines_is_named_with_a_hint(folder):
    replace_once(folder, GUIDELINES, "T01,C01,G02", "T01,C01; C1,G02")
    faults = faults_of(folder)
    assert {place(f) for f in faults} == {(GUIDELINES, 2, "code_ids", "C1")}
    assert faults[0].problem == "is not in codebook.csv (did you mean 'C01'?)"


def test_an_unknown_theme_in_guidelines_is_named(folder):
    replace_once(folder, GUIDELINES, "T01,C01,G02", "T09,C01,G02")
    fault = only_fault(folder)
    assert place(fault) == (GUIDELINES, 2, "theme_id", "T09")
    assert "is not in themes.csv" in fault.problem


def test_an_unknown_related_guideline_is_named(folder):
    replace_once(folder, GUIDELINES, "C01,G02", "C01,G07")
    assert place(only_fault(folder)) == (GUIDELINES, 2, "related", "G07")


def test_an_unknown_successor_of_a_retired_code_is_named(folder):
    replace_once(folder, CODEBOOK, "retired,C02", "retired,C44")
    assert place(only_fault(folder)) == (CODEBOOK, 4, "replaced_by", "C44")


def test_an_unknown_source_in_codings_is_named(folder):
    replace_once(folder, B, "S001", "S101")
    fault = only_fault(folder)
    assert place(fault) == (B, 2, "source_id", "S101")
    assert fault.problem == "is not in sources.csv (did you mean 'S001'?)"


def test_a_guideline_code_outside_its_theme_is_named(folder):
    replace_once(folder, GUIDELINES, "T01,C01,G02", "T01,C02,G02")
    fault = only_fault(folder)
    assert place(fault) == (GUIDELINES, 2, "code_ids", "C02")
    assert (fault.problem, fault.expected) == ("is not a code of theme T01", "codes of T01")


def merge_mesh(folder):
    old = "C01,Mesh,A mesh keeps leaves out,,,active,"
    replace_once(folder, "config/coding/codebook.csv", old, "C01,Mesh,A mesh,,,retired,C02")


def test_a_merge_of_codes_of_two_themes_is_named_as_what_it_is(folder):
    merge_mesh(folder)
    faults = {fault.file: fault for fault in faults_of(folder)}
    assert place(faults[THEMES]) == (THEMES, 3, "code_ids", "C02")
    assert faults[THEMES].problem == "is in theme T01 already (C01 was merged into C02)"


def test_a_guideline_whose_code_went_to_another_theme_is_told_by_which_merge(folder):
    merge_mesh(folder)
    replace_once(folder, "config/coding/codebook.csv", "\nC02,Overflow", "\nC04,Lid,,,,active,\nC02,Overflow")
    replace_once(folder, THEMES, "clean,,C01", "clean,,C04")
    fault = only_fault(folder)
    assert place(fault) == (GUIDELINES, 2, "code_ids", "C01")
    assert fault.problem == "is not a code of theme T01 (it was merged into C02)"


def test_a_coding_id_of_two_coders_is_named_with_both_files(folder):
    replace_once(folder, B, "B-1", "A-1")
    fault = only_fault(folder)
    assert place(fault) == (B, 2, "coding_id", "A-1")
    assert fault.problem == f"stands in {A} already"


# Rows that are added --------------------------------------------------------------------------------------------


def add_rows(folder, name, *rows):
    """Add rows to a table, which gets the columns they need; cells not given are empty."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        table = [*csv.DictReader(lines), *rows]
    with (folder / name).open("w", encoding="utf-8", newline="") as lines:
        columns = dict.fromkeys(column for row in table for column in row)
        written = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
        written.writeheader()
        written.writerows(table)


def test_a_table_of_codings_needs_no_optional_column(folder):
    (folder / B).write_text("coding_id,source_id,code_id\nB-1,S001,C01\n")
    (cells,) = require_study(folder).codings["B"].cells
    assert cells["start"] == cells["fingerprint"] == cells["replaces"] == cells["coded_at"] == ""


def test_a_later_row_of_a_code_is_no_fault(folder):
    row = {"code_id": "C01", "name": "Mesh or sieve", "status": "active", "decided_at": "2026-02-01"}
    add_rows(folder, CODEBOOK, row)
    assert faults_of(folder) == []


def test_a_second_row_of_a_code_with_the_same_date_is_named(folder):
    row = {"code_id": "C01", "name": "Sieve", "status": "active", "decided_at": "2026-02-01"}
    add_rows(folder, CODEBOOK, row, row | {"name": "Net"})
    fault = only_fault(folder)
    assert place(fault) == (CODEBOOK, 6, "code_id, decided_at", "C01, 2026-02-01")
    assert fault.problem == "stands in row 5 already"


def test_a_guideline_is_held_against_the_row_of_its_theme_in_force(folder):
    row = {"theme_id": "T01", "name": "Keeping water clean", "code_ids": "C02", "decided_at": "2026-02-01"}
    add_rows(folder, THEMES, row)
    assert (GUIDELINES, 2, "code_ids", "C01") in {place(f) for f in faults_of(folder)}


def test_a_guideline_that_a_later_row_mends_is_no_fault(folder):
    replace_once(folder, GUIDELINES, "T01,C01,G02", "T01,C02,G02")
    row = {"guideline_id": "G01", "name": "Cover it", "statement": "Cover the inlet.", "decided_at": "2026-02-01"}
    add_rows(folder, GUIDELINES, row | {"theme_id": "T01", "code_ids": "C01"})
    assert faults_of(folder) == []


def test_a_withdrawn_guideline_is_not_held_against_its_theme(folder):
    row = {"guideline_id": "G01", "name": "Cover it", "statement": "Cover the inlet.", "decided_at": "2026-02-01"}
    add_rows(folder, GUIDELINES, row | {"theme_id": "T01", "code_ids": "C02", "status": "withdrawn"})
    assert faults_of(folder) == []


def test_a_guideline_may_name_the_code_that_a_code_of_its_theme_was_merged_into(folder):
    replace_once(folder, THEMES, "C02; C03", "C03")
    assert faults_of(folder) == []


def test_a_guideline_in_force_of_a_withdrawn_theme_is_named(folder):
    row = {"theme_id": "T01", "name": "Keeping water clean", "code_ids": "C01", "decided_at": "2026-02-01"}
    add_rows(folder, THEMES, row | {"status": "withdrawn"})
    fault = only_fault(folder)
    assert place(fault) == (GUIDELINES, 2, "theme_id", "T01")
    assert fault.problem == "is withdrawn"


# Positions ------------------------------------------------------------------------------------------------------


def test_a_start_without_end_is_named(folder):
    replace_once(folder, A, "A-1,S001,0,12", "A-1,S001,0,")
    fault = only_fault(folder)
    assert (place(fault), fault.problem) == ((A, 2, "end", ""), "is empty")


def test_an_end_without_start_is_named(folder):
    replace_once(folder, A, "A-1,S001,0,12", "A-1,S001,,12")
    assert place(only_fault(folder)) == (A, 2, "start", "")


@pytest.mark.parametrize("end", ["5", "4"])
def test_an_end_not_after_start_is_named(folder, end):
    replace_once(folder, A, "A-2,S002,5,9", f"A-2,S002,5,{end}")
    fault = only_fault(folder)
    assert (place(fault), fault.problem) == ((A, 3, "end", end), "is not after start")


@pytest.mark.parametrize("start", ["five", "²", "-1"])
def test_a_position_that_is_no_number_is_one_fault(folder, start):
    replace_once(folder, A, "A-2,S002,5,9", f"A-2,S002,{start},9")
    assert place(only_fault(folder)) == (A, 3, "start", start)


def write_texts(folder, n_characters):
    row = {"source_id": "S001", "outcome": "extracted", "n_characters": str(n_characters), "n_words": "4"}
    write_made(folder / "data/processed/texts.csv", TEXTS, [row])


def test_an_end_beyond_the_text_is_named(folder):
    write_texts(folder, 19)
    fault = only_fault(folder)
    assert place(fault) == (B, 2, "end", "20")
    assert fault.problem == "lies beyond the text of S001, which has 19 characters"


def test_an_end_beyond_the_text_is_no_fault_where_a_fingerprint_finds_the_words_again(folder):
    write_texts(folder, 19)
    row = "coding_id,source_id,start,end,exact_sha256,fingerprint,code_id\n"
    mark = f"{'0' * 64},3-1/1/0-f0054892-cd910a9f-e43baec4"
    (folder / B).write_text(f"{row}B-1,S001,3,20,{mark},C01\n")
    assert faults_of(folder) == []


def test_an_end_at_the_end_of_the_text_is_no_fault(folder):
    write_texts(folder, 20)
    assert faults_of(folder) == []


TWICE = "coding_id,source_id,start,end,exact_sha256,code_id\n"
WORDS = "Hives stand on roofs, and bees fly."


def write_twice(folder, first, second, text=WORDS):
    """Write two codings of one code, each at (start, end) with the words it had there, and the text of now."""
    for path, content in ((folder / A, TWICE), (folder / B, TWICE), (folder / "data/processed/texts/S001.txt", text)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    with (folder / B).open("a", encoding="utf-8") as table:
        for number, (start, end, words) in enumerate((first, second), start=1):
            digest = hashlib.sha256(words.encode()).hexdigest() if words else ""
            table.write(f"B-{number},S001,{start},{end},{digest},C01\n")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 11, "Hives stand"), (6, 11, "stand")),
        ((0, 11, "Hives stand"), (6, 20, "")),  # its place was typed, and counts the characters of now
        ((0, 11, ""), (6, 20, "")),
        ((3, 9, "of another"), (3, 9, "of another")),  # whatever the text was, the two sit alike
    ],
)
def test_a_code_given_twice_to_words_of_one_text_is_named(folder, first, second):
    write_twice(folder, first, second)
    fault = only_fault(folder)
    assert place(fault) == (B, 3, "coding_id", "B-2")
    assert fault.problem == "gives C01 to words that B-1 gave it already"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 11, "Hives stand"), (6, 11, "roofs")),  # placed in the text of before
        ((0, 11, "bees on the"), (6, 11, "")),
        ((0, 11, "Hives stand"), (11, 20, " on roofs")),
    ],
)
def test_places_in_texts_of_different_times_are_not_compared(folder, first, second):
    write_twice(folder, first, second)
    assert faults_of(folder) == []


def test_without_a_text_only_places_that_were_typed_or_are_the_same_are_compared(folder):
    write_twice(folder, (0, 11, "Hives stand"), (6, 11, "stand"))
    (folder / "data/processed/texts/S001.txt").unlink()
    assert faults_of(folder) == []


def test_a_coding_is_compared_with_the_one_that_reaches_farthest(folder):
    write_twice(folder, (0, 30, ""), (2, 4, ""))
    with (folder / B).open("a", encoding="utf-8") as table:
        table.write("B-3,S001,20,25,,C01\n")
    assert [place(fault) for fault in faults_of(folder)] == [(B, 3, "coding_id", "B-2"), (B, 4, "coding_id", "B-3")]


def test_a_start_beyond_the_text_is_named_as_well(folder):
    write_texts(folder, 3)
    replace_once(folder, A, "A-1,S001,0,12", "A-1,S001,0,3")
    assert [place(f) for f in faults_of(folder)] == [(B, 2, "start", "3"), (B, 2, "end", "20")]


def test_a_start_that_is_no_number_with_an_end_beyond_the_text_is_two_faults(folder):
    write_texts(folder, 15)
    replace_once(folder, B, "B-1,S001,3,20", "B-1,S001,three,20")
    assert [place(f)[2:] for f in faults_of(folder)] == [("start", "three"), ("end", "20")]


def test_a_table_of_codings_without_start_is_a_fault_also_where_texts_are_made(folder):
    write_texts(folder, 15)
    replace_once(folder, B, "source_id,start,end", "source_id,from,end")
    assert {(f.file, f.row) for f in faults_of(folder)} == {(B, 1), (B, 2)}


def test_texts_of_another_version_are_not_held_against_codings(folder):
    (folder / "data/processed").mkdir(parents=True)
    (folder / "data/processed/texts.csv").write_text("source_id,outcome,n_characters\nS001,extracted,1\n")
    assert faults_of(folder) == []


# What the command says ------------------------------------------------------------------------------------------


def check_tables(folder):
    return call_graylit("-C", folder, "check")


def test_the_check_of_a_clean_study_counts_what_it_checked(folder):
    ended = check_tables(folder)
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (
        0,
        "no faults: 3 sources, 2 codes in use, 4 codings by 2 coders, 2 themes, 2 guidelines",
    )


def test_the_check_of_a_faulty_study_says_so_and_fails(folder):
    replace_once(folder, B, "S001", "S101")
    ended = check_tables(folder)
    assert ended.returncode == 1
    assert ended.stderr.startswith("1 fault found, nothing was run:\n  1. config/coding/codings/B.csv, row 2, column s")
