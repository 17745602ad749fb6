"""Two people and a third work on one study: git merges their rows, a bundle brings the captures, all see the same."""

import shutil

import pytest

from conftest import collect_archived, read_table
from frozen_studies import TABLES, read_results, review
from graylit.desk.coding.desk import Desk
from graylit.study.tracking import complete_gitattributes, complete_gitignore
from graylit.study.writing import read_clock
from repositories import git, needs_git
from running import call_graylit

pytestmark = needs_git
SOURCE = "S001"
RESULTS = [f"data/processed/{name}" for name in TABLES]  # what a review says, without the pages made of it
CODED = {"Ann": "C01", "Ben": "C02"}


def work_through(folder, coder):
    """Code every other segment of a source, leave the others, and finish it, as the coding page does."""
    desk = Desk(folder, coder, "", read_clock)

    def decide(kind, **asked):
        desk.decide(SOURCE, desk.own.look_at(SOURCE).version, {"kind": kind, **asked})

    for number, segment in enumerate(desk.shelf.segments_of(SOURCE)):
        if number % 2:
            decide("leave", segment_id=segment["segment_id"])
        else:
            decide("give", segment_id=segment["segment_id"], code_id=CODED[coder])
    decide("finish")
    commit(folder)


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "rows")


def push_and_merge(hub, first, second):
    """Have one push, the other merge and push, and the first take that: no command but git's own."""
    git(first, "push", "--quiet", hub, "main")
    git(second, "pull", "--quiet", "--no-rebase", "--no-edit", hub, "main")
    git(second, "push", "--quiet", hub, "main")
    git(first, "pull", "--quiet", "--ff-only", hub, "main")


@pytest.fixture(scope="module")
def merged(built, tmp_path_factory):
    """Return the studies of two coders, merged in both orders and reviewed, and what git has of the one order."""
    base = tmp_path_factory.mktemp("together")
    study = shutil.copytree(built, base / "study")
    complete_gitignore(study)
    complete_gitattributes(study)
    git(study, "init", "--quiet")
    commit(study)
    coders = {coder: shutil.copytree(study, base / coder) for coder in CODED}
    for coder, folder in coders.items():
        work_through(folder, coder)
    for order in (("Ann", "Ben"), ("Ben", "Ann")):
        git(base, "clone", "--quiet", "--bare", study, f"hub-{order[0]}")
        clones = [shutil.copytree(coders[coder], base / f"{coder}-{order[0]}") for coder in order]
        push_and_merge(base / f"hub-{order[0]}", *clones)
        review(clones[0], *RESULTS)
    return base


def test_two_coders_of_one_source_are_merged_by_plain_git_in_both_orders(merged):
    for name in ("passes", "readings"):
        first, second = (
            (merged / folder / f"config/coding/{name}.csv").read_text().splitlines()
            for folder in ("Ann-Ann", "Ben-Ben")
        )
        assert first[0] == second[0] and sorted(first) == sorted(second) and first != second
    passes = read_table(merged / "Ann-Ann/config/coding/passes.csv")
    assert {row["coder"] for row in passes if row["source_id"] == SOURCE} >= set(CODED)


def test_check_and_review_say_the_same_in_both_orders(merged):
    folders = [merged / name for name in ("Ann-Ann", "Ben-Ann", "Ben-Ben", "Ann-Ben")]
    runs = [(folder, call_graylit("-C", folder, "check")) for folder in folders]
    said = [(run.returncode, run.stdout.replace(str(folder), "FOLDER")) for folder, run in runs]
    assert set(said) == {(0, said[0][1])}
    assert read_results(merged / "Ann-Ann") == read_results(merged / "Ben-Ben")
    read = {row["coder"] for row in read_table(merged / "Ann-Ann/data/processed/located_codings.csv")}
    assert read >= set(CODED)


def test_a_third_clone_takes_the_captures_that_one_shares_and_reviews_the_same(merged, tmp_path):
    bundle = merged / "Ann-Ann/results/exchange/captures.warc.gz"
    said = call_graylit("-C", merged / "Ann-Ann", "share")
    assert (said.returncode, bundle.is_file()) == (0, True)
    assert git(merged / "Ann-Ann", "status", "--porcelain") == ""
    third = tmp_path / "third"
    git(tmp_path, "clone", "--quiet", merged / "hub-Ann", third)
    assert collect_archived(third, bundle).returncode == 0
    review(third, *RESULTS)
    assert read_results(third) == read_results(merged / "Ann-Ann")
    texts = [sorted((folder / "data/processed/texts").iterdir()) for folder in (third, merged / "Ann-Ann")]
    assert [path.read_bytes() for path in texts[0]] == [path.read_bytes() for path in texts[1]] != []
    assert git(third, "status", "--porcelain") == ""
