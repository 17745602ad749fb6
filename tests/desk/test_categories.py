"""Categories at the desk: the analysis opens when all sorts are finished, and the form becomes rows."""

import pytest
from sklearn.metrics import adjusted_rand_score

from applications import get, open_desk, post
from conftest import read_table
from graylit.study.checking import read_study
from sorting_desks import NAMES, put_all, sit, sort_all, write_sortable

CATEGORIES = "config/synthesis/categories.csv"


@pytest.fixture
def folder(tmp_path):
    return write_sortable(tmp_path / "study")


def sort_both(folder):
    sort_all(sit(folder, "Ana"), "aabbcc")
    sort_all(sit(folder, "Bo"), "aabbbc")


def group(name, *cards, category_id="", description=""):
    return {"category_id": category_id, "name": name, "description": description, "guideline_ids": list(cards)}


def save(desk, *groups, kind="save"):
    return post(
        desk, "categories/groups", kind=kind, version=get(desk, "categories/analysis")["version"], groups=groups
    )


def rows_of(folder):
    rows = read_table(folder / CATEGORIES) if (folder / CATEGORIES).exists() else []
    return [(row["category_id"], row["name"], row["guideline_ids"], row["status"]) for row in rows]


def test_nothing_is_shown_until_all_sorts_are_finished(folder):
    sort_all(sit(folder, "Ana"), "aabbcc")
    put_all(sit(folder, "Bo"), *((name, "a secret pile") for name in NAMES))
    for name in ("Ana", "Cy"):
        desk = open_desk(folder, name)
        seen = get(desk, "categories/analysis")
        assert (seen["analysis"], seen["can_name"]) == (None, False)
        assert "as soon as all who sort have finished" in seen["waits_for"]
        assert "secret" not in str(seen)
        assert save(desk, group("Water", "G01"))[0] == 422
    assert rows_of(folder) == []


def test_the_analysis_is_live_and_cut_as_asked(folder):
    sort_both(folder)
    desk = open_desk(folder, "Cy")
    analysis = get(desk, "categories/analysis")["analysis"]
    assert (analysis["n_sorters"], analysis["n_cards"], analysis["n_clusters"]) == (2, 6, 2)
    cards = [[card["guideline_id"] for card in one["cards"]] for one in analysis["clusters"]]
    assert cards == [["G01", "G02"], ["G03", "G04", "G05", "G06"]]
    assert analysis["clusters"][1]["piles"] == [
        {"sorter": "Ana", "pile": "pile b", "n": 2},
        {"sorter": "Bo", "pile": "pile b", "n": 3},
    ]
    assert len(analysis["drawing"]["paths"]) == 5
    assert [pair["rand"] for pair in analysis["agreement"]] == [
        pytest.approx(adjusted_rand_score([*"aabbcc"], [*"aabbbc"]))
    ]
    three = get(desk, "categories/analysis?clusters=3")["analysis"]
    assert (three["n_clusters"], len(three["clusters"])) == (3, 3)
    assert get(desk, "categories/analysis?clusters=x")["analysis"]["n_clusters"] == 2


def test_the_form_becomes_rows_and_a_change_one_row(folder):
    sort_both(folder)
    desk = open_desk(folder, "Cy")
    status, answer = save(desk, group("Inlet", "G01", "G02"), group("Outlet", "G03", "G04", "G05", "G06"))
    assert (status, [one["category_id"] for one in answer["groups"]]) == (200, ["K01", "K02"])
    inlet, outlet = answer["groups"]
    assert save(desk, {**inlet, "description": "What keeps leaves out"}, outlet)[0] == 200
    assert save(desk, {**inlet, "description": "What keeps leaves out"}, outlet)[1]["message"] == "Nothing was changed."
    assert [row[:3] for row in rows_of(folder)] == [
        ("K01", "Inlet", "G01; G02"),
        ("K02", "Outlet", "G03; G04; G05; G06"),
        ("K01", "Inlet", "G01; G02"),
    ]
    assert {row["decided_by"] for row in read_table(folder / CATEGORIES)} == {"Cy"}
    assert read_study(folder)[1] == []


def test_a_category_that_is_left_out_is_withdrawn_and_comes_back_by_undo(folder):
    sort_both(folder)
    desk = open_desk(folder, "Cy")
    inlet, outlet = save(desk, group("Inlet", "G01"), group("Outlet", "G02"))[1]["groups"]
    assert save(desk, group("All", "G02"), inlet)[0] == 200
    assert [(row[0], row[3]) for row in rows_of(folder)[2:]] == [("K02", "withdrawn"), ("K03", "active")]
    answer = save(desk, kind="undo")[1]
    assert [one["name"] for one in answer["groups"]] == ["Inlet", "Outlet"]
    assert outlet in answer["groups"]
    assert read_study(folder)[1] == []
    assert save(desk, kind="undo")[1]["groups"] == []
    assert save(desk, kind="undo")[0] == 422


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([group("Inlet", "G01"), group("Outlet", "G01")], "G01 is in two categories"),
        ([group("Inlet", "G09")], "no guideline 'G09' in force"),
        ([group(" ", "G01")], "Give the category with G01 a name"),
        ([group("Inlet")], "Inlet has no guideline"),
        ([group("Inlet", "G01", category_id="K09")], "no category 'K09'"),
        ([{"category_id": 1}], "no decision"),
        ("x", "no decision"),
        ([], "Nothing was changed"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(folder, groups, words):
    sort_both(folder)
    desk = open_desk(folder, "Cy")
    version = get(desk, "categories/analysis")["version"]
    status, answer = post(desk, "categories/groups", kind="save", version=version, groups=groups)
    assert status == 422
    assert words in answer["message"]
    assert rows_of(folder) == []


def test_a_sorter_looks_and_names_nothing(folder):
    sort_both(folder)
    desk = open_desk(folder, "Ana")
    assert get(desk, "categories/analysis")["analysis"]["n_sorters"] == 2
    assert "role of synthesizer" in save(desk, group("Inlet", "G01"))[1]["message"]


def test_another_change_makes_the_form_stale(folder):
    sort_both(folder)
    one, other = open_desk(folder, "Cy"), open_desk(folder, "Cy")
    version = get(one, "categories/analysis")["version"]
    assert save(other, group("Inlet", "G01"))[0] == 200
    assert post(one, "categories/groups", kind="save", version=version, groups=[group("Outlet", "G02")])[0] == 409
    assert len(rows_of(folder)) == 1


def test_nobody_waits_for_a_model_that_was_never_asked(folder):
    with (folder / "config/people.csv").open("a", encoding="utf-8") as table:
        table.write("M1,unknown,sorter,2026-01-01\n")
    sort_both(folder)
    assert get(open_desk(folder, "Cy"), "categories/analysis")["analysis"] is None
    people = read_table(folder / "config/people.csv")
    header = "decider,kind,roles,model,version,settings,prompt_file,prompt_sha256,from,to,decided_at\n"
    of_model = ",".join(["unknown"] * 7)
    lines = [
        f"{row['decider']},{'model' if row['decider'] == 'M1' else row['kind']},{row['roles']},"
        f"{of_model if row['decider'] == 'M1' else ',,,,,,'},{row['decided_at']}\n"
        for row in people
    ]
    (folder / "config/people.csv").write_text(header + "".join(lines), encoding="utf-8")
    assert read_study(folder)[1] == []
    assert get(open_desk(folder, "Cy"), "categories/analysis")["analysis"]["n_sorters"] == 2
