"""A replay of the frozen study beside the captured one: the same tables, the same export, no changes."""

import shutil
import subprocess
from pathlib import Path

from conftest import copy_mini, read_table, write_table
from frozen_studies import TABLES, by_source, read_results, review
from graylit.comparison.states import compare_sides, read_side
from graylit.comparison.verdict import describe_verdict
from graylit.exports.writing import make_export
from graylit.study.frozen import FOLDER
from made_rows import record_made
from running import run_graylit

# What everything downstream is made of, and the topics: if these are the same, all tables are.
BASE = ("texts.csv", "segments.csv", "term_counts.csv", "vocabulary.csv", "located_codings.csv", "topic_segments.csv")


def test_frozen_and_captured_runs_give_the_same_tables_byte_by_byte(built, replayed):
    assert read_results(replayed) == read_results(built)


def test_no_word_of_a_page_is_at_hand_in_a_replay(replayed):
    assert not list((replayed / "data/processed/texts").glob("*.txt"))
    assert not (replayed / "data/raw").exists()


def test_a_replay_says_that_it_is_the_same(replayed):
    code, lines = describe_verdict(replayed)
    assert code == 0
    assert f"  The same as released: {len(TABLES)} of {len(TABLES)} tables." in lines
    assert "  10 sources: 8 from the frozen corpus, 2 without text" in lines


def test_a_replay_reports_all_sources_and_no_change(replayed):
    assert (replayed / "results/report.html").stat().st_size > 5000
    assert {row["change"] for row in read_table(replayed / "results/effects.csv")} == {"none"}
    assert "Nothing changed" in (replayed / "results/effects.html").read_text(encoding="utf-8")


def test_captured_and_frozen_sources_mixed_give_the_same_tables(frozen, built, clone):
    folder = clone
    shutil.copytree(frozen / "data/raw", folder / "data/raw")
    captures = read_table(folder / "data/raw/captures.csv")
    write_table(folder / "data/raw/captures.csv", [row for row in captures if int(row["source_id"][1:]) % 2])
    review(folder, *(f"data/processed/{name}" for name in BASE), "results/source_changes.csv", cores=1)
    assert read_results(folder, BASE) == read_results(built, BASE)
    served = by_source(folder / "results/source_changes.csv")  # captures of S001, S003, … only
    assert {source_id: row["served_by"] for source_id, row in served.items()} == {
        **dict.fromkeys(("S001", "S003", "S005", "S007"), "captured"),
        **dict.fromkeys(("S002", "S004", "S006", "S008"), "frozen"),
        **dict.fromkeys(("S009", "S010"), "none"),
    }


def test_the_mini_study_is_copied_without_a_frozen_corpus(tmp_path):
    assert not (copy_mini(tmp_path / "mini") / FOLDER).exists()


def test_the_export_of_a_replay_is_that_of_the_captured_study_byte_by_byte(frozen, replayed, tmp_path):
    captured = review(Path(shutil.copytree(frozen, tmp_path / "captured")))
    assert make_export(replayed) == make_export(captured)


def list_compared(before: Path, after: Path) -> set[tuple[str, str, str]]:
    sides = [read_side(str(folder), folder, is_checked=False) for folder in (before, after)]
    return {(row["subject"], row["subject_id"], row["change"]) for row in compare_sides(*sides)}


def test_a_replay_beside_the_captured_study_has_no_changes(built, replayed):
    assert list_compared(built, replayed) == set()


def test_a_swap_beside_the_state_before_changes_sources_and_support_only(built, swapped):
    changes = list_compared(built, swapped)
    assert {change for change in changes if change[0] in ("source", "text")} == {
        ("source", "S003", "removed"),
        ("source", "S009", "removed"),
        ("source", "S011", "added"),
        ("text", "S003", "removed"),
        ("text", "S009", "removed"),
        ("text", "S011", "added"),
    }
    told = {(subject, change) for subject, _, change in changes if subject not in ("source", "text")}
    moved = {("guideline", "rank"), ("guideline", "floor")}
    assert told - moved == {("impact", "removed"), ("code", "support"), ("guideline", "support")}


def test_a_revision_is_replayed_from_its_own_frozen_corpus(clone):
    run = ["git", "-C", str(clone), "-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for words in (["init", "-q"], ["add", "config", FOLDER], ["commit", "-qm", "as released"]):
        subprocess.run([*run, *words], check=True)
    located = read_table(clone / "data/processed/located_codings.csv")
    place = next(row for row in located if row["coding_id"] == "A-0001")
    write_table(
        clone / "data/processed/located_codings.csv",
        [row | {"method": "orphan", "start": "", "end": ""} if row == place else row for row in located],
    )
    record_made(clone)
    done = run_graylit("-C", clone, "compare", "HEAD")
    assert done.returncode == 0, done.stderr
    rows = read_table(clone / "results/compare/changes.csv")
    assert [(row["subject_id"], row["change"], row["before"]) for row in rows] == [("A-0001", "orphaned", "same_place")]
