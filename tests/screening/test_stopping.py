"""When a screener may stop: what was shown, the sample of the rest, its estimate, and the rule in words."""

import pytest

from graylit.screening.stopping import Standing, StopRule, is_ranked, list_own, read_stop_rule, take_stock
from graylit.screening.stopping_words import describe_progress, tell_estimate, tell_order, tell_percent, tell_rule

RULE = StopRule(recall=0.9, confidence=0.95)
IDS = [f"H{number:03d}" for number in range(1, 101)]


def decide(*parts):
    """Return rows of ANNA from parts such as ('ranked', 'iiee'): i include, e exclude, u unsure."""
    words = {"i": "include", "e": "exclude", "u": "unsure"}
    made = [(shown, words[sign]) for shown, signs in parts for sign in signs]
    return [
        {
            "screening_id": f"ANNA-{number}",
            "candidate_id": IDS[number - 1],
            "screener": "ANNA",
            "round": "1",
            "decision": decision,
            "settles": "",
            "shown": shown,
        }
        for number, (shown, decision) in enumerate(made, start=1)
    ]


def stock(*parts) -> Standing:
    return take_stock(decide(*parts), IDS, RULE)


def test_there_is_no_estimate_and_no_rule_before_a_sample_is_drawn():
    standing = stock(("ranked", "i" * 20 + "e" * 70))
    assert (standing.sample, standing.estimate, standing.p_sample, standing.holds) == (None, None, None, False)
    assert standing.p_order == pytest.approx(0.00146056475170399)
    assert tell_estimate(standing) == []
    assert tell_rule(standing)[1].startswith("It cannot hold before a sample is drawn; at least ")


def test_the_sample_is_what_was_drawn_at_the_end():
    standing = stock(("listed", "ie"), ("drawn", "e"), ("ranked", "i" * 10), ("drawn", "eeie"))
    sample = standing.sample
    assert (sample.n_before, sample.n_left, sample.n_drawn, sample.n_found) == (11, 87, 4, 1)
    assert standing.n_shown == {"listed": 2, "ranked": 10, "drawn": 5}


def test_the_rule_holds_once_the_sample_shows_it():
    early, late = (stock(("ranked", "i" * 20), ("drawn", "e" * n)) for n in (40, 60))
    assert not early.holds
    assert late.holds
    assert late.p_sample <= 0.05 < early.p_sample
    assert tell_rule(early)[1] == f"It does not hold (p = {early.p_sample:.3f}); at least 10 more must be drawn."
    assert tell_rule(late)[1] == f"It holds (p = {late.p_sample:.3f})."
    assert late.estimate.low < 1 and late.estimate.high == 1


def test_the_rule_holds_at_the_number_that_was_planned():
    standing = stock(("ranked", "i" * 20))
    assert stock(("ranked", "i" * 20), ("drawn", "e" * standing.n_planned)).holds
    assert not stock(("ranked", "i" * 20), ("drawn", "e" * (standing.n_planned - 1))).holds


def test_unsure_decisions_count_as_found():
    assert sum(stock(("ranked", "iue")).marks) == 2


def test_nothing_left_is_enough_without_a_sample():
    standing = stock(("ranked", "i" * 20 + "e" * 80))
    assert standing.holds
    assert tell_rule(standing)[1] == "Nothing is left."


def test_a_changed_decision_keeps_its_place_and_counts_as_it_is_now():
    rows = decide(("ranked", "ie"), ("drawn", "e"))
    changed = {**rows[1], "screening_id": "ANNA-4", "decision": "include"}
    standing = take_stock([*rows, changed], IDS, RULE)
    assert standing.marks == (True, True, False)
    assert standing.sample.n_drawn == 1


def test_duplicates_and_other_screeners_are_no_part_of_it():
    rows = decide(("ranked", "iee"))
    others = [{**rows[0], "screener": "BEN"}, {**rows[0], "round": "2"}, {**rows[0], "settles": "ANNA-1"}]
    assert list_own([*rows, *others], "ANNA", "1") == rows
    assert take_stock(rows, IDS[1:], RULE).n_all == 99
    assert len(take_stock(rows, IDS[1:], RULE).marks) == 2


def test_the_words_say_how_candidates_were_shown_and_how_many_were_never_looked_at():
    standing = stock(("listed", "ie"), ("ranked", "i" * 10 + "e" * 8), ("drawn", "e" * 30))
    assert tell_order(standing, "ANNA") == (
        "ANNA screened 50 of 100 candidates: 2 in the order of the list, 18 ranked by a model that learnt from this "
        "screener’s own decisions and 30 drawn at random from what was left; 50 were never looked at by ANNA."
    )
    assert tell_estimate(standing)[0] == (
        "Of 80 candidates left, 30 were drawn at random, and 0 of these may be relevant."
    )
    assert tell_estimate(standing)[1].startswith("Recall is estimated at 100 % (95 % interval ")
    whole = stock(("listed", "i" * 100))
    assert tell_order(whole, "ANNA") == "ANNA screened 100 of 100 candidates, in the order of the list."


def test_a_page_gets_the_curve_the_estimate_and_the_rule():
    progress = describe_progress(stock(("ranked", "i" * 20), ("drawn", "e" * 60)))
    assert progress["curve"][:2] == [(0, 0), (1, 1)] and progress["curve"][-1] == (80, 20)
    assert progress["rule"] == {"recall": 0.9, "confidence": 0.95, "p": progress["rule"]["p"], "holds": True}
    assert progress["estimate"]["value"] == 1
    assert (progress["n_screened"], progress["n_left"], progress["n_found"]) == (80, 20, 20)
    assert progress["sentences"]


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    standing = take_stock(decide(("ranked", "ie" * 50)), IDS, RULE)
    assert len(describe_progress(standing)["curve"]) == 101


@pytest.mark.parametrize(
    "share, words", [(0.95, "95 %"), (0.9999, "99.9 %"), (0.0001, "0.1 %"), (1, "100 %"), (0, "0 %")]
)
def test_a_share_near_all_is_not_all(share, words):
    assert tell_percent(share) == words


def test_the_rule_of_the_config_is_taken_and_else_that_of_the_method():
    assert read_stop_rule({"screening": {"rank": True}}) == StopRule(0.95, 0.95)
    assert read_stop_rule({"stopping": {"recall": 0.8, "confidence": 0.9}}) == StopRule(0.8, 0.9)
    assert (is_ranked({}), is_ranked({"screening": {"rank": True}})) == (False, True)
