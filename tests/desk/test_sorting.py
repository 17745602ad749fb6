"""Sorting at the desk: moves are rows on disk, undone by rows; a sort counts once it is finished; all blind."""

import json

import pytest

from applications import ask, get, list_told, open_desk
from desks import Clock
from graylit.desk.opening import OPENERS
from graylit.desk.sorting.task import open_sorting
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.checking import read_study, require_study
from graylit.study.remarks import list_remarks
from sorting_desks import NAMES, SORTS, act, key_of, put_all, rows_of, sit, sort_all, statuses_of, write_sortable


@pytest.fixture
def folder(tmp_path):
    return write_sortable(tmp_path / "study")


def remarks_of(folder):
    study, faults = read_study(folder)
    assert faults == []
    return [str(one) for one in list_remarks(study, folder) if "sort" in str(one)]


def test_the_task_is_one_of_the_desk(folder):
    assert open_sorting in OPENERS
    assert [task.name for task in open_desk(folder, "Ana").tasks] == ["sort", "categories"]


def test_a_move_is_a_row_on_disk_and_the_first_one_begins_the_session(folder):
    task = sit(folder, "Ana")
    state = put_all(task, ("Lid on", "Inlet"), ("Mesh first", "Inlet"))
    assert rows_of(folder) == [("Ana", "G02", "Inlet"), ("Ana", "G01", "Inlet")]
    assert statuses_of(folder) == [("Ana", "begun")]
    assert [(pile["name"], len(pile["cards"])) for pile in state["piles"]] == [("Inlet", 2)]
    assert read_study(folder)[1] == []
    assert "has not finished the card sort, 4 cards left" in remarks_of(folder)[0]


def test_a_card_that_is_moved_or_taken_back_is_a_later_row(folder):
    task = sit(folder, "Ana")
    put_all(task, ("Lid on", "Inlet"), ("Lid on", "Outlet"), ("Lid on", ""))
    assert rows_of(folder) == [("Ana", "G02", "Inlet"), ("Ana", "G02", "Outlet"), ("Ana", "G02", "")]
    assert sit(folder, "Ana").describe()["piles"] == []
    assert read_study(folder)[1] == []


def test_two_moves_of_a_card_within_a_second_have_two_times(folder):
    times = iter(["2026-03-01T10:00:00Z"] * 5 + ["2026-03-01T10:00:01Z"] * 3)
    task = sit(folder, "Ana", lambda: next(times))
    put_all(task, ("Lid on", "Inlet"), ("Lid on", "Outlet"))
    assert len(rows_of(folder)) == 2
    assert read_study(folder)[1] == []


def test_piles_are_renamed_and_merged_by_rows_of_their_cards(folder):
    task = sit(folder, "Ana")
    put_all(task, ("Lid on", "Water"), ("Mesh first", "Water"), ("Slow tap", "Out"))
    act(task, "rename", pile="Water", name="water")
    state = act(task, "merge", pile="Out", into="water")
    assert [(pile["name"], len(pile["cards"])) for pile in state["piles"]] == [("water", 3)]
    assert read_study(folder)[1] == []  # the old name differs in its case only, and stands in rows that are replaced


def test_a_name_that_looks_like_that_of_a_pile_is_that_pile(folder):
    task = sit(folder, "Ana")
    state = put_all(task, ("Lid on", "Water"), ("Mesh first", " water "))
    assert [pile["name"] for pile in state["piles"]] == ["Water"]
    put_all(task, ("Slow tap", "Out"))
    with pytest.raises(DecisionError, match="There is a pile 'Water' already"):
        act(task, "rename", pile="Out", name="WATER")


@pytest.mark.parametrize("undone", ["put", "rename", "merge"])
def test_each_decision_is_undone_by_rows(folder, undone):
    task = sit(folder, "Ana")
    before = put_all(task, ("Lid on", "In"), ("Mesh first", "In"), ("Slow tap", "Out"))
    asked = {"put": {"card": key_of(before, "Lid on"), "pile": "Out"}, "rename": {"pile": "In", "name": "Inlet"},
             "merge": {"pile": "In", "into": "Out"}}[undone]  # fmt: skip
    assert act(task, undone, **asked)["piles"] != before["piles"]
    after = act(task, "undo")
    names = [sorted((pile["name"], sorted(pile["cards"])) for pile in state["piles"]) for state in (before, after)]
    assert names[0] == names[1]
    while task.describe()["can_undo"]:
        act(task, "undo")
    assert task.describe()["piles"] == []
    with pytest.raises(DecisionError, match="Nothing was decided here"):
        act(task, "undo")
    assert read_study(folder)[1] == []


def test_a_sort_is_finished_when_the_sorter_says_so_and_not_before(folder):
    task = sit(folder, "Ana")
    assert (task.count_left().n_left, task.count_left().n_done) == (7, 0)
    with pytest.raises(DecisionError, match="6 of 6 cards lie on no pile yet"):
        act(task, "finish")
    put_all(task, *((name, "unnamed 1") for name in NAMES))
    with pytest.raises(DecisionError, match="Give each pile a name first: unnamed 1"):
        act(task, "finish")
    act(task, "rename", pile="unnamed 1", name="Everything")
    assert task.count_left().n_left == 1
    assert act(task, "finish", note="easy")["is_finished"]
    assert (task.count_left().n_left, task.count_left().n_done) == (0, 7)
    assert statuses_of(folder) == [("Ana", "begun"), ("Ana", "finished")]
    with pytest.raises(DecisionError, match="You said that you have finished"):
        act(task, "put", card=key_of(task.describe(), "Lid on"), pile="Else")
    assert not act(task, "reopen")["is_finished"]
    assert statuses_of(folder)[-1] == ("Ana", "begun")
    assert read_study(folder)[1] == []


def test_once_all_have_finished_no_sort_is_changed(folder):
    ana, bo = sit(folder, "Ana"), sit(folder, "Bo")
    sort_all(ana, "aabbcc")
    sort_all(bo, "abbbcc")
    with pytest.raises(DecisionError, match="All who sort have finished"):
        act(ana, "reopen")
    assert remarks_of(folder) == []


def test_what_was_shown_before_another_tab_decided_is_stale(folder):
    task, other = sit(folder, "Ana"), sit(folder, "Ana")
    version = task.describe()["version"]
    put_all(other, ("Lid on", "Inlet"))
    with pytest.raises(StaleError):
        task.sorter.decide(
            {"kind": "put", "version": version, "card": key_of(task.describe(), "Slow tap"), "pile": "x"}
        )
    assert len(rows_of(folder)) == 1


@pytest.mark.parametrize("pile", ["=1+1", "x" * 101, "\u200b", "   "])
def test_a_name_that_no_pile_can_have_is_refused_or_made_harmless(folder, pile):
    task = sit(folder, "Ana")
    try:
        put_all(task, ("Lid on", pile))
    except DecisionError:
        assert rows_of(folder) == []
    else:
        assert rows_of(folder) == [("Ana", "G02", "'=1+1")]
    assert read_study(folder)[1] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "put", "card": "x", "pile": "y"},
        {"kind": "put"},
        {"kind": "rename", "pile": "x", "name": "y"},
        {"kind": "merge", "pile": "x", "into": "x"},
        {"kind": "reopen"},
        {"kind": "guess"},
    ],
)
def test_what_is_no_decision_is_refused(folder, asked):
    task = sit(folder, "Ana")
    with pytest.raises(DecisionError):
        act(task, asked.pop("kind"), **asked)
    assert rows_of(folder) == []


def test_a_closed_sort_has_the_piles_of_the_config(tmp_path):
    folder = write_sortable(tmp_path / "study", is_closed=True)
    task = sit(folder, "Ana")
    assert [pile["name"] for pile in task.describe()["piles"]] == ["Inlet", "Outlet", "Elsewhere"]
    with pytest.raises(DecisionError, match="The piles of this sort are given"):
        put_all(task, ("Lid on", "Water"))
    put_all(task, ("Lid on", "Inlet"))
    for kind, asked in [("rename", {"pile": "Inlet", "name": "In"}), ("merge", {"pile": "Inlet", "into": "Outlet"})]:
        with pytest.raises(DecisionError, match="The piles of this sort are given"):
            act(task, kind, **asked)
    assert rows_of(folder) == [("Ana", "G02", "Inlet")]


def test_no_id_is_shown_and_each_sorter_has_an_order_of_their_own(folder):
    ana, bo = (sit(folder, name).describe()["cards"] for name in ("Ana", "Bo"))
    assert "G0" not in json.dumps(ana)
    assert sorted(card["name"] for card in ana) == sorted(NAMES)
    assert [card["name"] for card in ana] != [card["name"] for card in bo]
    assert ana == sit(folder, "Ana", Clock()).describe()["cards"]


def test_a_guideline_that_comes_later_is_one_more_card_and_moves_none_of_the_others(folder):
    task = sit(folder, "Ana")
    sort_all(task, "aabbcc")
    before = [card["name"] for card in task.describe()["cards"]]
    with (folder / "config/synthesis/guidelines.csv").open("a", encoding="utf-8") as table:
        table.write("G07,Later,A seventh.,T01,C01\n")
    state = task.describe()
    assert [card["name"] for card in state["cards"] if card["name"] != "Later"] == before
    assert task.count_left().n_left == 2
    assert "has not sorted G07" in remarks_of(folder)[0]


def test_nothing_is_awaited_of_somebody_who_took_all_cards_back(folder):
    taken_back = "".join(f"Bo,G0{number},pile,2026-02-01\nBo,G0{number},,2026-02-02\n" for number in range(1, 7))
    (folder / SORTS).write_text("sorter,guideline_id,pile,sorted_at\n" + taken_back, encoding="utf-8")
    assert not remarks_of(folder)


OTHERS = {
    "a whole sort": "".join(f"Bo,G0{number},secret pile,2026-02-01\n" for number in range(1, 7)),
    "some cards": "Bo,G01,secret pile,2026-02-01\nBo,G01,,2026-02-02\n",
}


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_no_answer_differs_by_what_another_sorter_did(tmp_path, others):
    desks = []
    for name, rows in (("blind", ""), ("beside", others)):
        folder = write_sortable(tmp_path / name)
        (folder / SORTS).write_text(f"sorter,guideline_id,pile,sorted_at\n{rows}", encoding="utf-8")
        desks.append(open_desk(folder, "Ana"))
    for step in range(4):
        seen = [[ask(desk, "GET", path, origin="").body for path in list_told(desk)] for desk in desks]
        assert seen[0] == seen[1], step
        for desk in desks:
            act(desk.tasks[0], "put", card=get(desk, "sort/state")["cards"][step]["key"], pile=f"pile {step % 2}")


def test_a_sort_that_was_typed_is_changed_only_once_it_is_begun(folder):
    typed = "".join(f"Ana,G0{number},old pile\n" for number in range(1, 7))
    (folder / SORTS).write_text(f"sorter,guideline_id,pile\n{typed}", encoding="utf-8")
    task = sit(folder, "Ana")
    assert task.count_left().n_left == 0
    put_all(task, ("Lid on", "new pile"))
    assert (task.count_left().n_left, statuses_of(folder)) == (1, [("Ana", "begun")])
    assert require_study(folder).card_sorts.cells[-1]["pile"] == "new pile"
