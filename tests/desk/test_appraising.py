"""Appraising at the desk: rows on disk at once, corrected and undone by rows, blind to others, settled in the end."""

import json

import pytest

from conftest import read_table
from desks import Clock, list_people, serve_page, write_readable
from graylit.desk.appraising.settling import open_settling_scores
from graylit.desk.appraising.task import open_appraising
from graylit.desk.tasks import DecisionError, StaleError, Visit
from graylit.study.checking import read_study, require_study
from graylit.study.remarks import list_remarks

QUALITY = "config/quality.csv"
OWN = """\
item,area,question,scores,is_turned
K1,rigour,Is it sound?,2 = yes; 1 = partly; 0 = no,
K2,rigour,Is it an advertisement?,1 = yes; 0 = no,yes
"""
SOURCES = ("S001", "S002", "S003")


@pytest.fixture
def folder(tmp_path):
    folder = write_readable(tmp_path / "study")
    (folder / "config/checklist.csv").write_text(OWN)
    list_people(folder, Ana="appraiser; settler", Bo="appraiser; settler", Cy="settler", A="coder", B="coder")
    return folder


def visit(folder, person, clock=None):
    return Visit(folder, person, clock or Clock())


def appraise(folder, person, clock=None):
    return open_appraising(visit(folder, person, clock), require_study(folder))


def settle(folder, person, clock=None):
    return open_settling_scores(visit(folder, person, clock), require_study(folder))


def score(task, source_id, item, score, note="", kind="score"):
    version = task.describe_scores(source_id)["version"]
    asked = {"version": version, "kind": kind, "item": item, "score": score, "note": note}
    return task.decide(source_id, asked)


def undo(task, source_id):
    return task.decide(source_id, {"version": task.describe_scores(source_id)["version"], "kind": "undo"})


def score_all(task, **changed):
    """Score every source, K1 by 2 and K2 by 0, but for what is said otherwise, such as S001_K1="0"."""
    for source_id in SOURCES:
        for item, usual in (("K1", "2"), ("K2", "0")):
            if given := changed.get(f"{source_id}_{item}", usual):
                score(task, source_id, item, given)


def rows_of(folder):
    rows = read_table(folder / QUALITY) if (folder / QUALITY).exists() else []
    return [(row["source_id"], row["appraiser"], row["item"], row["score"], row["note"]) for row in rows]


def test_a_score_is_a_row_that_is_on_disk(folder):
    task = appraise(folder, "Ana")
    assert score(task, "S001", "K1", "1", "no data") == "K1"
    assert rows_of(folder) == [("S001", "Ana", "K1", "1", "no data")]
    assert task.describe_scores("S001")["given"] == {"K1": {"score": "1", "note": "no data"}}
    assert read_study(folder)[1] == []


def test_a_correction_and_each_undo_are_rows(folder):
    task = appraise(folder, "Ana")
    score(task, "S001", "K1", "1", "first")
    score(task, "S001", "K1", "2", "second")
    undo(task, "S001")
    assert task.describe_scores("S001")["given"]["K1"] == {"score": "1", "note": "first"}
    undo(task, "S001")
    assert task.describe_scores("S001")["given"] == {}
    assert [row[3] for row in rows_of(folder)] == ["1", "2", "1", ""]
    with pytest.raises(DecisionError, match="Nothing was decided here"):
        undo(task, "S001")
    assert read_study(folder)[1] == []


def test_two_scores_of_one_question_in_one_second_have_times_of_their_own(folder):
    clock = Clock()
    times = iter(["2026-03-01T10:00:00Z"] * 3 + ["2026-03-01T10:00:01Z"] * 2)
    task = appraise(folder, "Ana", lambda: next(times, clock()))
    score(task, "S001", "K1", "1")
    score(task, "S001", "K1", "2")
    assert [row["appraised_at"][-3:] for row in read_table(folder / QUALITY)] == ["00Z", "01Z"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"item": "K9", "score": "1"}, "no question 'K9'"),
        ({"item": "K2", "score": "2"}, "'2' is no score of K2"),
        ({"item": "K1", "score": "1", "kind": "give"}, "no decision"),
        ({"item": "K1"}, "'' is no score"),
    ],
)
def test_what_is_no_score_is_refused_and_nothing_is_written(folder, asked, said):
    task = appraise(folder, "Ana")
    with pytest.raises(DecisionError, match=said):
        task.decide("S001", {"kind": "score", "version": task.describe_scores("S001")["version"]} | asked)
    with pytest.raises(DecisionError, match="no source 'S9'"):
        task.decide("S9", {"kind": "score", "version": ""} | asked)
    assert rows_of(folder) == []


def test_a_decision_on_scores_or_a_checklist_that_have_changed_is_refused(folder):
    task, other_tab = appraise(folder, "Ana"), appraise(folder, "Ana")
    seen = task.describe_scores("S001")["version"]
    score(other_tab, "S001", "K1", "1")
    with pytest.raises(StaleError):
        task.decide("S001", {"version": seen, "kind": "score", "item": "K1", "score": "2"})
    seen = task.describe_scores("S001")["version"]
    (folder / "config/checklist.csv").write_text(OWN.replace("Is it sound?", "Is it bold?"))
    with pytest.raises(StaleError):
        task.decide("S001", {"version": seen, "kind": "score", "item": "K1", "score": "2"})


def test_what_is_left_counts_whole_sources(folder):
    task = appraise(folder, "Ana")
    assert (task.count_left().n_left, task.count_left().last_at) == (3, "")
    score(task, "S001", "K1", "1")
    assert task.count_left().n_left == 3
    score(task, "S001", "K2", "1")
    assert (task.count_left().n_left, task.count_left().n_done, bool(task.count_left().last_at)) == (2, 1, True)


def everything_told(folder, person):
    """Return all that the desk tells a person of appraisals: both tasks, their counts, every source."""
    own, settling = appraise(folder, person), settle(folder, person)
    told = [own.describe_study(), own.count_left(), own.list_lines(), settling.describe_all(), settling.count_left()]
    return [*told, settling.list_lines(), *(own.describe_source(source_id) for source_id in SOURCES)]


@pytest.mark.parametrize("ana", ["nothing", "something", "everything"])
@pytest.mark.parametrize("bo", ["something", "everything but one", "everything"])
def test_nothing_told_an_appraiser_depends_on_the_other_until_both_are_through(folder, ana, bo):
    mine = appraise(folder, "Ana")
    if ana == "everything":
        score_all(mine)
    elif ana == "something":
        score(mine, "S002", "K1", "2", "mine")
    before, theirs = everything_told(folder, "Ana"), appraise(folder, "Bo")
    if bo == "something":
        score(theirs, "S001", "K1", "0", "secret of Bo")
    elif bo == "everything":
        score_all(theirs, S001_K1="0")
    else:
        score_all(theirs, S001_K1="0", S003_K2="")
    is_open = (ana, bo) == ("everything", "everything")
    assert (everything_told(folder, "Ana") == before) == (not is_open)
    n_seen = {"nothing": 0, "something": 0, "everything": 1}[ana] if bo != "something" else 0
    assert (
        len(settle(folder, "Cy").describe_all()["places"]) == n_seen
    )  # who appraises nothing may see each that is through


def test_differences_are_settled_by_rows_that_name_whose_scores_they_settle(folder):
    clock = Clock()
    score_all(appraise(folder, "Ana", clock), S001_K1="0", S003_K2="1")
    score_all(appraise(folder, "Bo", clock))
    task = settle(folder, "Cy", clock)
    first, second = task.describe_all()["places"]
    assert [(one["source_id"], one["item"]) for one in (first, second)] == [("S001", "K1"), ("S003", "K2")]
    assert [(side["appraiser"], side["score"]) for side in first["sides"]] == [("Ana", "0"), ("Bo", "2")]
    asked = {"kind": "settle", "source_id": "S001", "item": "K1", "score": "1", "note": "between"}
    after = task.decide(asked | {"version": first["version"]})
    assert after["settled"] == {"score": "1", "note": "between"}
    row = read_table(folder / QUALITY)[-1]
    assert (row["appraiser"], row["score"], row["settles_scores_of"]) == ("Cy", "1", "Ana; Bo")
    assert (task.count_left().n_left, task.count_left().n_done) == (1, 1)
    with pytest.raises(StaleError):
        task.decide(asked | {"score": "2", "version": first["version"]})
    again = task.decide(asked | {"kind": "undo", "version": after["version"]})
    assert (again["settled"], task.count_left().n_left) == (None, 2)
    with pytest.raises(DecisionError, match="nobody differs"):
        task.decide(asked | {"source_id": "S002", "version": ""})
    study, faults = read_study(folder)
    assert faults == []
    problems = [remark.problem for remark in list_remarks(study, folder) if remark.file == QUALITY]
    assert problems == ["2 scores differ and nobody has settled them: S001 K1, S003 K2"]


def test_once_all_are_through_an_appraiser_changes_nothing_any_more(folder):
    mine = appraise(folder, "Ana")
    score_all(mine)
    score(mine, "S001", "K1", "1")  # nobody else is through
    score_all(appraise(folder, "Bo"))
    for kind in ("score", "undo"):
        with pytest.raises(DecisionError, match="settle instead"):
            score(mine, "S001", "K1", "2", kind=kind)


def test_the_tasks_are_theirs_who_have_the_roles(folder):
    assert (appraise(folder, "Cy"), settle(folder, "B"), appraise(folder, "B")) == (None, None, None)
    list_people(folder, Ana="coder", Cy="settler", A="coder", B="coder")
    assert settle(folder, "Cy") is None  # nobody appraises anything


def test_the_desk_serves_both_tasks_behind_its_guards(folder):
    with serve_page(folder, "Ana") as server:
        left = json.loads(server.turn_to("").ask("left")[2])
        assert [task["name"] for task in left["tasks"]] == ["appraise", "settle-scores"]
        desk = server.turn_to("appraise")
        scores = json.loads(desk.ask("sources/S001")[2])["scores"]
        decision = {"kind": "score", "item": "K1", "score": "2", "version": scores["version"]}
        assert desk.send("sources/S001", decision)[0] == 403
        assert desk.send("sources/S001", decision, Origin=desk.origin)[0] == 200
        assert desk.send("sources/S001", decision, Origin=desk.origin)[0] == 409
        assert desk.send("sources/S001", {"kind": ["score"]}, Origin=desk.origin)[0] == 422
        assert server.turn_to("settle-scores").send("places", {"item": "K1"}, Origin=desk.origin)[0] == 422
        for page in ("appraise", "settle-scores"):
            assert server.turn_to(page).ask("")[0] == 200
    assert rows_of(folder) == [("S001", "Ana", "K1", "2", "")]
