"""Who reads which pairs of a claim and a coding, in which order, and who sees what."""

from collections import Counter

import pytest

from claim_rows import read
from graylit.synthesis.assigning import Plan, assign_pairs, choose_second, list_left, list_shown, may_see, read_plan

PAIRS = [(f"L{claim}", f"A-{coding}") for claim in range(1, 6) for coding in range(1, 21)]
PLAN = Plan(second_reading=0.25, first_readers=1, seed=7)


def test_the_first_reader_reads_all_and_the_second_a_share_of_each_claim():
    assigned = assign_pairs(PAIRS, ["ANN", "BEN"], PLAN, {})
    assert sorted(assigned["ANN"]) == sorted(PAIRS)
    assert Counter(claim_id for claim_id, _ in assigned["BEN"]) == dict.fromkeys(("L1", "L2", "L3", "L4", "L5"), 5)


def test_a_claim_with_few_pairs_has_one_at_least_that_is_read_twice():
    assert choose_second([("L1", "A-1"), ("L2", "A-1"), ("L2", "A-2")], PLAN, {}) >= {("L1", "A-1")}
    assert choose_second(PAIRS, Plan(0, 1, 7), {}) == set()


def test_pairs_that_come_later_leave_the_draw_of_other_claims_as_it_was():
    more = [*PAIRS, *(("L9", f"B-{number}") for number in range(9))]
    assert choose_second(more, PLAN, {}) > choose_second(PAIRS, PLAN, {})


def test_the_very_same_words_are_drawn_together():
    places = {f"A-{number}": f"place {number // 2}" for number in range(1, 21)}
    assigned = assign_pairs(PAIRS, ["ANN", "BEN"], Plan(0.25, 2, 7), places)
    for mine in assigned.values():
        assert all((claim_id, f"A-{number ^ 1}") in mine for claim_id, number in split(mine) if 1 < number < 20)
    chosen = choose_second(PAIRS, PLAN, places)
    drawn = {(claim_id, places[coding_id]) for claim_id, coding_id in chosen}
    assert Counter(claim_id for claim_id, _ in drawn) == dict.fromkeys(("L1", "L2", "L3", "L4", "L5"), 3)


def split(pairs):
    return [(claim_id, int(coding_id.removeprefix("A-"))) for claim_id, coding_id in pairs]


def test_several_share_the_first_reading_and_read_again_what_another_read():
    assigned = assign_pairs(PAIRS, ["ANN", "BEN"], Plan(0.25, 2, 7), {})
    read_by = Counter(pair for mine in assigned.values() for pair in mine)
    assert set(read_by) == set(PAIRS)
    assert {pair for pair, n in read_by.items() if n == 2} == choose_second(PAIRS, PLAN, {})
    assert all(len(set(mine)) == len(mine) and len(mine) > 40 for mine in assigned.values())


def test_further_readers_share_the_second_reading():
    assigned = assign_pairs(PAIRS, ["ANN", "BEN", "CLEO"], PLAN, {})
    assert sorted(assigned["BEN"] + assigned["CLEO"]) == sorted(choose_second(PAIRS, PLAN, {}))
    assert min(len(assigned["BEN"]), len(assigned["CLEO"])) > 5


@pytest.mark.parametrize("readers", [[], ["ANN"]])
def test_nobody_reads_twice_what_nobody_else_can_read(readers):
    assigned = assign_pairs(PAIRS, readers, PLAN, {})
    assert {reader: len(mine) for reader, mine in assigned.items()} == dict.fromkeys(readers, len(PAIRS))


def test_each_reader_has_an_order_of_their_own_in_which_claims_stay_together():
    orders = assign_pairs(PAIRS, ["ANN", "BEN"], Plan(1, 1, 7), {})
    assert orders["ANN"] != orders["BEN"] != PAIRS
    assert orders == assign_pairs(PAIRS[::-1], ["ANN", "BEN"], Plan(1, 1, 7), {})
    claims = [claim_id for claim_id, _ in orders["BEN"]]
    assert len([at for at, claim_id in enumerate(claims) if claims[at - 1] != claim_id]) == 5


def test_readers_see_their_own_readings_until_all_are_through():
    assigned = {"ANN": [("L1", "A-1")], "BEN": [("L1", "A-1")]}
    rows = [read("R1", "L1", "A-1", "ANN", "supports")]
    left = list_left(assigned, rows)
    assert left == {"ANN": [], "BEN": [("L1", "A-1")]}
    assert (may_see("ANN", left), may_see("BEN", left), may_see("CLEO", left)) == (False, False, True)
    assert list_shown("BEN", left, rows) == []
    assert list_shown("ANN", left, rows) == list_shown("CLEO", left, rows) == rows
    both = [*rows, read("R2", "L1", "A-1", "BEN", "against")]
    assert list_shown("ANN", list_left(assigned, both), both) == both


def test_a_settlement_is_no_reading_of_who_settled():
    assigned = {"ANN": [("L1", "A-1")]}
    settled = [read("R1", "L1", "A-1", "ANN", "supports", {"settles": "R0"})]
    assert list_left(assigned, settled) == assigned


def test_the_plan_is_that_of_the_config():
    assert read_plan({"seed": 3}) == Plan(0.25, 1, 3)
    assert read_plan({"seed": 3, "claims": {"second_reading": 1, "first_readers": 2}}) == Plan(1, 2, 3)
