"""Agreement of readers of claims."""

import pytest

from claim_rows import read
from graylit.synthesis.reader_agreement import measure_readings
from graylit.tables.claims import READING_AGREEMENT

PAIRS = {("L1", f"A-{number}"): ("G1", f"S{number}") for number in range(1, 9)}
PAIRS |= {("L2", f"A-{number}"): ("G2", f"S{number}") for number in range(1, 5)}


def readings(reader, claim_id, *found, more=None):
    return [
        read(f"{reader}{claim_id}{number}", claim_id, f"A-{number}", reader, one, more)
        for number, one in enumerate(found, start=1)
    ]


S, P, A, N = "supports", "partly", "against", "not_about"
BOTH = [
    *readings("ANN", "L1", S, S, S, S, P, N, N, A),
    *readings("BEN", "L1", S, S, S, P, P, N, N, A),
    *readings("ANN", "L2", S, N),
    *readings("BEN", "L2", S, S),
]


def measured(rows):
    return {(row["scope"], row["readers"], row["measure"]): row for row in measure_readings(rows, PAIRS, seed=1)}


def test_agreement_is_measured_over_all_guidelines_and_for_each():
    found = measured(BOTH)
    assert found["all", "ANN; BEN", "share_agreed"]["value"] == pytest.approx(8 / 10)
    assert found["G1", "ANN; BEN", "share_agreed"]["value"] == pytest.approx(7 / 8)
    assert found["G2", "ANN; BEN", "share_agreed"]["value"] == pytest.approx(1 / 2)
    assert [found[scope, "ANN; BEN", "cohen_kappa"]["n_pairs"] for scope in ("all", "G1", "G2")] == [10, 8, 2]
    assert found["G1", "ANN; BEN", "share_agreed"]["low"] < 7 / 8 <= found["G1", "ANN; BEN", "share_agreed"]["high"]


def test_kappa_is_what_scikit_learn_says():
    from sklearn.metrics import cohen_kappa_score

    first, second = [S, S, S, S, P, N, N, A], [S, S, S, P, P, N, N, A]
    assert measured(BOTH)["G1", "ANN; BEN", "cohen_kappa"]["value"] == pytest.approx(cohen_kappa_score(first, second))


def test_pairs_that_one_has_read_and_settlements_are_no_part_of_it():
    more = [*readings("ANN", "L2", S, S, S)[2:], *readings("CLEO", "L1", A, A, more={"settles": "x"})]
    assert measured([*BOTH, *more]).keys() == measured(BOTH).keys()
    assert measured([*BOTH, *more])["all", "ANN; BEN", "share_agreed"]["n_pairs"] == 10


def test_three_readers_are_compared_by_pairs_and_together():
    found = measured([*BOTH, *readings("CLEO", "L1", S, S, S, S, S, S, S, S)])
    assert {readers for _, readers, _ in found} == {"ANN; BEN", "ANN; CLEO", "BEN; CLEO", "all"}
    assert ("G1", "all", "fleiss_kappa") in found


def test_without_readers_there_is_nothing_to_measure(tmp_path):
    for rows in ([], BOTH[:8]):
        READING_AGREEMENT.write_rows(measure_readings(rows, PAIRS, seed=1), tmp_path / "table.csv")
        assert (tmp_path / "table.csv").read_text() == ",".join(READING_AGREEMENT.names) + "\n"
