"""What is kept of a release, and how a run is told from it."""

import shutil

from conftest import REPOSITORY, run_snakemake
from frozen_studies import edit
from graylit.comparison.release import find_difference
from graylit.comparison.verdict import conclude, describe_stages, describe_verdict
from graylit.study.frozen import FOLDER
from graylit.tables.coding import CODE_COUNTS
from graylit.tables.comparison import RELEASED
from made_rows import record_made


def test_a_row_that_is_missing_and_one_that_was_not_there_are_differences():
    one, other = {"code_id": "C01", "n_codings": "1"}, {"code_id": "C02", "n_codings": "1"}
    assert find_difference(CODE_COUNTS, {}, {("C01",): one}) == "C01 is missing"
    assert find_difference(CODE_COUNTS, {("C01",): one, ("C02",): other}, {("C01",): one}) == "C02 was not there"
    assert find_difference(CODE_COUNTS, {("C01",): one}, {("C01",): dict(one)}) == ""


def test_the_readme_shows_what_a_review_of_the_release_says():
    released = RELEASED.list_cells(str(REPOSITORY / "data/frozen/released.csv"))
    rows = [row | {"table": row["name"], "verdict": "same"} for row in released if row["kind"] == "table"]
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert "\n".join(describe_stages(rows)) in readme
    assert conclude(rows)[1] in readme


def test_without_a_frozen_corpus_there_is_no_verdict_to_show(clone):
    assert describe_verdict(clone)[1]
    shutil.rmtree(clone / FOLDER)
    assert describe_verdict(clone) == (0, [])


def test_the_exit_code_is_three_if_nobody_changed_the_study(clone):
    edit(clone / "data/processed/code_counts.csv", n_codings="99")
    record_made(clone)
    done = run_snakemake(clone, "--forcerun", "give_verdict", "--rerun-triggers", "mtime", "--", "results/verdict.csv")
    assert done.returncode == 0, done.stderr
    code, lines = describe_verdict(clone)
    assert code == 3
    assert "DIFFERS FROM THE RELEASE" in "\n".join(lines) and "n_codings 99 (released:" in "\n".join(lines)
