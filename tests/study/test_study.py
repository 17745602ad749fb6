"""A study folder: a clean one has no faults, and each planted fault is named with file, row, column and value."""

import csv
import itertools
import os
import subprocess

import pytest

from archives import REPOSITORY
from graylit.captures.choosing import choose_captures, explain_missing_captures
from graylit.collection.capture_table import find_archives
from graylit.preparation.shards import choose_number, digest_shards, read_number
from graylit.study.checking import read_study, require_study
from graylit.study.config import load_config, read_config
from graylit.study.outline import STAMP, digest_checked, read_stamp, require_outline, write_stamp
from graylit.study.study import CODINGS_FOLDER, list_written, read_captures
from graylit.tables.faults import InputError, describe_faults, name_command
from graylit.tables.preparation import TEXTS
from made_rows import capture, write_captures, write_made
from running import call_graylit, run_graylit
from tiny_study import replace_once, write_study

CONFIG, SOURCES, CODEBOOK = "config/config.yaml", "config/sources.csv", "config/coding/codebook.csv"
THEMES, GUIDELINES = "config/synthesis/themes.csv", "config/synthesis/guidelines.csv"
A, B = "config/coding/codings/A.csv", "config/coding/codings/B.csv"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def faults_of(folder):
    return read_study(folder)[1]


def only_fault(folder):
    faults = faults_of(folder)
    assert len(faults) == 1, describe_faults(faults)
    return faults[0]


def place(fault):
    return fault.file, fault.row, fault.column, fault.value


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


# Config ---------------------------------------------------------------------------------------------------------


def move_seed(folder, value=1):
    """Put the seed where configs of earlier versions have it."""
    replace_once(folder, CONFIG, "seed: 1\n", "")
    replace_once(folder, CONFIG, "topics:\n", f"topics:\n  seed: {value}\n")


def test_a_misspelt_key_is_named_with_a_hint(folder):
    replace_once(folder, CONFIG, "delay_s:", "dealy_s:")
    assert {(f.file, f.column, f.problem) for f in faults_of(folder)} == {
        (CONFIG, "collection.dealy_s", "is not a key (did you mean 'delay_s'?)"),
        (CONFIG, "collection.delay_s", "is missing"),
    }


def test_a_missing_key_is_named(folder):
    replace_once(folder, CONFIG, "  n_words: 5\n", "")
    fault = only_fault(folder)
    assert (place(fault), fault.problem) == ((CONFIG, None, "topics.n_words", None), "is missing")


def test_a_missing_seed_is_named(folder):
    replace_once(folder, CONFIG, "seed: 1\n", "")
    fault = only_fault(folder)
    assert (place(fault), fault.problem) == ((CONFIG, None, "seed", None), "is missing")


def test_a_config_of_earlier_versions_has_its_seed_among_the_topics(folder):
    wanted, faults = read_config(folder / CONFIG, CONFIG)
    move_seed(folder)
    assert faults == faults_of(folder) == []
    assert read_config(folder / CONFIG, CONFIG) == (wanted, [])
    assert load_config(folder / CONFIG) == wanted
    assert wanted["seed"] == 1 and "seed" not in wanted["topics"]


def test_a_faulty_seed_of_earlier_versions_is_named_by_the_key_in_the_file(folder):
    move_seed(folder, value="one")
    assert place(only_fault(folder)) == (CONFIG, None, "topics.seed", "one")


def test_two_seeds_are_a_fault_even_if_they_are_equal(folder):
    replace_once(folder, CONFIG, "topics:\n", "topics:\n  seed: 1\n")
    fault = only_fault(folder)
    assert (place(fault), fault.problem) == (
        (CONFIG, None, "topics.seed", "1"),
        "is a second seed beside the key seed",
    )


def test_each_missing_section_is_named(folder):
    (folder / CONFIG).write_text("title: Rain\nhas_texts: false\nvariables: {region: where}\n")
    sections = ["coding", "collection", "preparation", "seed", "synthesis", "topics"]
    assert sorted(f.column for f in faults_of(folder)) == sections


def test_a_value_of_another_type_is_named(folder):
    replace_once(folder, CONFIG, "seed: 1", "seed: one")
    fault = only_fault(folder)
    assert place(fault) == (CONFIG, None, "seed", "one")
    assert fault.expected == "a value of type integer"


def test_a_value_out_of_range_is_named(folder):
    replace_once(folder, CONFIG, "hosts_at_once: 2", "hosts_at_once: 99")
    fault = only_fault(folder)
    assert place(fault) == (CONFIG, None, "collection.hosts_at_once", "99")
    assert fault.expected == "maximum 16"


def test_yes_in_quotes_is_no_boolean(folder):
    replace_once(folder, CONFIG, "has_texts: true", 'has_texts: "yes"')
    assert place(only_fault(folder)) == (CONFIG, None, "has_texts", "yes")


def test_broken_yaml_is_named_with_its_row(folder):
    replace_once(folder, CONFIG, "  n_words: 5", "   n_words: 5")
    faults = [f for f in faults_of(folder) if f.file == CONFIG]
    assert [f.row for f in faults] == [23]
    assert "is not YAML" in faults[0].problem


def test_an_empty_config_is_a_fault(folder):
    (folder / CONFIG).write_text("# nothing yet\n")
    assert [f.problem for f in faults_of(folder) if f.file == CONFIG] == ["holds no keys"]


def test_a_missing_config_is_a_fault(folder):
    (folder / CONFIG).unlink()
    assert [f.problem for f in faults_of(folder) if f.file == CONFIG] == ["is missing"]


def test_a_config_in_latin_1_is_a_fault(folder):
    (folder / CONFIG).write_bytes((folder / CONFIG).read_text().replace("Rain", "Bäche").encode("latin-1"))
    assert [f.problem for f in faults_of(folder) if f.file == CONFIG] == ["is not UTF-8"]


@pytest.mark.parametrize("key", ["no", "1"])
def test_a_key_that_yaml_reads_as_no_word_is_a_fault(folder, key):
    with (folder / CONFIG).open("a") as lines:
        lines.write(f"{key}: 3\nhurry: 2\n")
    assert {f.problem for f in faults_of(folder)} == {"is not a key"}
    assert len(faults_of(folder)) == 2


def test_all_faults_of_the_config_and_the_tables_are_reported_at_once(folder):
    replace_once(folder, CONFIG, "seed: 1", "seed: one")
    replace_once(folder, THEMES, "T01,Keeping water clean", "T01,")
    replace_once(folder, A, "S003", "S009")
    assert {f.file for f in faults_of(folder)} == {CONFIG, THEMES, A}


# Variables ------------------------------------------------------------------------------------------------------


def test_a_column_that_no_variable_declares_is_unknown(folder):
    replace_once(folder, CONFIG, "variables:\n  region: Where the author gardens", "variables: {}")
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 1, "region", None)
    assert fault.problem == "is not a column of sources"


def test_a_declared_variable_without_column_is_empty_for_every_source(folder):
    replace_once(folder, CONFIG, "variables:\n", "variables:\n  soil: Kind of soil\n")
    assert [cells["soil"] for cells in require_study(folder).sources.cells] == ["", "", ""]


def test_a_misspelt_column_of_a_variable_is_named_with_a_hint(folder):
    replace_once(folder, SOURCES, "pinned_url,region", "pinned_url,regoin")
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 1, "regoin", None)
    assert fault.problem == "is not a column of sources (did you mean 'region'?)"


def test_a_fault_elsewhere_in_the_config_does_not_make_declared_variables_unknown(folder):
    replace_once(folder, CONFIG, "seed: 1", "seed: one")
    assert [f.file for f in faults_of(folder)] == [CONFIG]


@pytest.mark.parametrize("name", ["title", "url"])
def test_a_variable_named_like_a_column_of_its_own_is_a_fault(folder, name):
    replace_once(folder, CONFIG, "variables:\n", f"variables:\n  {name}: another one\n")
    fault = only_fault(folder)
    assert place(fault) == (CONFIG, None, f"variables.{name}", None)


def test_variables_without_meaning_are_faults(folder):
    replace_once(folder, CONFIG, "region: Where the author gardens", "region:")
    assert place(only_fault(folder)) == (CONFIG, None, "variables.region", "None")


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


def write_further(folder, *cells):
    """Write the further pages of each source of the tiny study."""
    lines = (folder / SOURCES).read_text(encoding="utf-8").splitlines()
    more = ("further_urls", *cells, *[""] * (len(lines) - 1 - len(cells)))
    (folder / SOURCES).write_text("".join(f"{line},{cell}\n" for line, cell in zip(lines, more, strict=True)))


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


# Captures -------------------------------------------------------------------------------------------------------

SOURCE = {"source_id": "S001", "url": "https://example.org/barrels"}


def chosen_ids(*captures):
    return {source_id: chosen["capture_id"] for source_id, chosen in choose_captures([SOURCE], captures).items()}


def test_the_last_held_capture_serves():
    assert chosen_ids(capture(1, "captured"), capture(2, "moved")) == {"S001": "S001-2"}


def test_a_later_failure_does_not_replace_a_held_capture():
    assert chosen_ids(capture(1, "captured"), capture(2, "timed_out")) == {"S001": "S001-1"}


def test_the_last_attempt_stands_where_none_was_held():
    assert chosen_ids(capture(1, "timed_out"), capture(2, "http_error")) == {"S001": "S001-2"}


def test_a_source_never_tried_has_no_entry():
    assert chosen_ids() == {}


def test_a_capture_of_a_former_address_does_not_serve():
    assert chosen_ids(capture(1, "captured", url="https://example.org/old")) == {}


def test_a_capture_serves_where_the_address_is_only_written_differently():
    assert chosen_ids(capture(1, "captured", url="http://EXAMPLE.org/barrels/#top")) == {"S001": "S001-1"}


def test_captures_of_unknown_sources_are_left_out():
    assert chosen_ids(capture(1, "captured", source_id="S777")) == {}


ARTICLE = SOURCE | {"further_urls": "https://example.org/2 https://example.org/3"}
TWO, THREE = "https://example.org/2", "https://example.org/3"


def chosen_of_article(*captures):
    return choose_captures([ARTICLE], captures).get("S001", {}).get("capture_id")


def test_an_article_of_three_pages_is_held_when_all_are():
    held = capture(1, "captured"), capture(2, "captured", url=TWO), capture(3, "moved", url=THREE)
    assert chosen_of_article(*held) == "S001-1"


def test_the_missing_page_of_an_article_stands_for_it():
    missing = capture(1, "captured"), capture(2, "gone", url=TWO), capture(3, "captured", url=THREE)
    assert chosen_of_article(*missing) == "S001-2"


def test_an_article_with_a_page_never_tried_has_no_entry():
    assert chosen_of_article(capture(1, "captured"), capture(2, "captured", url=THREE)) is None


# Shards ---------------------------------------------------------------------------------------------------------


def captures_of(folder):
    return read_captures(folder / "data/raw/captures.csv")


def digests(folder):
    return digest_shards(require_study(folder), captures=captures_of(folder), n_shards=4)


def one_digest(folder):
    return digest_shards(require_study(folder), captures=captures_of(folder), n_shards=1)


def changed(before, after):
    return [shard for shard in before if before[shard] != after[shard]]


def test_every_shard_has_a_digest_also_without_sources(folder):
    assert list(digests(folder)) == ["1-of-4", "2-of-4", "3-of-4", "4-of-4"]


def test_a_changed_source_changes_the_digest_of_its_own_shard_only(folder):
    before = digests(folder)
    replace_once(folder, SOURCES, "https://garden.example/Filters", "https://garden.example/Sieves")
    assert len(changed(before, digests(folder))) == 1


def test_a_further_page_its_place_and_its_capture_change_the_digest_of_its_own_shard_only(folder):
    write_captures(folder, capture(1, "captured"))
    states, header = [digests(folder)], (folder / SOURCES).read_text(encoding="utf-8")
    for cell in (TWO, f"{TWO} {THREE}", f"{THREE} {TWO}"):
        (folder / SOURCES).write_text(header, encoding="utf-8")
        write_further(folder, cell)
        states.append(digests(folder))
    write_captures(folder, capture(1, "captured"), capture(2, "captured", url=TWO))
    states.append(digests(folder))
    assert {len(changed(before, after)) for before, after in itertools.pairwise(states)} == {1}


def test_a_new_capture_changes_the_digest_of_its_own_shard_only(folder):
    write_captures(folder, capture(1, "captured"))
    before = digests(folder)
    write_captures(folder, capture(1, "captured"), capture(2, "captured"))
    assert len(changed(before, digests(folder))) == 1


def test_a_later_failure_changes_no_digest(folder):
    write_captures(folder, capture(1, "captured"))
    before = digests(folder)
    write_captures(folder, capture(1, "captured"), capture(2, "timed_out"))
    assert changed(before, digests(folder)) == []


def test_a_changed_title_changes_no_digest(folder):
    before = digests(folder)
    replace_once(folder, SOURCES, "Choosing a barrel", "How to choose a barrel")
    assert changed(before, digests(folder)) == []


def test_the_order_of_rows_changes_no_digest(folder):
    write_captures(folder, capture(1, "captured"))
    before = one_digest(folder)
    header, *rows = (folder / SOURCES).read_text().splitlines()
    (folder / SOURCES).write_text("\n".join([header, *rows[::-1]]) + "\n")
    assert one_digest(folder) == before


def test_a_source_stays_in_its_shard_when_others_are_added(folder):
    before = digests(folder)
    with (folder / SOURCES).open("a") as lines:
        lines.write("S004,https://example.org/hoses,Hoses,Garden Club,blog-post,,,,\n")
    assert len(changed(before, digests(folder))) == 1


@pytest.mark.parametrize(
    ("asked", "n_sources", "n_cores", "made", "number"),
    [
        (0, 103, 2, [], 2),
        (0, 103, 8, [], 8),
        (0, 10_300, 2, [], 22),  # many sources make more shards than cores, as many for each
        (0, 1_030, 2, [], 4),
        (0, 0, 1, [], 1),
        (0, 103, 8, ["1-of-2", "2-of-2"], 2),  # another machine redoes nothing
        (5, 103, 8, ["1-of-2", "2-of-2"], 5),
        (0, 103, 8, ["1-of-2", "1-of-5"], 8),  # a change of the number was cut short
    ],
)
def test_the_number_of_shards_is_that_asked_for_or_made_or_of_cores(tmp_path, asked, n_sources, n_cores, made, number):
    for name in made:
        (tmp_path / name).mkdir()
    assert choose_number(asked, n_sources, n_cores, tmp_path) == number


@pytest.mark.parametrize(("asked", "number"), [("", 0), ("0", 0), ("4", 4), ("10000", 10000)])
def test_a_number_of_shards_can_be_asked_for(asked, number):
    assert read_number(asked) == number


@pytest.mark.parametrize("asked", ["-1", "abc", "1.5", "²", "10001", " 2"])
def test_what_is_no_number_of_shards_is_refused(asked):
    with pytest.raises(InputError, match="is no number of shards; expected 1 to 10,000"):
        read_number(asked)


def test_the_workflow_sees_the_sources_and_the_coders_of_a_checked_study(folder):
    study = require_study(folder)
    for _ in range(2):
        outline = require_outline(folder)
        assert (outline.config, outline.sources) == (study.config, study.sources)
        assert outline.coders == sorted(study.codings)


def test_a_checked_study_is_checked_again_when_a_file_changes(folder):
    require_outline(folder)
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    with pytest.raises(InputError, match="ftp://garden.example/Filters"):
        require_outline(folder)


def test_a_study_with_faults_is_never_taken_for_checked(folder):
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    for _ in range(2):
        with pytest.raises(InputError):
            require_outline(folder)


def test_a_checked_study_is_not_checked_again(folder):
    require_outline(folder)
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    write_stamp(folder, digest_checked(folder))
    assert "ftp://garden.example/Filters" in {row["url"] for row in require_outline(folder).sources.cells}


def test_a_table_that_was_put_back_has_the_date_of_its_return(folder):
    table, other = folder / CODINGS_FOLDER / "A.csv", folder / SOURCES
    require_outline(folder)
    for path in (table, other):
        os.utime(path, (1e9, 1e9))
    table.write_text(table.read_text().replace(",C02,", ",C01,", 1))
    os.utime(table, (1e9, 1e9))
    require_outline(folder, is_noted=False)
    assert table.stat().st_mtime == 1e9
    require_outline(folder)
    assert table.stat().st_mtime > 1e9
    assert other.stat().st_mtime == 1e9


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"0" * 64, b"nonsense\n"])
def test_a_damaged_stamp_means_another_check(folder, content):
    require_outline(folder)
    (folder / STAMP).write_bytes(content)
    before = {path: path.stat().st_mtime_ns for path in (folder / "config").rglob("*")}
    require_outline(folder)
    assert read_stamp(folder) == digest_checked(folder)
    assert {path: path.stat().st_mtime_ns for path in (folder / "config").rglob("*")} == before


def test_a_table_behind_a_linked_folder_is_checked_when_it_changes(folder, tmp_path):
    (folder / CODINGS_FOLDER).rename(tmp_path / "shared")
    (folder / CODINGS_FOLDER).symlink_to(tmp_path / "shared")
    require_outline(folder)
    table = tmp_path / "shared/A.csv"
    table.write_text(table.read_text().replace("C01", "C99"))
    with pytest.raises(InputError, match="C99"):
        require_outline(folder)


def test_other_files_below_config_are_not_what_people_decided(folder):
    before = list_written(folder)
    (folder / "config/old").mkdir()
    for name in ("config/old/sources.csv", "config/sources (copy).csv", "config/coding/notes.csv", "config/other.yaml"):
        (folder / name).write_text("source_id\nS001\n")
    assert list_written(folder) == before
    assert {path.name for path in before} >= {"config.yaml", "sources.csv", "codebook.csv", "A.csv"}


# Before the start -----------------------------------------------------------------------------------------------


def test_without_captures_the_user_is_told_what_to_do(folder):
    assert "graylit review --archive file.warc.gz" in explain_missing_captures(captures_of(folder))


def test_with_failed_attempts_only_the_user_is_told_what_to_do(folder):
    write_captures(folder, capture(1, "timed_out"))
    assert "graylit collect" in explain_missing_captures(captures_of(folder))


def test_with_one_held_capture_there_is_nothing_to_explain(folder):
    write_captures(folder, capture(1, "timed_out"), capture(2, "captured"))
    assert explain_missing_captures(captures_of(folder)) == ""


def test_archives_are_found_as_seen_from_the_base(tmp_path):
    (tmp_path / "a.warc.gz").touch()
    (tmp_path / "b.warc").touch()
    assert find_archives("a.warc.gz, b.warc,", str(tmp_path)) == [str(tmp_path / "a.warc.gz"), str(tmp_path / "b.warc")]


def test_an_archive_with_a_whole_path_needs_no_base(tmp_path):
    (tmp_path / "a.warc.gz").touch()
    assert find_archives(str(tmp_path / "a.warc.gz"), "/elsewhere") == [str(tmp_path / "a.warc.gz")]


def test_no_archives_asked_for_are_none():
    assert find_archives("", ".") == []


def test_every_missing_archive_is_named(tmp_path):
    with pytest.raises(InputError) as raised:
        find_archives("a.warc.gz,b.warc", str(tmp_path))
    assert [(f.file, f.problem) for f in raised.value.faults] == [
        (str(tmp_path / "a.warc.gz"), "is missing"),
        (str(tmp_path / "b.warc"), "is missing"),
    ]


# A study of one's own -------------------------------------------------------------------------------------------


def run_make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def test_a_new_study_is_faultless_once_what_is_in_brackets_and_the_sources_are_filled_in(tmp_path):
    folder = tmp_path / "my study"
    assert call_graylit("new", folder).returncode == 0
    faults = read_study(folder)[1]
    assert [(fault.file, fault.column) for fault in faults] == [
        ("config/config.yaml", "title"),
        ("config/config.yaml", "collection.contact"),
        ("config/sources.csv", ""),
    ]
    config = folder / "config/config.yaml"
    config.write_text(config.read_text().replace("(title of your review)", "Mine").replace("(your e-mail", "e-mail"))
    with (folder / "config/sources.csv").open("a") as table:
        table.write("S001,https://example.org/barrels,Barrels,Ann,blog-post,,,,\n")
    assert read_study(folder)[1] == []


def test_a_new_study_touches_nothing_that_exists(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    ended = call_graylit("new", tmp_path)
    assert "holds something already" in ended.stderr
    assert ended.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_study_is_asked_for_by_its_folder():
    ended = call_graylit("new")
    assert "Missing argument 'FOLDER'" in ended.stderr
    assert ended.returncode != 0


def test_the_first_coder_of_a_new_study_can_be_named(tmp_path):
    call_graylit("new", tmp_path / "study", "--coder", "MK")
    assert [path.name for path in (tmp_path / "study/config/coding/codings").iterdir()] == ["MK.csv"]
    refused = call_graylit("new", tmp_path / "other", "--coder", "../x")
    assert "'../x' cannot be a coder's name" in refused.stderr


# Commands on a study elsewhere ----------------------------------------------------------------------------------


def test_a_misspelt_folder_is_named_and_nothing_is_made_in_it(tmp_path):
    ended = run_make("review", f"STUDY={tmp_path / 'nosuch'}")
    assert "nosuch is no study" in ended.stderr
    assert ended.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_the_hint_of_a_study_without_captures_is_for_that_study_and_no_log_is_promised(tmp_path):
    folder = write_study(tmp_path / "my study")
    ended = run_graylit("-C", folder, "review")
    assert f"graylit -C '{folder}' collect" in ended.stderr
    assert "Stopped. With --loud" in ended.stderr
    assert not (folder / "results").exists()


def test_clean_removes_what_was_made_of_the_study_named_and_nothing_else(tmp_path):
    folder = write_study(tmp_path / "my study")
    made = ["data/processed/texts/S001.txt", "results/export/README.md", "results/report.html"]
    kept = ["data/processed/README.md", "results/README.md", "data/raw/captures.csv"]
    before = sorted(REPOSITORY.glob("results/*"))
    for file in [*made, *kept]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    assert call_graylit("-C", folder, "clean").returncode == 0
    assert [file for file in [*made, *kept] if (folder / file).exists()] == kept
    assert sorted(REPOSITORY.glob("results/*")) == before


def test_a_command_that_is_named_for_the_main_study_names_no_folder(monkeypatch):
    for study in ("", "."):
        monkeypatch.setenv("GRAYLIT_STUDY", study)
        assert name_command("collect") == "graylit collect"
