"""Shards: their number, and what changes the digest of one."""

import itertools

import pytest

from graylit.preparation.shards import choose_number, digest_shards, read_number
from graylit.study.checking import require_study
from graylit.study.study import read_captures
from graylit.tables.faults import InputError
from made_rows import capture, write_captures
from tiny_study import replace_once, write_further, write_study

SOURCES = "config/sources.csv"
TWO, THREE = "https://example.org/2", "https://example.org/3"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


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
