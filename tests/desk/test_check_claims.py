"""Readers of claims and the adjudicator at their desks, asked as their pages ask."""

import pytest

from applications import TOKEN, ask, get, list_told, open_desk, post
from claim_desks import CLAIMS, CLAIMS_FILE, CODED, N_FIRST, N_SECOND, READINGS_FILE, read_readings, write_claimed
from conftest import read_table, write_table
from desks import assert_no_fault
from graylit.synthesis.readings import digest_wording, judge_pair, list_current
from made_rows import record_made
from tiny_study import replace_once

READ, SETTLE = "check-claims", "settle-readings"


@pytest.fixture
def study(tmp_path):
    return write_claimed(tmp_path / "study")


def read_one(desk, kind="supports", pair=None, **more):
    """Read the next pair, or another one as it was shown; return status and answer."""
    pair = pair or get(desk, f"{READ}/next")["pair"]
    named = {name: pair[name] for name in ("claim_id", "coding_id", "version")}
    return post(desk, f"{READ}/pairs", kind=kind, **named, **more)


def read_all(desk, *kinds):
    """Read all that is left, by these kinds one after the other and then by the last."""
    pairs, number = [], 0
    while pair := get(desk, f"{READ}/next")["pair"]:
        assert read_one(desk, kinds[min(number, len(kinds) - 1)], pair)[0] == 200
        pairs.append((pair["claim_id"], pair["coding_id"]))
        number += 1
    return pairs


def left_of(desk, task):
    return next((one for one in get(desk, "left")["tasks"] if one["name"] == task), None)


def test_the_first_reader_reads_every_pair_and_the_second_some_of_each_claim(study):
    ann, ben = open_desk(study, "ANN"), open_desk(study, "BEN")
    assert (left_of(ann, READ)["n_left"], left_of(ben, READ)["n_left"]) == (N_FIRST, N_SECOND)
    mine = read_all(ben, "supports")
    assert [claim_id for claim_id, _ in sorted(mine)] == ["L01", "L02", "L03"]
    assert len(set(read_all(ann, "supports"))) == N_FIRST
    assert_no_fault(study)


def test_a_pair_is_shown_with_its_words_in_context(study):
    ann = open_desk(study, "ANN")
    pair = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    assert pair["wording"] == "A mesh keeps leaves out."
    assert pair["guideline"]["statement"] == "Put a mesh over the inlet."
    assert pair["parts"] == ["", "A mesh over the inlet keeps leaves out", ", and a second mesh keeps gnats out."]
    assert pair["before"].startswith("A barrel of oak") and pair["after"].startswith("The overflow leads away")
    assert (pair["headings"], pair["code"]["name"]) == (["Choosing a barrel"], "Mesh")
    whole = get(ann, f"{READ}/pairs?claim=L03&coding=A-3")["pair"]
    assert (whole["parts"], whole["lack"]) == ([], "the page has not been captured on this machine")


def test_a_reading_is_a_row_with_the_words_that_were_read(study):
    ann = open_desk(study, "ANN")
    pair = get(ann, f"{READ}/next")["pair"]
    status, answer = read_one(ann, "partly", pair, note="=the second half only")
    assert (status, answer["n_left"], answer["n_done"]) == (200, N_FIRST - 1, 1)
    (row,) = read_readings(study)
    assert (row["reading_id"], row["reader"], row["reading"]) == ("ANN-r0001", "ANN", "partly")
    assert (row["claim_id"], row["coding_id"], row["replaces"]) == (pair["claim_id"], pair["coding_id"], "")
    assert row["wording_sha256"] == digest_wording(pair["wording"])
    assert row["reason"] == "'=the second half only"
    assert row["read_at"].startswith("2026-03-01T10:00:")
    assert_no_fault(study)


def test_a_reading_is_changed_and_undone_by_rows(study):
    ann = open_desk(study, "ANN")
    pair = get(ann, f"{READ}/next")["pair"]
    read_one(ann, "supports", pair)
    again = get(ann, f"{READ}/pairs?claim={pair['claim_id']}&coding={pair['coding_id']}")["pair"]
    assert again["decided"]["reading"] == "supports"
    assert read_one(ann, "supports", again)[0] == 422  # nothing was changed
    status, answer = read_one(ann, "against", again)
    assert (status, answer["n_done"], [one["reading"] for one in answer["recent"]]) == (200, 1, ["against"])
    status, answer = read_one(ann, "undo", answer["undo"])
    assert (status, answer["pair"]["decided"]["reading"]) == (200, "supports")
    status, answer = read_one(ann, "undo", answer["undo"])
    assert (status, answer["pair"]["decided"], answer["undo"], answer["n_left"]) == (200, None, None, N_FIRST)
    assert [row["reading"] for row in read_readings(study)] == ["supports", "against", "supports", ""]
    assert_no_fault(study)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"kind": "maybe"}, 422), ({"version": "x"}, 409), ({"coding_id": "A-4"}, 422), ({"note": "x" * 5_001}, 422)],
)
def test_what_is_no_reading_is_refused_and_writes_nothing(study, change, status):
    ann = open_desk(study, "ANN")
    shown = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    pair = {name: shown[name] for name in ("claim_id", "coding_id", "version")} | {"kind": "supports"}
    assert post(ann, f"{READ}/pairs", **(pair | change))[0] == status
    assert not (study / READINGS_FILE).exists()


def test_a_second_reader_reads_no_other_pairs(study):
    ben = open_desk(study, "BEN")
    mine = set(read_all(ben, "partly"))
    other = next(
        (claim, coding) for claim in ("L01", "L02") for coding in ("A-1", "A-2") if (claim, coding) not in mine
    )
    pair = get(ben, f"{READ}/pairs?claim={other[0]}&coding={other[1]}")["pair"]
    assert read_one(ben, "supports", pair)[0] == 422
    assert len(read_readings(study)) == N_SECOND


def test_another_tab_makes_a_reading_stale(study):
    one, other = open_desk(study, "ANN"), open_desk(study, "ANN")
    pair = get(one, f"{READ}/next")["pair"]
    assert read_one(other, "against", pair)[0] == 200
    assert read_one(one, "supports", pair)[0] == 409
    assert len(read_readings(study)) == 1


def test_a_claim_that_is_reworded_is_read_again_and_the_earlier_reading_is_shown(study):
    ann = open_desk(study, "ANN")
    shown = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    read_one(ann, "supports", shown)
    replace_once(
        study, CLAIMS_FILE, CLAIMS[-40:], CLAIMS[-40:] + "L01,G01,A fine mesh keeps gnats out.,,2026-02-09,DORA,\n"
    )
    assert get(ann, f"{READ}/next")["n_left"] == N_FIRST
    again = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    assert (again["decided"]["reading"], again["decided"]["is_of_now"]) == ("supports", False)
    assert read_one(ann, "supports", again)[0] == 200
    first, second = read_readings(study)
    assert (second["replaces"], second["wording_sha256"]) == (first["reading_id"], digest_wording(again["wording"]))
    assert_no_fault(study)


def test_the_very_same_words_coded_twice_are_read_once(tmp_path):
    coded = {**CODED, "B-1": CODED["A-1"], "B-2": ("C01", "S002", "A pump wants clean water")}
    study = write_claimed(tmp_path / "study", coded=coded)
    ann = open_desk(study, "ANN")
    pair = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    assert (pair["twins"], left_of(ann, READ)["n_left"]) == (["B-1"], 10)
    status, answer = read_one(ann, "supports", pair, note="plain")
    assert (status, answer["n_left"]) == (200, 8)
    rows = [(row["coding_id"], row["reading"], row["reason"], row["replaces"]) for row in read_readings(study)]
    assert rows == [("A-1", "supports", "plain", ""), ("B-1", "supports", "plain", "")]
    again = get(ann, f"{READ}/pairs?claim=L01&coding=B-1")["pair"]
    status, answer = read_one(ann, "against", again)
    assert [row["replaces"] for row in read_readings(study)[2:]] == ["ANN-r0002", "ANN-r0001"]
    status, answer = read_one(ann, "undo", answer["undo"])
    assert (status, answer["pair"]["decided"]["reading"], answer["n_left"]) == (200, "supports", 8)
    status, answer = read_one(ann, "undo", answer["undo"])
    assert (status, answer["n_left"], answer["undo"]) == (200, 10, None)
    assert list_current(read_readings(study)) == []
    assert_no_fault(study)


def test_the_very_same_words_are_settled_once(tmp_path):
    study = write_claimed(tmp_path / "study", coded={**CODED, "B-1": CODED["A-1"]})
    rows = [
        f"{who}-r{claim}{coding},{claim},{coding},{who},{reading},,,,\n"
        for who, claim, coding, reading in (
            *(("ANN", "L01", coding, "supports") for coding in ("A-1", "A-2", "B-1")),
            *(("BEN", "L01", coding, "against") for coding in ("A-1", "B-1")),
        )
    ]
    (study / READINGS_FILE).write_text(HEADER + "".join(rows), encoding="utf-8")
    cleo = open_desk(study, "CLEO")
    seen = get(cleo, f"{SETTLE}/next")
    assert seen["n_left"] == 2
    status, answer = settle(cleo, "partly", seen["pair"], note="half")
    assert (status, answer["n_left"], answer["n_done"]) == (200, 0, 2)
    assert [(row["coding_id"], row["settles"]) for row in read_readings(study)[-2:]] == [
        ("A-1", "ANN-rL01A-1; BEN-rL01A-1"),
        ("B-1", "ANN-rL01B-1; BEN-rL01B-1"),
    ]
    assert_no_fault(study)
    status, answer = settle(cleo, "undo", answer["undo"])
    assert (status, answer["n_left"], answer["undo"]) == (200, 2, None)
    assert_no_fault(study)


def test_words_that_were_read_apart_before_are_changed_apart(tmp_path):
    study = write_claimed(tmp_path / "study", coded={**CODED, "B-1": CODED["A-1"]})
    (study / READINGS_FILE).write_text(HEADER + "ANN-r1,L01,B-1,ANN,against,,2026-02-01,,\n")
    ann = open_desk(study, "ANN")
    assert read_one(ann, "supports", get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"])[0] == 200
    assert [row["coding_id"] for row in read_readings(study)] == ["B-1", "A-1"]


def test_a_coding_that_is_noted_anew_has_been_read_already(study):
    ann = open_desk(study, "ANN")
    read_one(ann, "supports", get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"])
    codings, located = study / "config/coding/codings/A.csv", study / "data/processed/located_codings.csv"
    rows = read_table(codings)
    again = rows[0] | {"coding_id": "A-9", "replaces": "A-1", "memo": "on second thoughts"}
    write_table(codings, [row | {"replaces": "", "memo": ""} for row in rows] + [again])
    located.write_text(located.read_text().replace("A-1,", "A-9,"))
    record_made(study)
    for desk in (ann, open_desk(study, "ANN")):
        pair = get(desk, f"{READ}/pairs?claim=L01&coding=A-9")["pair"]
        assert (pair["decided"]["reading"], get(desk, f"{READ}/next")["n_left"]) == ("supports", N_FIRST - 1)
    assert read_one(ann, "partly", pair)[0] == 200
    assert [row["coding_id"] for row in read_readings(study)] == ["A-1", "A-9"]
    assert_no_fault(study)


# Settling -------------------------------------------------------------------------------------------------------


def settle(desk, kind, pair, **more):
    named = {name: pair[name] for name in ("claim_id", "coding_id", "version")}
    return post(desk, f"{SETTLE}/pairs", kind=kind, **named, **more)


@pytest.fixture
def disputed(study):
    read_all(open_desk(study, "ANN"), "supports")
    read_all(open_desk(study, "BEN"), "against", "supports")
    return study


def test_what_readers_differ_on_is_settled_by_a_row_that_can_be_taken_back(disputed):
    cleo = open_desk(disputed, "CLEO")
    seen = get(cleo, f"{SETTLE}/next")
    assert (seen["n_left"], seen["n_done"]) == (1, 0)
    assert {side["reading"] for side in seen["pair"]["sides"]} == {"supports", "against"}
    assert "reader" not in seen["pair"]["sides"][0]
    named = get(cleo, f"{SETTLE}/next?names=yes")["pair"]["sides"]
    assert {side["reader"] for side in named} == {"ANN", "BEN"}
    status, answer = settle(cleo, "partly", seen["pair"], note="half of it")
    assert (status, answer["n_left"], answer["n_done"], answer["pair"]) == (200, 0, 1, None)
    row = read_readings(disputed)[-1]
    sides = [
        one
        for one in read_readings(disputed)[:-1]
        if (one["claim_id"], one["coding_id"]) == tuple(row[name] for name in ("claim_id", "coding_id"))
    ]
    assert row["settles"] == "; ".join(sorted(one["reading_id"] for one in sides))
    assert judge_pair(list_current([*sides, row])).reading == "partly"
    assert_no_fault(disputed)
    status, answer = settle(cleo, "undo", answer["undo"])
    assert (status, answer["n_left"], answer["undo"]) == (200, 1, None)
    assert settle(cleo, "supports", answer["pair"])[0] == 200
    assert_no_fault(disputed)


def test_only_what_differs_is_settled_and_not_twice(disputed):
    one, other = open_desk(disputed, "CLEO"), open_desk(disputed, "CLEO")
    pair = get(one, f"{SETTLE}/next")["pair"]
    n_rows = len(read_readings(disputed))
    agreed = next(
        pair
        for pair in (("L01", "A-1"), ("L01", "A-2"))
        if pair != (get(one, f"{SETTLE}/next")["pair"]["claim_id"], get(one, f"{SETTLE}/next")["pair"]["coding_id"])
    )
    assert settle(one, "supports", pair | {"claim_id": agreed[0], "coding_id": agreed[1]})[0] == 409
    assert settle(one, "undo", pair)[0] == 422
    assert settle(one, "unsure", pair)[0] == 422
    assert len(read_readings(disputed)) == n_rows
    assert settle(other, "supports", pair)[0] == 200
    assert settle(one, "against", pair)[0] == 409


def test_from_the_moment_all_are_through_a_change_of_mind_is_a_settlement(disputed):
    ann = open_desk(disputed, "ANN")
    pair = get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"]
    status, answer = read_one(ann, "against", pair)
    assert (status, "a settlement now" in answer["message"]) == (422, True)


def test_a_single_reader_may_change_what_was_read_at_any_time(tmp_path):
    study = write_claimed(tmp_path / "study", A="coder", B="coder", ANN="reader", DORA="synthesizer")
    ann = open_desk(study, "ANN")
    read_all(ann, "supports")
    assert read_one(ann, "against", get(ann, f"{READ}/pairs?claim=L01&coding=A-1")["pair"])[0] == 200


# Blindness ------------------------------------------------------------------------------------------------------

HEADER = "reading_id,claim_id,coding_id,reader,reading,reason,read_at,replaces,settles\n"
OTHERS = {
    "all": "".join(
        f"BEN-r{claim}{coding},L0{claim},A-{coding},BEN,against,a secret word,2026-02-01,,\n"
        for claim in (1, 2)
        for coding in (1, 2)
    ),
    "one": "BEN-r1,L01,A-1,BEN,supports,a secret word,2026-02-01,,\n",
    "taken back": "BEN-r1,L01,A-1,BEN,partly,,2026-02-01,,\nBEN-r2,L01,A-1,BEN,,,2026-02-01,BEN-r1,\n",
    "settled": "BEN-r1,L01,A-1,BEN,against,,2026-02-01,,\nC-r1,L01,A-1,CLEO,against,why,2026-02-01,,BEN-r1\n",
}


def make_desk(folder, others=""):
    roles = {"A": "coder", "B": "coder", "ANN": "reader; adjudicator; synthesizer", "BEN": "reader"}
    study = write_claimed(folder, **roles, CLEO="adjudicator", DORA="synthesizer")
    (study / READINGS_FILE).write_text(HEADER + others, encoding="utf-8")
    return open_desk(study, "ANN")


def read_everything(desk):
    """Return every answer that a desk gives to GET, headers included."""
    asked = list_told(desk)
    answers = {path: ask(desk, "GET", path, origin="") for path in asked}
    return {path: (answer.status, answer.headers, answer.body) for path, answer in answers.items()}


def work(desk):
    """Yield every answer while a reader reads, changes her mind and undoes."""
    yield read_everything(desk)
    for kind in ("supports", "against", "not_about"):
        yield read_one(desk, kind)
        yield read_everything(desk)
    yield read_one(desk, "undo", get(desk, f"{READ}/next")["undo"])
    yield read_one(desk, "partly", get(desk, f"{READ}/pairs?claim=L01&coding=A-1")["pair"])
    yield settle(desk, "supports", {"claim_id": "L01", "coding_id": "A-1", "version": "x"})
    yield post(desk, "claims/guidelines", kind="add", guideline_id="G02", wording="Water finds its way.", reason="")
    yield read_everything(desk)
    yield [line for task in desk.tasks for line in task.list_lines()]


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_no_answer_to_a_reader_differs_by_what_others_read(tmp_path, others):
    blind, beside = make_desk(tmp_path / "blind"), make_desk(tmp_path / "beside", others)
    for number, (answer, other) in enumerate(zip(work(blind), work(beside), strict=True)):
        assert answer == other, number


def test_the_settling_page_is_closed_to_a_reader_until_all_are_through(tmp_path):
    desk = make_desk(tmp_path / "study")
    read_all(desk, "supports")
    refused = ask(desk, "GET", f"/{TOKEN}/{SETTLE}/next", origin="")
    assert (refused.status, b"you do not see what others found" in refused.body) == (422, True)
    assert left_of(desk, SETTLE)["waits_for"]
    read_all(open_desk(desk.visit.folder, "BEN"), "against")
    assert get(desk, f"{SETTLE}/next")["n_left"] == N_SECOND
    assert get(desk, f"{READ}/next")["undo"] is None  # she has seen what others read


def test_tasks_are_offered_to_those_who_have_the_role(study, tmp_path):
    def names(folder, person):
        return {task["name"] for task in get(open_desk(folder, person), "left")["tasks"]}

    assert READ in names(study, "ANN") and SETTLE not in names(study, "ANN")
    assert SETTLE in names(study, "CLEO") and "claims" in names(study, "DORA")
    unsplit = write_claimed(tmp_path / "unsplit", claims="")
    assert READ in names(unsplit, "ANN") and SETTLE in names(unsplit, "CLEO")
    assert (
        left_of(open_desk(unsplit, "ANN"), READ)["n_left"],
        get(open_desk(unsplit, "ANN"), f"{READ}/next")["pair"],
    ) == (0, None)


def test_claims_that_are_written_while_a_desk_is_open_are_there_to_read(tmp_path):
    roles = {"A": "coder", "B": "coder", "DORA": "synthesizer; reader"}
    dora = open_desk(write_claimed(tmp_path / "study", claims="", **roles), "DORA")
    assert get(dora, f"{READ}/next")["pair"] is None
    assert post(dora, "claims/guidelines", kind="add", guideline_id="G01", wording="A mesh keeps leaves out.")[0] == 200
    assert get(dora, f"{READ}/next")["n_left"] == 2
    assert read_one(dora, "supports")[0] == 200
