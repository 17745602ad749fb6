"""A study's config: each planted fault is named with its key, and variables are columns of the sources."""

import pytest

from graylit.study.checking import require_study
from graylit.study.config import load_config, read_config
from tiny_study import faults_of, only_fault, place, replace_once, write_study

CONFIG, SOURCES = "config/config.yaml", "config/sources.csv"
THEMES, A = "config/synthesis/themes.csv", "config/coding/codings/A.csv"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


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


@pytest.mark.parametrize(
    ("before", "after", "row", "column", "first"),
    [
        ("seed: 1\n", "seed: 1\nseed: 2\n", 4, "seed", 3),
        ("  delay_s: 0\n", "  delay_s: 0\n  delay_s: 5\n", 10, "collection.delay_s", 9),
        ("synthesis:\n", "seed: 2\nsynthesis:\n", 31, "seed", 3),
    ],
)
def test_a_key_that_stands_twice_is_named_with_both_rows(folder, before, after, row, column, first):
    replace_once(folder, CONFIG, before, after)
    fault = only_fault(folder)
    assert (fault.row, fault.column) == (row, column)
    assert fault.problem == f"stands in row {first} already, and only the last of the two would count"


def test_references_that_lead_to_themselves_end(folder):
    replace_once(folder, CONFIG, "variables:\n", "x: &x\n  y: *x\nvariables:\n")
    assert faults_of(folder)


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
