"""What is new, from tables: candidates nobody decided on, words that changed, sources, and the protocol's triggers."""

import pytest

from graylit.captures.choosing import list_unasked
from graylit.comparison.lost_evidence import count_lost, list_changed_codings, list_changed_readings, tell_change
from graylit.comparison.triggers import evaluate_triggers, find_search_date
from graylit.comparison.whats_new import Known, gather_news
from graylit.tables.claims import CLAIM_READINGS
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.collection import CAPTURES
from graylit.tables.screening import CANDIDATES
from graylit.tables.search import SEARCHES
from graylit.tables.sources import SOURCES
from graylit.tables.updating import UPDATES

BLANK = {table.name: dict.fromkeys(table.names, "") for table in (LOCATED_CODINGS, CLAIM_READINGS, CANDIDATES)}
STATED = {"update": {"years": 2, "new_candidates": 2, "lost_evidence": 0.1}}


def place(coding_id="A-1", method="same_place", start="5", **more):
    row = {"coding_id": coding_id, "source_id": "S001", "code_id": "C01", "method": method, "start": start, "end": "9"}
    return BLANK["located_codings"] | row | {"standing": "stands", "is_evidence": "yes"} | more


def candidate(candidate_id, found_by):
    row = {"candidate_id": candidate_id, "found_by": found_by, "url": f"https://a.example/{candidate_id}"}
    return BLANK["candidates"] | row | {"title": candidate_id}


def search(search_id, engine="searxng (brave)", query="hives", searched_at="2026-01-02", **more):
    row = {"search_id": search_id, "way": "website", "engine": engine, "query": query, "searched_at": searched_at}
    return dict.fromkeys(SEARCHES.names, "") | row | more


def attempt(outcome, **more):
    row = {"source_id": "S001", "url": "https://a.example/1", "origin": "live", "outcome": outcome, "status": "200"}
    return dict.fromkeys(CAPTURES.names, "") | row | more


def source_news(attempts, **change):
    source = dict.fromkeys(SOURCES.names, "") | {"source_id": "S001", "url": "https://a.example/1"}
    changes = [
        {"source_id": "S001", "n_codings": "3", "n_held": "2", "similarity": "", "served_by": "captured"} | change
    ]
    news = gather_news(Known({}, sources=[source], captures=attempts, changes=changes))
    return [(row["state"], row["needs_person"], row["detail"]) for row in news.of_kind("source")]


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        (place(), place(), ""),
        (place(), place(start="7"), "place_moved"),
        (place(), place(method="normalized"), "place_moved"),
        (place(), place(method="sketch"), "reworded"),
        (place(method="sketch"), place(method="sketch"), ""),  # it was so when it was released
        (place(), place(method="orphan", is_evidence="no"), "gone"),
        (place(method="orphan"), place(method="orphan"), ""),
        (None, place(method="orphan"), "gone"),
        (None, place(start="7"), ""),
        (place(), place(method="no_text"), ""),
        (place(), place(method="orphan", standing="falls"), ""),
        (place(is_evidence="no"), place(method="orphan"), ""),
    ],
    ids=["same", "moved", "other marks", "other words", "as released", "gone", "gone before", "no release"]
    + ["no release, there", "no text", "fell since", "was no evidence"],
)
def test_what_became_of_the_words_of_a_coding(before, now, state):
    assert tell_change(before, now) == state


def test_a_coding_that_was_made_or_replaced_since_the_release_is_not_listed():
    located = [place("A-2", "orphan")]  # in the place of A-1
    assert list_changed_codings(located, [place("A-1")], is_released=True) == {}
    assert list(list_changed_codings(located, [], is_released=False)) == ["A-2"]


def test_readings_in_force_of_changed_words_are_listed_and_replaced_ones_are_not():
    rows = [
        BLANK["claim_readings"] | {"reading_id": f"R{n}", "claim_id": "L1", "coding_id": coding, "reading": "supports"}
        for n, coding in enumerate(("A-1", "A-1", "A-2"), start=1)
    ]
    rows[1]["replaces"] = "R1"
    changed = {"A-1": {"state": "gone"}}
    assert [(row["reading_id"], row["state"]) for row in list_changed_readings(rows, changed)] == [("R2", "gone")]


def test_evidence_is_lost_where_its_page_is_gone_though_we_hold_it():
    located = [place("A-1"), place("A-2", "orphan"), place("A-3", source_id="S002"), place("A-4", standing="falls")]
    assert count_lost(located, {"A-2": {"state": "gone"}}, ["S002"]) == (2, 3)


def test_new_candidates_are_those_of_repeated_searches_on_which_nobody_has_decided():
    searches = [search("X01"), search("X02", "searxng (bing)"), search("X03", query="wasps")]
    candidates = [candidate("H1", "X01"), candidate("H2", "X02"), candidate("H3", "X02"), candidate("H4", "X03")]
    decided = {"H1": "open", "H2": "exclude", "H3": "open", "H4": "open"}
    decisions = [{"candidate_id": key, "decision": decision} for key, decision in decided.items()]
    news = gather_news(Known({}, searches=searches, candidates=candidates, decisions=decisions))
    assert [(row["subject"], row["state"]) for row in news.of_kind("candidate")] == [("H3", "new")]
    assert news.n_open_before == 2


def test_candidates_of_files_that_were_given_to_an_update_are_new():
    log = dict.fromkeys(UPDATES.names, "") | {"update": "2026-02-01T00:00:00Z", "subject": "a.html", "n_hits": "1"}
    log |= {"outcome": "new_hits", "search_id": "X09", "n_new": "1", "at": "2026-02-01T00:00:00Z"}
    decisions = [{"candidate_id": "H9", "decision": "open"}]
    known = Known({}, candidates=[candidate("H9", "X09")], decisions=decisions, updates=[log])
    assert [row["subject"] for row in gather_news(known).of_kind("candidate")] == ["H9"]


def test_sources_are_told_by_the_last_answer_of_their_address():
    gone = attempt("gone", note="status 404")
    assert source_news([attempt("captured"), gone]) == [("gone", "no", "gone status 404; an earlier capture serves it")]
    assert source_news([gone], served_by="none") == [("lost", "yes", "gone status 404")]
    assert source_news([gone, attempt("captured")]) == []
    assert source_news([attempt("paywall")])[0][:2] == ("refuses", "no")
    assert source_news([attempt("http_error")])[0][:2] == ("fails", "no")
    moved = attempt("moved", final_url="https://a.example/2")
    assert source_news([moved, attempt("unchanged")], state="moved") == [("moved", "no", "now at https://a.example/2")]
    assert source_news([moved], state="same") == []  # it had moved when it was coded
    changed = source_news([attempt("captured")], state="changed", similarity="0.5")
    assert changed == [("changed", "no", "50% of its words are still there")]
    assert source_news([attempt("captured", origin="archive")], state="changed") == []  # its address was not asked


def test_a_host_that_does_not_answer_is_gone_on_the_second_day():
    first, second = (attempt("unreachable", attempted_at=f"2026-11-{day}T10:00:00Z") for day in (28, 29))
    assert source_news([first])[0][0] == "fails"
    assert source_news([first, attempt("unreachable", attempted_at="2026-11-28T11:00:00Z")])[0][0] == "fails"
    assert source_news([first, second])[0][0] == "gone"
    assert source_news([attempt("captured", attempted_at="2026-11-27T10:00:00Z"), second])[0][0] == "fails"


def test_a_run_in_which_nobody_answered_tells_nothing_of_pages():
    offline = attempt("unreachable", status="", run="2026-11-29T10:00:00Z", attempted_at="2026-11-29T10:00:00Z")
    assert source_news([offline, offline]) == []
    sources = [{"source_id": "S001", "url": "https://a.example/1"}]
    assert list_unasked(sources, [offline], "2026-11-29T09:00:00Z") == ["S001"]
    beside = offline | {"source_id": "S002", "outcome": "gone", "status": "404"}
    assert list_unasked(sources, [offline, beside], "2026-11-29T09:00:00Z") == []


@pytest.mark.parametrize(
    ("searched", "n_new", "lost", "states"),
    [
        ("2026-01-01", 0, (0, 20), [False, False, False]),
        ("2024-01-01", 2, (2, 20), [True, True, True]),
        ("", 1, (0, 0), [None, False, None]),
        ("2024", 0, (1, 20), [True, False, False]),
    ],
    ids=["none", "all", "unknown", "a year"],
)
def test_triggers_hold_once_their_limit_is_reached(searched, n_new, lost, states):
    found = evaluate_triggers(STATED, searched, "2026-11-29T10:00:00Z", n_new, lost)
    assert [trigger.name for trigger in found] == ["years", "new_candidates", "lost_evidence"]
    assert [trigger.holds for trigger in found] == states


def test_no_trigger_is_told_of_a_config_that_states_none():
    assert evaluate_triggers({}, "2020-01-01", "2026-01-01", 99, (1, 1)) == []


def test_the_search_is_as_old_as_the_last_one_of_which_everything_is_decided():
    searches = [search("X01", searched_at="2024-05-06T07:08:09Z"), search("X02", searched_at="2026-01-01")]
    candidates = [candidate("H1", "X02")]
    updates = [{"outcome": "nothing_new", "at": "2026-06-01T00:00:00Z"}]
    assert find_search_date(searches, candidates, {"H1"}, updates) == "2024-05-06"
    assert find_search_date(searches, candidates, set(), updates) == "2026-06-01"
    assert find_search_date([search("X01", searched_at="")], [], set(), []) == ""
