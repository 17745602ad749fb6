"""No answer to a screener differs in a byte by what another one decided, until all of them are through."""

import pytest

from applications import TOKEN, ask, decide_at, get, list_told, open_desk
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened

N = 6
HEADER = "screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles,replaces\n"
# What BEN and others may have decided: much, little, other rounds, settlements, rows taken back.
OTHERS = {
    "all": "".join(f"BEN-s{i},H0000{i},BEN,1,include,,word,2026-02-01,,\n" for i in range(1, N)),
    "unsure": "BEN-s1,H00001,BEN,1,unsure,,a secret word,2026-02-01,,\nBEN-s2,H00004,BEN,1,exclude,E1,,2026-02-01,,\n",
    "taken back": "BEN-s1,H00001,BEN,1,include,,,2026-02-01,,\nBEN-s2,H00001,BEN,1,,,,2026-02-01,,BEN-s1\n",
    "another round": "BEN-s1,H00002,BEN,2,exclude,E2,,2026-02-01,,\n",
    "settled": "BEN-s1,H00001,BEN,1,include,,,2026-02-01,,\nC-s1,H00001,CLEO,1,exclude,E1,why,2026-02-01,BEN-s1,\n",
}


def make_desk(folder, others=""):
    rows = [row | {"duplicate_of": "H00006" if row["candidate_id"] == "H00005" else ""} for row in list_candidates(N)]
    study = write_screened(folder, rows, ANNA="screener; settler", BEN="screener", CLEO="settler")
    (study / SCREENINGS_FILE).write_text(HEADER + others, encoding="utf-8")
    return open_desk(study, "ANNA")


def read_everything(desk):
    """Return every answer that a desk gives to GET, headers included."""
    found = {}
    for path in list_told(desk):
        answer = ask(desk, "GET", path, origin="")
        found[path] = (answer.status, answer.headers, answer.body)
    return found


def work(desk):
    """Yield every answer while a screener decides, changes her mind and undoes."""
    yield read_everything(desk)
    for kind, more in [("include", {}), ("exclude", {"criterion_id": "E1"}), ("unsure", {"note": "hm"})]:
        yield decide_at(desk, "screen", get(desk, "screen/next")["candidate"], kind, **more)
        yield read_everything(desk)
    yield decide_at(desk, "screen", get(desk, "screen/next")["undo"], "undo")
    yield decide_at(desk, "screen", get(desk, "screen/candidates/H00001")["candidate"], "unsure")
    yield decide_at(desk, "settle", {"candidate_id": "H00001", "version": "x"}, "include")
    yield decide_at(desk, "screen", {"candidate_id": "H00002", "version": "stale"}, "include")
    yield read_everything(desk)
    yield [line for task in desk.tasks for line in task.list_lines()]


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_no_answer_differs_by_what_others_decided(tmp_path, others):
    blind, beside = make_desk(tmp_path / "blind"), make_desk(tmp_path / "beside", others)
    for number, (answer, other) in enumerate(zip(work(blind), work(beside), strict=True)):
        assert answer == other, number


def test_what_is_settled_is_shown_as_soon_as_all_are_through(tmp_path):
    desk = make_desk(tmp_path / "study", "BEN-s1,H00001,BEN,1,exclude,E1,a secret word,2026-02-01,,\n")
    while (seen := get(desk, "screen/next"))["candidate"]:
        refused = ask(desk, "GET", f"/{TOKEN}/settle/next", origin="")
        assert (refused.status, b"you do not see what others decided" in refused.body) == (422, True)
        decide_at(desk, "screen", seen["candidate"], "include")
    assert ask(desk, "GET", f"/{TOKEN}/settle/next", origin="").status == 422
    assert get(desk, "screen/next")["undo"] is not None
    ben = open_desk(desk.visit.folder, "BEN")
    while (seen := get(ben, "screen/next"))["candidate"]:
        decide_at(ben, "screen", seen["candidate"], "include")
    (one,) = [get(desk, "settle/next")["candidate"]]
    assert {side["reason"] for side in one["sides"]} == {"", "a secret word"}
    assert get(desk, "screen/next")["undo"] is None  # she has seen what others decided
    status, answer = decide_at(desk, "screen", get(desk, "screen/candidates/H00001")["candidate"], "unsure")
    assert (status, "a settlement now" in answer["message"]) == (422, True)
