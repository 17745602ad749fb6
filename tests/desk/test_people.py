"""Who decides: what the first page asks, what tables prove, and what is refused."""

import pytest

from applications import get, open_desk, post
from conftest import read_table
from desks import list_people
from graylit.study.writing import read_coder
from graylit.tables.faults import InputError
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened

ROWS = "screening_id,candidate_id,screener,round,decision,criterion_id\nA1,H00001,ANNA,1,include,\n"


@pytest.fixture
def folder(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(2))


def test_roles_that_tables_prove_are_chosen_already(folder):
    (folder / "config/people.csv").unlink()
    (folder / SCREENINGS_FILE).write_text(ROWS)
    searches = folder / "config/search/searches.csv"
    searches.write_text(
        searches.read_text().replace("searched_at\n", "searched_at,searched_by\n").replace("02-01", "02-01,DORA")
    )
    asked = get(open_desk(folder, "ANNA"), "people")["asked"]
    assert {one["decider"]: one["roles"] for one in asked} == {"ANNA": ["screener"], "DORA": ["searcher"]}


def test_nobody_saves_themselves_without_a_role(folder):
    (folder / "config/people.csv").unlink()
    desk = open_desk(folder, "EVE")
    asked = get(desk, "people")
    status, answer = post(
        desk, "people", version=asked["version"], rows=[{"decider": "EVE", "kind": "person", "roles": ""}]
    )
    assert (status, "no role" in answer["message"]) == (422, True)
    assert not (folder / "config/people.csv").exists()


def test_somebody_listed_without_a_role_is_told_so(folder):
    list_people(folder, EVE="")
    assert get(open_desk(folder, "EVE"), "left")["has_role"] is False
    list_people(folder, EVE="screener")
    assert get(open_desk(folder, "EVE"), "left")["has_role"] is True


def test_only_those_whose_row_was_changed_get_a_new_one(folder):
    list_people(folder, ANNA="screener", EVE="coder")
    desk = open_desk(folder, "EVE")
    asked = get(desk, "people")
    rows = [{**one, "roles": "coder; settler" if one["decider"] == "EVE" else one["roles"]} for one in asked["listed"]]
    assert post(desk, "people", version=asked["version"], rows=rows)[1]["names"] == ["EVE"]
    assert [row["decider"] for row in read_table(folder / "config/people.csv")] == ["ANNA", "EVE", "EVE"]


def test_a_name_like_another_is_refused_with_each_known_name_once():
    with pytest.raises(InputError, match="expected one of ANNA, Ben, or a new name"):
        read_coder("BEN", ["ANNA", "Ben", "ANNA", "Ben"])
