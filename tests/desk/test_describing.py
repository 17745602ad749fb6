"""Describing sources at the desk: filled in where they stand, undone, and refused if a cell cannot be so."""

import pytest

from applications import get, open_desk, post
from conftest import read_table
from desks import assert_no_fault, list_people
from sorting_desks import write_sortable
from tiny_study import replace_once

SOURCES = "config/sources.csv"


@pytest.fixture
def folder(tmp_path):
    folder = write_sortable(tmp_path / "study", Ana="searcher", Bo="coder")
    replace_once(folder, SOURCES, "Choosing a barrel,Ann Brook,blog-post", "Choosing a barrel,not stated,not stated")
    return folder


def cells_of(desk, source_id="S001"):
    told = get(desk, "describe/sources")
    return next(one["cells"] for one in told["sources"] if one["source_id"] == source_id)


def save(desk, source_id="S001", **cells):
    told = get(desk, "describe/sources")
    asked = {"kind": "save", "source_id": source_id, "version": told["version"]} | cells_of(desk, source_id) | cells
    return post(desk, "describe/sources", **asked)


def row_of(folder, source_id="S001"):
    return next(row for row in read_table(folder / SOURCES) if row["source_id"] == source_id)


def test_what_no_search_said_is_filled_in_and_undone(folder):
    desk = open_desk(folder, "Ana")
    before = (folder / SOURCES).read_bytes()
    assert get(desk, "left")["tasks"][0] | {"last_at": ""} == {
        **{"name": "describe", "title": "Describe sources", "things": "sources", "n_left": 1, "n_done": 2},
        **{"last_at": "", "since": "", "waits_for": ""},
    }
    assert save(desk, publisher="Ann Brook", source_type="blog-post", region="south")[0] == 200
    row = row_of(folder)
    assert (row["publisher"], row["source_type"], row["region"]) == ("Ann Brook", "blog-post", "south")
    assert get(desk, "left")["tasks"][0]["n_left"] == 0
    assert_no_fault(folder)
    version = get(desk, "describe/sources")["version"]
    assert post(desk, "describe/sources", kind="undo", version=version)[0] == 200
    assert (folder / SOURCES).read_bytes() == before


def test_a_name_that_looks_like_that_of_another_source_is_that_one_and_ones_own_may_be_corrected(folder):
    desk = open_desk(folder, "Ana")
    assert save(desk, publisher="garden  club", source_type="Blog-Post")[0] == 200
    assert (row_of(folder)["publisher"], row_of(folder)["source_type"]) == ("Garden Club", "blog-post")
    assert save(desk, "S002", publisher="Brook & sons")[0] == 200
    assert row_of(folder, "S002")["publisher"] == "Brook & sons"
    assert_no_fault(folder)


def test_unknown_says_something_and_an_empty_cell_does_not(folder):
    desk = open_desk(folder, "Ana")
    assert save(desk, publisher="", source_type="blog-post")[0] == 200
    assert row_of(folder)["publisher"] == "not stated"
    assert get(desk, "left")["tasks"][0]["n_left"] == 1
    assert save(desk, publisher="unknown")[0] == 200
    assert get(desk, "left")["tasks"][0]["n_left"] == 0


@pytest.mark.parametrize(
    ("cells", "words"),
    [({"published": "last year"}, "published"), ({"title": ""}, "title"), ({}, "Nothing was changed")],
)
def test_what_cannot_be_is_refused_and_writes_nothing(folder, cells, words):
    desk = open_desk(folder, "Ana")
    before = (folder / SOURCES).read_bytes()
    status, answer = save(desk, **cells)
    assert status == 422
    assert words in answer["message"]
    assert (folder / SOURCES).read_bytes() == before


def test_another_change_makes_the_form_stale(folder):
    desk, other = open_desk(folder, "Ana"), open_desk(folder, "Ana")
    version = get(desk, "describe/sources")["version"]
    assert save(other, publisher="Ann Brook")[0] == 200
    asked = {"kind": "save", "source_id": "S001", "version": version, "publisher": "Somebody"}
    assert post(desk, "describe/sources", **asked)[0] == 409
    assert row_of(folder)["publisher"] == "Ann Brook"


def test_only_a_searcher_has_the_task(folder):
    assert "describe" not in [task.name for task in open_desk(folder, "Bo").tasks]
    list_people(folder, Ana="coder", A="coder", B="coder")
    assert "describe" not in [task.name for task in open_desk(folder, "Ana").tasks]
