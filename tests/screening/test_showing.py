"""What a screener is shown next, with a model that learns in the background."""

import pytest
from test_ranking import TEXTS

from graylit.screening.ranking import Ranker
from graylit.screening.replaying import replay_orders
from graylit.screening.showing import Showing

LONG_S = 600


def list_left(rows):
    return [text.candidate_id for text in TEXTS if text.candidate_id not in {row["candidate_id"] for row in rows}]


def decide(showing, rows):
    """Decide on what is shown next: every third candidate is included."""
    shown = showing.choose(list_left(rows))
    row = {"screening_id": f"ANNA-{len(rows) + 1}", "candidate_id": shown.candidate_id, "screener": "ANNA"}
    row["decision"] = "include" if int(shown.candidate_id[1:]) % 3 == 1 else "exclude"
    rows.append({**row, "round": "1", "settles": "", **shown.cells})
    showing.learn(rows)


@pytest.fixture(scope="module")
def ranker():
    return Ranker(TEXTS, seed=3)


def test_a_screening_is_ranked_as_soon_as_both_kinds_of_decision_exist_and_can_be_replayed(ranker):
    showing, rows = Showing(ranker, "ANNA", []), []
    for _ in range(9):
        assert showing.await_order(LONG_S)
        decide(showing, rows)
    assert [row["shown"] for row in rows] == ["listed"] * 2 + ["ranked"] * 7
    assert [row["decision"] for row in rows][2:] == ["include"] * 7
    assert all(place.follows and place.is_alike for place in replay_orders(rows, lambda n_pages: ranker))


def test_nothing_waits_for_the_model_and_no_candidate_comes_twice(ranker):
    showing, rows = Showing(ranker, "ANNA", []), []
    for _ in TEXTS:
        decide(showing, rows)
    assert showing.choose(list_left(rows)) is None
    assert len({row["candidate_id"] for row in rows}) == len(TEXTS)
    assert all(place.follows and place.is_alike for place in replay_orders(rows, lambda n_pages: ranker))


def test_a_sample_is_drawn_until_the_screener_goes_back_to_the_ranked_order(ranker):
    showing, rows = Showing(ranker, "ANNA", []), []
    for _ in range(4):
        decide(showing, rows)
    showing.draw(rows)
    assert showing.is_drawing
    for _ in range(3):
        decide(showing, rows)
    showing.end_drawing()
    assert showing.await_order(LONG_S)
    decide(showing, rows)
    assert [row["shown"] for row in rows[4:]] == ["drawn"] * 3 + ["ranked"]
    assert [row["rank"] for row in rows[4:7]] == ["1", "2", "3"]
    assert all(place.follows and place.is_alike for place in replay_orders(rows, lambda n_pages: ranker))
