"""`graylit trace`: what it says when tables are missing or old, and of ids that lead nowhere."""

import pytest

from conftest import read_table, write_table
from graylit.study.checking import accept_rows
from made_rows import record_made
from running import call_graylit

STALE = "is older than what people wrote"


def trace(folder, *asked):
    return call_graylit("-C", folder, "trace", *asked)


def drop_lines(path, start):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")


@pytest.mark.parametrize("name", ["located_codings", "texts"])
def test_a_made_table_that_is_missing_is_named_with_its_remedy(built_copy, name):
    (built_copy / f"data/processed/{name}.csv").unlink()
    ended = trace(built_copy)
    assert ended.returncode == 1
    assert f"{name}.csv: is missing" in ended.stderr
    assert f"run `graylit -C {built_copy} review` first" in ended.stderr


def test_a_coded_source_that_was_taken_out_makes_the_tables_old(built_copy):
    drop_lines(built_copy / "config/sources.csv", "S002,")
    ended = trace(built_copy, "G01")
    assert ended.returncode == 1
    assert STALE in ended.stderr and "S002" in ended.stderr and "review` first" in ended.stderr


def test_a_coding_that_was_withdrawn_since_makes_the_tables_old(built_copy):
    named = (built_copy / "config/synthesis/impacts.csv").read_text(encoding="utf-8")
    evidence = read_table(built_copy / "data/processed/evidence.csv")
    own = (row["coding_id"] for row in evidence if row["coding_id"].startswith("A-"))
    drop_lines(built_copy / "config/coding/codings/A.csv", next(name for name in own if name not in named) + ",")
    accept_rows(built_copy)
    assert STALE in trace(built_copy, "G01").stderr


def test_made_tables_that_do_not_belong_together_are_old(built_copy):
    drop_lines(built_copy / "data/processed/located_codings.csv", "A-0001,")
    assert "located_codings.csv: is not as a run here made it" in trace(built_copy).stderr
    record_made(built_copy)
    assert STALE in trace(built_copy).stderr


def test_tables_of_before_a_coding_was_added_are_said_to_be_of_another_state(built_copy):
    path = built_copy / "config/coding/codings/A.csv"
    rows = read_table(path)
    assert "not of the present state" not in trace(built_copy).stderr
    write_table(
        path, [*rows, dict.fromkeys(rows[0], "") | {"coding_id": "A-0900", "source_id": "S002", "code_id": "C01"}]
    )
    for asked in (["trace"], ["export", "codings", "--without-words"]):
        said = call_graylit("-C", built_copy, *asked).stderr
        assert "not of the present state: config/coding/codings/A.csv has changed since" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("g05", "There is no g05 in this study (did you mean 'G05'?).\n"),
        ("G99", "There is no G99 in this study.\n"),
        ("C08", "C08 is a code, but no guideline rests on it.\n"),
    ],
)
def test_an_id_that_leads_nowhere_says_what_it_is(built, asked, said):
    ended = trace(built, asked)
    assert (ended.returncode, ended.stderr) == (1, said)


def test_a_source_that_nobody_coded_is_a_source_without_codings(built):
    coded = {row["source_id"] for row in read_table(built / "data/processed/located_codings.csv")}
    source_ids = {row["source_id"] for row in read_table(built / "config/sources.csv")}
    uncoded = min(source_ids - coded)
    assert trace(built, uncoded).stderr == f"{uncoded} is a source without codings.\n"


def test_a_coding_that_no_guideline_rests_on_says_so(built_copy):
    drop_lines(built_copy / "data/processed/evidence.csv", "G05,")
    record_made(built_copy)
    evidence = read_table(built_copy / "data/processed/evidence.csv")
    rows = read_table(built_copy / "data/processed/located_codings.csv")
    lost = min({row["coding_id"] for row in rows} - {row["coding_id"] for row in evidence})
    assert trace(built_copy, lost).stderr.endswith(f"\n{lost} is a coding, but no guideline rests on it.\n")
    assert trace(built_copy, "G05").stderr.endswith("\nG05 is a guideline without codings.\n")


def test_a_single_guideline_is_counted_in_the_singular(built):
    assert "\n1 guideline, " in trace(built, "G01").stdout
