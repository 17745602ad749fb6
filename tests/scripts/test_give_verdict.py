"""The verdict on a run: the same as released, explained by what was changed, or not."""

import re
from pathlib import Path

import pytest
from give_verdict import give_verdict

from conftest import write_table
from frozen_studies import edit
from graylit.comparison.release import describe_release, list_changes
from graylit.comparison.verdict import conclude
from graylit.study.frozen import FOLDER, write_sums

SOFTWARE = {"python": "3.12.1", "scripts": "0" * 64}


@pytest.fixture
def released(clone):
    """Return a replayed study as released with SOFTWARE."""
    rows = describe_release(clone, clone / "data/processed", SOFTWARE)
    write_table(clone / FOLDER / "released.csv", rows)
    write_sums(clone / FOLDER)
    return clone


def judge(folder: Path, software=None, is_refit=False):
    rows = give_verdict(folder, software or SOFTWARE, is_refit)
    code, words = conclude(rows)
    return {row["table"]: row for row in rows if row["verdict"] == "differs"}, code, words


def test_nothing_changed_is_the_same(released):
    assert judge(released)[:2] == ({}, 0)


def test_a_changed_decision_explains_what_comes_after_it(released):
    edit(released / "config/coding/codings/A.csv", memo="another")
    edit(released / "data/processed/code_counts.csv", n_codings="99")
    differing, code, words = judge(released)
    assert list(differing) == ["code_counts"] and code == 0
    assert differing["code_counts"]["cause"] == "config/coding/codings/A.csv was changed"
    assert "since the study was changed: config/coding/codings/A.csv was changed" in words


def test_a_changed_decision_does_not_explain_what_comes_before_it(released):
    edit(released / "config/synthesis/themes.csv", description="another")
    edit(released / "data/processed/code_counts.csv", n_codings="99")
    differing, code, words = judge(released)
    assert differing["code_counts"]["is_explained"] == "no" and code == 3
    assert "neither by you, nor a version of the software" in words


def test_another_version_is_named_and_no_excuse(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    differing, code, words = judge(released, SOFTWARE | {"python": "3.13.0"})
    assert code == 3 and differing["topics"]["cause"] == "python 3.13.0 (released with 3.12.1)"
    assert "not by you, but python 3.13.0 (released with 3.12.1)" in words


def test_other_steps_are_named_and_no_excuse(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    differing, code, _ = judge(released, SOFTWARE | {"scripts": "1" * 64})
    assert (code, differing["topics"]["cause"]) == (3, "the steps (scripts/) were changed")


def test_a_version_that_changed_nothing_is_the_same(released):
    assert judge(released, SOFTWARE | {"python": "3.13.0"})[:2] == ({}, 0)


def test_a_changed_text_explains_what_is_made_of_it(released):
    edit(released / "data/processed/texts.csv", text_sha256="0" * 64)
    edit(released / "data/processed/evidence.csv", code_id="C99")
    differing, code, _ = judge(released)
    assert set(differing) == {"texts", "evidence"} and code == 0
    assert differing["evidence"]["cause"] == "S001 has another text"


def test_topics_fitted_anew_are_on_purpose(released):
    edit(released / "data/processed/topics.csv", n_segments="99")
    assert judge(released, is_refit=True)[1] == 0


def test_the_first_row_that_differs_is_shown_now_and_as_released(released):
    edit(released / "data/processed/guideline_support.csv", n_sources="7")
    shown = judge(released)[0]["guideline_support"]["first_difference"]
    assert re.fullmatch(r"G\d\d: n_sources 7 \(released: \d\)", shown)


def test_a_table_that_was_not_made_is_a_difference(released):
    (released / "data/processed/crosswalk.csv").unlink()
    differing, code, _ = judge(released)
    assert list(differing) == ["crosswalk"] and code == 3


def test_decisions_that_came_and_went_are_changes(released):
    before = describe_release(released, released / "data/processed", SOFTWARE)
    (released / "config/quality.csv").rename(released / "config/coding/passes.csv")
    after = describe_release(released, released / "data/processed", SOFTWARE)
    assert list_changes(before, after) == [
        ("decision", "coding", "config/coding/passes.csv is new"),
        ("decision", "synthesis", "config/quality.csv is gone"),
    ]
