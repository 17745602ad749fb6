"""Orders made again: every decision has the place that its order gives it, or is named."""

import pytest
from test_ranking import TEXTS

from graylit.screening.ranking import Ranker
from graylit.screening.replaying import list_queues, replay_orders
from graylit.screening.stopping import list_decided


def screen(ranker, ways, screener="ANNA"):
    """Return the rows of a screener who includes every third candidate and is shown them in these ways."""
    rows = []
    for number, shown in enumerate(ways, start=1):
        n_learnt = max(0, number - 1 - number % 2)  # the model is behind by a decision now and then
        decided = {name: row["decision"] for name, row in list_decided(rows[:n_learnt]).items()}
        order = ranker.make(shown, decided, n_learnt, screener)
        candidate_id = next(name for name in order.candidate_ids if name not in list_decided(rows))
        row = {"screening_id": f"{screener}-{number}", "candidate_id": candidate_id, "screener": screener, "round": "1"}
        row["decision"] = "include" if int(candidate_id[1:]) % 3 == 1 else "exclude"
        row |= {"settles": "", "shown": order.shown, "rank": str(order.ranks[candidate_id])}
        rows.append({**row, "n_learnt": str(n_learnt), "order_sha256": order.sha256})
    return rows


WAYS = ["ranked"] * 10 + ["drawn"] * 4 + ["ranked"] * 3


@pytest.fixture(scope="module")
def ranker():
    return Ranker(TEXTS, seed=3)


@pytest.fixture(scope="module")
def rows(ranker):
    return screen(ranker, WAYS)


def test_every_place_follows_from_the_rows_before_it(rows):
    places = list(replay_orders(rows, lambda n_pages: Ranker(TEXTS, seed=3)))
    assert len(places) == len(WAYS)
    assert all(place.follows and place.is_alike for place in places)
    assert {place.shown for place in places} == {"listed", "ranked", "drawn"}


def test_the_orders_of_two_screeners_do_not_mix(rows, ranker):
    mixed = [row for pair in zip(rows, screen(ranker, WAYS, "BEN"), strict=True) for row in pair]
    assert all(place.follows and place.is_alike for place in replay_orders(mixed, lambda n_pages: ranker))
    assert list_queues(mixed) == [("ANNA", "1"), ("BEN", "1")]


def test_a_rank_that_was_changed_is_named(rows, ranker):
    changed = [{**row, "rank": "29"} if row["screening_id"] == "ANNA-9" else row for row in rows]
    wrong = [place for place in replay_orders(changed, lambda n_pages: ranker) if not place.follows]
    assert [(place.screening_id, place.stated, place.is_alike) for place in wrong] == [("ANNA-9", "29", True)]


def test_a_decision_that_was_changed_is_seen_in_the_orders_after_it(rows, ranker):
    changed = [{**row, "decision": "unsure"} if row["screening_id"] == "ANNA-3" else row for row in rows]
    unlike = {place.screening_id for place in replay_orders(changed, lambda n_pages: ranker) if not place.is_alike}
    ranked = {row["screening_id"] for row in rows if row["shown"] == "ranked" and int(row["n_learnt"]) >= 3}
    assert unlike == ranked


def test_other_texts_are_not_taken_for_a_wrong_rank(rows):
    other = Ranker([*TEXTS[:-1], TEXTS[-1]._replace(words="of something else")], seed=3)
    places = list(replay_orders(rows, lambda n_pages: other))
    assert not any(place.is_alike for place in places if place.shown == "ranked")


def test_rows_that_state_no_place_are_left_alone(rows, ranker):
    assert list(replay_orders([{**row, "shown": "listed", "rank": ""} for row in rows], lambda n_pages: ranker)) == []


def test_what_was_taken_back_or_replaced_is_known_to_the_orders_after_it_as_it_was(ranker):
    rows = screen(ranker, WAYS[:6])
    undo = {**dict.fromkeys(rows[0], ""), "screening_id": "ANNA-7", "candidate_id": rows[5]["candidate_id"]}
    undo |= {"screener": "ANNA", "round": "1", "replaces": "ANNA-6"}
    anew = {**rows[4], "screening_id": "ANNA-8", "decision": "unsure", "replaces": "ANNA-5"}
    changed = [*rows, undo, anew]
    assert rows[5]["candidate_id"] not in list_decided(changed)
    order = ranker.make("ranked", {name: row["decision"] for name, row in list_decided(changed).items()}, 8, "ANNA")
    row = {**rows[0], "screening_id": "ANNA-9", "candidate_id": order.candidate_ids[0], "shown": "ranked", "rank": "1"}
    places = replay_orders([*changed, {**row, "n_learnt": "8", "order_sha256": order.sha256}], lambda n_pages: ranker)
    assert all(place.follows and place.is_alike for place in places)
