"""A model is asked unit by unit: its rows are those of people, and whatever a server does has an outcome of its own."""

import json

import pytest

from conftest import read_table
from desks import assert_no_fault, write_readable
from graylit.models.asking import Budget
from graylit.models.running import Asked, Run
from graylit.study.writing import read_clock
from graylit.tables.faults import InputError
from model_servers import Say, list_calls, read_page, read_schema, serve_model, write_settings
from running import run_graylit
from screening_desks import list_candidates, read_screenings, write_screened

GOOD = {"reason": "It speaks of barrels.", "decision": "include", "criterion_id": ""}


def ask(folder, task="screen", decider="M1", budget=None, **asked):
    run = Run(folder, Asked(task, decider, **asked), budget or Budget(), read_clock)
    return run.ask(lambda *_: None)


@pytest.fixture
def screened(tmp_path):
    return write_screened(tmp_path, list_candidates(12))


def number_of(page):
    return int(page.split("Barrel number ")[1].split("\n")[0])


def test_decisions_of_a_model_are_rows_as_those_of_a_person(screened):
    def say(asked, page):
        if number_of(page) % 3:
            return Say(GOOD)
        return Say({"reason": "About something else.", "decision": "exclude", "criterion_id": "E1"})

    with serve_model(say) as server:
        write_settings(screened, server)
        ended = ask(screened)
    rows = read_screenings(screened)
    assert ended.tally.n_answered == len(rows) == 12
    by_candidate = {row["candidate_id"]: row for row in rows}
    assert by_candidate["H00003"]["decision"] == "exclude" and by_candidate["H00003"]["criterion_id"] == "E1"
    assert {row["screener"] for row in rows} == {"M1"} and by_candidate["H00001"]["decision"] == "include"
    assert [row["outcome"] for row in read_table(screened / "config/models/asked.csv")] == ["decided"] * 12
    assert_no_fault(screened)


def test_the_model_is_listed_as_it_was_returned(screened):
    with serve_model(lambda *_: Say(GOOD, model="tiny-2026-01-31")) as server:
        write_settings(screened, server)
        ask(screened)
    row = read_table(screened / "config/people.csv")[-1]
    assert (row["kind"], row["roles"], row["model"], row["version"]) == ("model", "screener", "tiny-2026-01-31", "fp_1")
    assert row["prompt_file"] == "config/models/prompts/screen.md" and len(row["prompt_sha256"]) == 64
    assert "temperature 0" in row["settings"]


def test_a_second_run_asks_nothing_again(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server)
        ask(screened)
        ask(screened)
        assert len(server.asked) == 12
        ask(screened, is_again=True)
        assert len(server.asked) == 24
    assert len(read_screenings(screened)) == 12


def test_another_prompt_is_another_question_and_its_answer_replaces_the_earlier_one(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server)
        ask(screened)
        path = screened / "config/models/prompts/screen.md"
        path.write_text(path.read_text() + "\nThink twice.\n")
        ask(screened)
    rows = read_screenings(screened)
    assert len(rows) == 24 and {row["replaces"] for row in rows[12:]} == {row["screening_id"] for row in rows[:12]}
    assert_no_fault(screened)


BAD = {
    "cut_off": Say('{"reason": "It', finish="length"),
    "empty": Say(""),
    "not_json": Say('Here you are: {"reason": "x", "decision": "include", "criterion_id": ""}'),
    "duplicate_keys": Say('{"reason": "x", "decision": "include", "decision": "exclude", "criterion_id": "E1"}'),
    "unknown_value": Say({"reason": "x", "decision": "exclude", "criterion_id": "E77"}),
    "not_by_schema": Say({"decision": "include"}),
    "no_criterion": Say({"reason": "x", "decision": "exclude", "criterion_id": ""}),
    "other_model": Say(GOOD, model="another"),
    "filtered": Say(GOOD, finish="content_filter"),
    "http_429": Say(status=429, headers={"Retry-After": "0"}),
    "http_500": Say(status=500, headers={"Retry-After": "0"}),
    "http_302": Say(status=302, headers={"Location": "http://127.0.0.1:9/v1"}),
    "cut_off_line": Say(GOOD, length=50),
    "reset": Say(reset=True),
    "html": Say(body=b"<!DOCTYPE html><p>Too busy</p>"),
    "slow": Say(GOOD, drip=True),
}
OUTCOMES = {
    **{name: ("refused", name) for name in list(BAD)[:9]},
    **{name: ("failed", name) for name in ("http_429", "http_500", "http_302")},
    "cut_off_line": ("failed", "cut_off"),
    "reset": ("failed", "unreachable"),
    "html": ("failed", "bad_answer"),
    "slow": ("failed", "timed_out"),
}


def test_whatever_a_server_does_has_an_outcome_of_its_own_and_the_run_goes_on(tmp_path):
    folder = write_screened(tmp_path, list_candidates(len(BAD) + 4))
    wrong = dict(enumerate(BAD, start=1))

    def say(asked, page):
        return BAD.get(wrong.get(number_of(page), ""), Say(GOOD))

    with serve_model(say) as server:
        write_settings(folder, server, retries=0, timeout_s=2)
        ended = ask(folder)
    found = {}
    for call in list_calls(folder):
        found.setdefault(wrong.get(int(call["unit"][1:]), "good"), set()).add((call["outcome"], call["why"]))
    assert found == {name: {outcome} for name, outcome in OUTCOMES.items()} | {"good": {("answered", "")}}
    assert ended.tally.n_answered == 4 and ended.tally.stopped == ""
    rows = {row["unit"]: row for row in read_table(folder / "config/models/asked.csv")}
    refused = {name for i, name in wrong.items() if rows.get(f"H{i:05d}", {}).get("outcome") == "refused"}
    assert refused == set(list(BAD)[:9]), "failures of the line are no refusals: their units are asked again later"
    unsure = {row["candidate_id"] for row in read_screenings(folder) if row["reason"].startswith("refused: ")}
    assert unsure == {f"H{i:05d}" for i in range(1, 10)}, "nobody waits for an answer that never comes"
    assert_no_fault(folder)


def test_an_answer_that_cannot_be_used_is_asked_for_again_and_told_why(screened):
    def say(asked, page):
        is_second = "An earlier answer was refused" in asked["messages"][-1]["content"]
        return Say(GOOD if is_second else {"decision": "include"})

    with serve_model(say) as server:
        write_settings(screened, server)
        ended = ask(screened)
    assert ended.tally.n_answered == 12 and {call["outcome"] for call in list_calls(screened)} == {
        "refused",
        "answered",
    }
    seeds = {call["outcome"]: call["seed"] for call in list_calls(screened)}
    assert seeds == {"refused": 7, "answered": 8}


def test_an_error_that_passes_is_waited_out(screened):
    told = []

    def say(asked, page):
        told.append(page)
        return Say(GOOD) if told.count(page) > 1 else Say(status=429, headers={"Retry-After": "0"})

    with serve_model(say) as server:
        write_settings(screened, server)
        assert ask(screened).tally.n_answered == 12
    assert len(read_screenings(screened)) == 12


def test_several_answers_on_a_unit_make_one_decision_by_their_majority(screened):
    def say(asked, page):
        is_odd = asked["seed"] < 1_000
        return Say({"reason": "x", "decision": "exclude", "criterion_id": "E2"} if is_odd else GOOD)

    with serve_model(say) as server:
        write_settings(screened, server, samples=3)
        ask(screened)
    assert len(list_calls(screened)) == 36 and {row["decision"] for row in read_screenings(screened)} == {"include"}
    rows = read_table(screened / "config/models/asked.csv")
    assert {(row["n_samples"], row["n_agreeing"]) for row in rows} == {("3", "2")}


def test_a_budget_of_calls_ends_a_run_and_the_next_one_goes_on(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server)
        ended = ask(screened, budget=Budget(max_calls=5))
        assert ended.tally.stopped == "the budget is spent" and len(server.asked) == 5
        assert len(read_screenings(screened)) == 5
        ask(screened)
        assert len(server.asked) == 12


def test_a_budget_of_money_is_never_exceeded(screened):
    price = {"currency": "EUR", "per_million_in": 10, "per_million_out": 1000}
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server, price=price)
        ended = ask(screened, budget=Budget(max_cost=1.2))
    costs = [call["cost"] for call in list_calls(screened)]
    assert 0 < len(costs) < 12 and sum(costs) <= 1.2 and ended.tally.stopped
    assert {call["currency"] for call in list_calls(screened)} == {"EUR"}


def test_a_model_of_which_no_answer_can_be_used_is_listed_as_well(screened):
    with serve_model(lambda *_: Say("I would rather not.")) as server:
        write_settings(screened, server)
        ended = ask(screened)
    assert ended.tally.n_refused == 12 and {row["decision"] for row in read_screenings(screened)} == {"unsure"}
    assert read_table(screened / "config/people.csv")[-1]["model"] == "tiny"
    assert_no_fault(screened)


def test_a_budget_of_money_needs_a_price(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server)
        with pytest.raises(InputError, match="cannot be kept without a price"):
            ask(screened, budget=Budget(max_cost=1.0))
        assert not server.asked


def test_what_ends_a_run_by_a_fault_keeps_the_answers_under_way(screened):
    with serve_model(lambda *_: Say(GOOD, delay_s=0.2)) as server:
        write_settings(screened, server, at_once=1)
        run = Run(screened, Asked("screen", "M1"), Budget(), read_clock)
        shown = run.task.show

        def show(unit):
            if len(list_calls(screened)) > 1:
                raise InputError([])
            return shown(unit)

        run.task.show = show
        with pytest.raises(InputError):
            run.ask(lambda *_: None)
    assert len(list_calls(screened)) == len(server.asked) == len(read_screenings(screened)) >= 2


def test_a_server_that_is_gone_ends_the_run_with_a_word(tmp_path):
    folder = write_screened(tmp_path, list_candidates(40))
    with serve_model(lambda *_: Say(status=401)) as server:
        write_settings(folder, server)
        ended = ask(folder)
        assert "had no answer" in ended.tally.stopped and len(server.asked) < 40


def test_the_order_of_units_is_drawn_and_recorded(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server, at_once=1)
        ask(screened)
    calls = list_calls(screened)
    assert [call["place"] for call in calls] == list(range(1, 13))
    assert [call["unit"] for call in calls] != sorted(call["unit"] for call in calls)


def test_words_leave_the_machine_only_if_the_host_was_named(screened):
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server, endpoint="http://models.example:1/v1")
        with pytest.raises(InputError, match="--send-words-to models.example"):
            ask(screened)
        with pytest.raises(InputError, match="--send-words-to models.example"):
            ask(screened, send_words_to="other.example")
        assert not server.asked


def test_a_model_sees_nothing_that_others_decided(screened):
    screenings = screened / "config/screening/screenings.csv"
    screenings.write_text(
        "screening_id,candidate_id,screener,round,decision,reason\n"
        "ANNA-1,H00001,ANNA,1,include,Anna saw a weir\nBEN-1,H00001,BEN,1,exclude,Ben saw none\n".replace(
            "exclude,Ben", "unsure,Ben"
        )
    )
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(screened, server)
        ask(screened)
    said = json.dumps(server.asked)
    assert not any(word in said for word in ("ANNA", "BEN", "weir", "saw none"))


CODING = {"memo": "m", "quote": "keeps leaves out", "code_id": "C01", "confidence": "high"}
CODED = {"reason": "Meshes.", "codings": [CODING]}


def test_codes_are_given_to_words_that_stand_in_the_passage_sign_by_sign(tmp_path):
    folder = write_readable(tmp_path)

    def say(asked, page):
        if "keeps leaves out" in page:
            return Say(CODED)
        return Say({"reason": "Nothing.", "codings": []})

    with serve_model(say) as server:
        write_settings(folder, server)
        ended = ask(folder, "code")
    assert ended.tally.n_refused == 0
    (row,) = read_table(folder / "config/coding/codings/M1.csv")
    text = (folder / "data/processed/texts/S001.txt").read_bytes().decode()
    assert text[int(row["start"]) : int(row["end"])] == "keeps leaves out" and row["code_id"] == "C01"
    left = [row for row in read_table(folder / "config/coding/readings.csv") if row["coder"] == "M1"]
    assert len(left) == ended.n_units - 1
    assert {row["source_id"] for row in read_table(folder / "config/coding/passes.csv")} == {"S001", "S002"}
    assert_no_fault(folder)


@pytest.mark.parametrize(
    ("quote", "why"),
    [("keeps leaves away", "quote_not_found"), ("mesh", "quote_not_single"), (" ", "quote_not_found")],
)
def test_a_quote_without_exactly_one_place_is_refused(tmp_path, quote, why):
    folder = write_readable(tmp_path)
    coding = {**CODING, "quote": quote}

    def say(asked, page):
        return Say({"reason": "x", "codings": [coding] if "keeps leaves out" in page else []})

    with serve_model(say) as server:
        write_settings(folder, server)
        ask(folder, "code")
    assert {call["why"] for call in list_calls(folder) if call["outcome"] == "refused"} == {why}


def test_no_words_of_sources_are_recorded(tmp_path):
    folder = write_readable(tmp_path)
    copied = "A mesh over the inlet keeps leaves out, and a second mesh keeps gnats out."

    def say(asked, page):
        if "keeps leaves out" not in page:
            return Say(f"The passage reads: {page}")
        coding = {**CODING, "memo": f"It says: {copied}", "quote": "keeps leaves out"}
        return Say({"reason": f"I read: {copied}", "codings": [coding]})

    with serve_model(say) as server:
        write_settings(folder, server)
        ask(folder, "code")
    for path in [path for path in (folder / "config").rglob("*") if path.is_file()]:
        words = path.read_text(encoding="utf-8")
        assert "second mesh keeps" not in words and "clean water, so the mesh" not in words, path
    assert "[" in read_table(folder / "config/coding/codings/M1.csv")[0]["memo"]


def test_answers_are_kept_as_they_came_where_the_study_wants_it_and_git_does_not_take_them(tmp_path):
    folder = write_readable(tmp_path)
    with serve_model(lambda _, page: Say(CODED if "leaves out" in page else {"reason": "", "codings": []})) as server:
        write_settings(folder, server, keep_words=True)
        ask(folder, "code")
    kept = (folder / "data/raw/models/answers.jsonl").read_text()
    assert "keeps leaves out" in kept and "keeps leaves out" not in (folder / "config/models/log.jsonl").read_text()


def test_sources_are_appraised_question_by_question(tmp_path):
    folder = write_readable(tmp_path)

    def say(asked, page):
        scores = {item: one["properties"]["score"]["enum"][0] for item, one in read_schema(asked)["properties"].items()}
        return Say({item: {"reason": "It shows.", "score": score} for item, score in scores.items()})

    with serve_model(say) as server:
        write_settings(folder, server)
        ask(folder, "appraise")
    rows = read_table(folder / "config/quality.csv")
    assert {row["source_id"] for row in rows} == {"S001", "S002"} and len(rows) == 40
    assert_no_fault(folder)


def test_two_runs_at_once_cannot_both_write(screened):
    results = []

    def say(asked, page):
        if not results:
            results.append(run_graylit("-C", screened, "ask", "screen", "--as", "M2"))
        return Say(GOOD)

    with serve_model(say) as server:
        write_settings(screened, server, at_once=1)
        write_settings(screened, server, name="M2")
        ended = run_graylit("-C", screened, "ask", "screen", "--as", "M1")
    assert ended.returncode == 0, ended.stderr
    assert results[0].returncode == 1 and "is being written by another program" in results[0].stderr


def test_a_model_without_settings_is_given_a_file_to_fill_in(screened):
    ended = run_graylit("-C", screened, "ask", "screen", "--as", "M1")
    assert ended.returncode == 1 and "config/models/M1.yaml was written" in ended.stderr
    again = run_graylit("-C", screened, "ask", "screen", "--as", "M1")
    assert again.returncode == 1 and "column endpoint" in again.stderr


def test_the_page_of_a_request_is_what_the_model_is_to_judge():
    asked = {"messages": [{"content": "[page ab begins]\nwords\n[page ab ends]"}]}
    assert read_page(asked) == "words"
