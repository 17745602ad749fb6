"""Who is left: what is open by stage and person, as far as those who decide blind may know it."""

import json
import threading

import pytest

from applications import decide_at, get, open_desk
from desks import Clock, list_people, write_readable
from graylit.desk.remaining import Open, list_remaining, list_stages, tell_open
from graylit.study.checking import require_screened
from running import call_graylit
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened
from sorting_desks import put_all, sit, sort_all, write_sortable

HEADER = "screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles,replaces\n"
BEN = "".join(f"BEN-s{i},H0000{i},BEN,1,exclude,E1,a secret word,2026-02-0{i},,\n" for i in (1, 2))
PARTED = (("ANNA", "include,"), ("BEN", "exclude,E1"))
RANKED = "screening:\n  rank: true\n"


@pytest.fixture
def screened(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(3))


def remaining(folder, but=""):
    found = list_remaining(folder, require_screened(folder), Clock(), but)
    return [(one.stage, one.person, one.name, one.n_left, one.n_done) for one in found]


def write_screenings(folder, rows):
    (folder / SCREENINGS_FILE).write_text(HEADER + rows, encoding="utf-8")


def test_each_person_has_what_is_left_and_settling_is_not_told_while_somebody_is_blind(screened):
    write_screenings(screened, BEN)
    assert remaining(screened) == [
        ("screening", "ANNA", "screen", 3, 0),
        ("screening", "BEN", "screen", 1, 2),
        ("screening", "CLEO", "settle", None, None),
    ]


def test_once_nobody_is_blind_any_more_all_is_told(screened):
    rows = BEN + "BEN-s3,H00003,BEN,1,include,,,2026-02-03,,\n"
    anna = "".join(f"ANNA-s{i},H0000{i},ANNA,1,include,,,2026-02-04,,\n" for i in (1, 2, 3))
    write_screenings(screened, rows + anna)
    assert remaining(screened)[-1] == ("screening", "CLEO", "settle", 2, 0)


def test_stages_come_in_the_order_of_a_review(tmp_path):
    folder = write_readable(tmp_path / "study")
    list_people(folder, Cy="sorter; synthesizer", A="coder", B="coder; appraiser")
    stages = [one[0] for one in remaining(folder)]
    assert stages == sorted(stages, key=["screening", "appraisal", "coding", "synthesis", "claims", "card sort"].index)
    assert {"appraisal", "coding", "synthesis", "card sort"} <= set(stages)


def test_pages_on_which_nothing_is_decided_are_no_tasks(screened):
    assert "progress" not in {one[2] for one in remaining(screened)}


def test_a_study_that_ranks_is_told_without_learning(screened):
    config = screened / "config/config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + RANKED, encoding="utf-8")
    before = set(threading.enumerate())
    assert len(remaining(screened)) == 3
    assert "ranking" not in {thread.name for thread in set(threading.enumerate()) - before}


def test_the_first_page_tells_what_others_have_left_and_nothing_of_what_they_decided(screened):
    write_screenings(screened, BEN)
    desk = open_desk(screened, "ANNA")
    told = get(desk, "others")["others"]
    assert told == [
        {"person": "BEN", "title": "Screen candidates", "told": "1 of 3 candidates left, last 2026-02-02"},
        {"person": "CLEO", "title": "Settle screenings", "told": "not told while somebody decides blind"},
    ]
    before = get(desk, "others")
    assert decide_at(desk, "screen", get(desk, "screen/next")["candidate"], "include")[0] == 200
    assert get(desk, "others") == before  # what ANNA decided is no matter of others'
    write_screenings(screened, BEN.replace("exclude,E1,a secret word", "include,,"))
    assert get(open_desk(screened, "ANNA"), "others") == before  # nor does it differ by what BEN decided


def test_a_sort_that_waits_says_for_what(tmp_path):
    folder = write_sortable(tmp_path / "study")
    sort_all(sit(folder, "Ana"), "aabbcc")
    put_all(sit(folder, "Bo"), ("Lid on", "x"))
    found = {(one.person, one.name): one for one in list_remaining(folder, require_screened(folder), Clock())}
    assert (found["Ana", "sort"].n_left, found["Bo", "sort"].n_left) == (0, 6)
    assert found["Cy", "categories"].waits_for == "opens as soon as all who sort have finished"


def tell_stages(folder):
    """Return what is told of the screening that is nobody's task."""
    return {one.name: tell_open(one) for one in list_stages(folder, require_screened(folder))}


def test_candidates_are_told_before_anybody_has_signed_on(screened):
    (screened / "config/people.csv").unlink()
    assert remaining(screened) == []
    assert tell_stages(screened)["screen"] == "nobody yet, 3 of 3 candidates left, run: graylit desk --as NAME"
    write_screenings(screened, BEN)
    assert tell_stages(screened)["screen"] == "1 of 3 candidates left, run: graylit desk --as NAME"
    list_people(screened, ANNA="screener", BEN="screener")
    assert "screen" not in tell_stages(screened)


def test_included_candidates_that_are_no_sources_yet_are_told_once_all_is_settled(screened):
    both = "".join(
        f"{name}-s{i},H0000{i},{name},1,include,,,2026-02-03,,\n" for i in (1, 2) for name in ("ANNA", "BEN")
    )
    write_screenings(screened, both)
    assert "include" not in tell_stages(screened)
    rest = "".join(f"{name}-s3,H00003,{name},1,{made},,2026-02-03,,\n" for name, made in PARTED)
    write_screenings(screened, both + rest)
    assert "include" not in tell_stages(screened)
    write_screenings(screened, both + rest + "C1,H00003,CLEO,1,exclude,E2,,2026-02-05,ANNA-s3; BEN-s3,\n")
    told = tell_stages(screened)["include"]
    assert told == "2 included candidates are no sources yet, run: graylit find --include"
    assert call_graylit("-C", screened, "find", "--include").returncode == 0
    assert "include" not in tell_stages(screened)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"n_left": 3, "n_done": 1, "last_at": "2026-02-02T10:00:00Z"}, "3 of 4 cards left, last 2026-02-02"),
        ({"n_left": 3, "n_done": 1, "since": "2026-02-01"}, "3 of 4 cards left, since 2026-02-01"),
        ({"n_left": 0, "n_done": 4}, "all done"),
        ({"n_left": 0, "n_done": 0}, "nothing yet"),
        ({"n_left": None, "n_done": None}, "not told while somebody decides blind"),
        ({"n_left": 0, "n_done": 0, "waits_for": "opens later"}, "opens later"),
        ({"n_left": 1, "n_done": 0, "remedy": "graylit review"}, "1 of 1 cards left, run: graylit review"),
    ],
)
def test_what_is_left_is_told_in_words(left, words):
    assert tell_open(Open("card sort", "Ana", "sort", "Sort cards", "cards", **left)) == words


def test_what_waits_for_a_command_is_told(tmp_path):
    folder = write_readable(tmp_path / "study")
    found = {one.name: one for one in list_stages(folder, require_screened(folder))}
    assert (found["collect"].n_left, found["collect"].n_done) == (3, 0)
    assert {name: one.n_left for name, one in found.items()} == {"collect": 3, "review": 0, "freeze": 1}
    sources = folder / "config/sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace("Pumps", "Pumping"), encoding="utf-8")
    assert "graylit freeze" in found["freeze"].remedy


def test_the_command_says_it_in_lines_and_as_json(screened):
    write_screenings(screened, BEN)
    lines = call_graylit("-C", screened, "status").stdout.splitlines()
    assert lines[0] == "Rain barrels in small gardens"
    assert [line.split() for line in lines if "BEN" in line] == [
        ["screening", "BEN", "Screen", "candidates", "1", "of", "3", "candidates", "left,", "last", "2026-02-02"]
    ]
    told = json.loads(call_graylit("-C", screened, "status", "--json").stdout)
    assert [(one["person"], one["n_left"]) for one in told["open"]][:3] == [("ANNA", 3), ("BEN", 1), ("CLEO", None)]
    assert "secret" not in json.dumps(told)
    open_ones = json.loads(call_graylit("-C", screened, "status", "--json", "--open").stdout)["open"]
    assert [one["name"] for one in open_ones] == ["screen", "screen", "settle", "review", "freeze"]
