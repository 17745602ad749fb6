"""The screening page of a study that ranks: what comes next is learnt from the screener's own rows, and is replayed."""

import json

import pytest

from applications import decide_at, get, open_desk, post
from graylit.commands.verify import verify_orders
from screening_desks import SCREENINGS_FILE, list_candidates, read_screenings, write_screened

N, LONG_S = 24, 600  # a busy machine takes a minute to import what learns
WORDS = ("meshes keep mosquitoes out of barrels", "interest rates of the bank rose")
OTHERS = "screening_id,candidate_id,screener,round,decision,criterion_id\n" + "".join(
    f"BEN-s{n},H{n:05d},BEN,1,exclude,E1\n" for n in range(1, N, 2)
)


def make_study(folder, others=""):
    rows = [row | {"title": f"{WORDS[n % 2]} {n}"} for n, row in enumerate(list_candidates(N))]
    study = write_screened(folder, rows)
    with (study / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write("\nscreening: {rank: true}\nstopping: {recall: 0.8, confidence: 0.9}\n")
    if others:
        (study / SCREENINGS_FILE).write_text(others, encoding="utf-8")
    return study


def find_showing(desk):
    return next(task for task in desk.tasks if task.name == "screen").page.order.showing


def screen(desk, n):
    """Decide on the next candidates, each once the model has learnt: what is about barrels is included."""
    answers = []
    for _ in range(n):
        assert find_showing(desk).await_order(LONG_S)
        one = get(desk, "screen/next")["candidate"]
        is_in = one["title"].startswith(WORDS[0])
        more = {"kind": "include"} if is_in else {"kind": "exclude", "criterion_id": "E1"}
        answers.append(decide_at(desk, "screen", one, **more))
    return answers


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path / "study")


def test_each_row_keeps_how_its_candidate_was_shown_and_the_orders_can_be_replayed(study):
    screen(open_desk(study, "ANNA"), 8)
    rows = read_screenings(study)
    assert [row["shown"] for row in rows] == ["listed"] * 2 + ["ranked"] * 6
    assert [row["decision"] for row in rows[2:]] == ["include"] * 6
    assert verify_orders(study) == ("8 ranks of the screening made again", [])


def test_undone_and_changed_decisions_keep_the_orders_after_them_replayable(study):
    desk = open_desk(study, "ANNA")
    screen(desk, 5)
    decide_at(desk, "screen", get(desk, "screen/next")["undo"], "undo")
    decide_at(desk, "screen", get(desk, "screen/candidates/H00001")["candidate"], "unsure")
    screen(desk, 4)
    assert verify_orders(study) == ("10 ranks of the screening made again", [])


def test_a_sample_is_drawn_and_gives_the_estimate_and_the_rule(study):
    desk = open_desk(study, "ANNA")
    before = get(desk, "screen/progress")
    assert (before["estimate"], before["can_draw"], before["rule"]["holds"]) == (None, False, False)
    screen(desk, 13)
    assert post(desk, "screen/order", kind="draw")[0] == 200
    assert get(desk, "screen/progress")["is_drawing"]
    screen(desk, 9)
    progress = get(desk, "screen/progress")
    assert progress["sample"] == {"n_left": 11, "n_drawn": 9, "n_found": 0}
    assert progress["estimate"]["value"] == 1
    assert progress["rule"]["holds"]
    assert {row["shown"] for row in read_screenings(study)[13:]} == {"drawn"}
    assert post(desk, "screen/order", kind="rank")[0] == 200
    assert not get(desk, "screen/progress")["is_drawing"]
    assert verify_orders(study)[1] == []


def test_only_the_two_orders_can_be_asked_for(study):
    status, answer = post(open_desk(study, "ANNA"), "screen/order", kind="shuffle")
    assert (status, "ranked, or drawn at random" in answer["message"]) == (422, True)


def test_a_study_that_does_not_rank_shows_candidates_as_they_are_listed(tmp_path):
    study = write_screened(tmp_path / "study", list_candidates(3))
    desk = open_desk(study, "ANNA")
    assert post(desk, "screen/order", kind="draw")[0] == 422
    assert not get(desk, "screen/study")["is_ranked"]
    decide_at(desk, "screen", get(desk, "screen/next")["candidate"], "include")
    assert [(row["shown"], row.get("rank", "")) for row in read_screenings(study)] == [("listed", "")]


def test_nothing_that_others_decided_shows_in_the_order_or_the_estimate(tmp_path):
    blind, beside = (open_desk(make_study(tmp_path / name, rows), "ANNA") for name, rows in (("a", ""), ("b", OTHERS)))
    for number in (6, 4):
        assert json.dumps(screen(blind, number), default=str) == json.dumps(screen(beside, number), default=str)
        assert get(blind, "screen/progress") == get(beside, "screen/progress")
        for desk in (blind, beside):
            post(desk, "screen/order", kind="draw")
