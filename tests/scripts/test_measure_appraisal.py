"""Agreement of appraisers, question by question and over all of them."""

import pytest
from measure_appraisal import measure_appraisal

from graylit.tables.appraisal import APPRAISAL_AGREEMENT, list_items

ITEMS = list_items(
    {"item": name, "area": "a", "question": "q", "scores": scores}
    for name, scores in (("K1", "1 = yes; 0.5 = partly; 0 = no"), ("K2", "1 = yes; 0 = no"))
)
SOURCES = [f"S{number}" for number in range(1, 9)]


def score(appraiser, item, *scores, settles=""):
    """Return rows of one appraiser on one question, for the first sources."""
    return [
        {"source_id": source_id, "appraiser": appraiser, "item": item, "score": str(score)}
        | {"settles_scores_of": settles}
        for source_id, score in zip(SOURCES, scores, strict=False)
    ]


BOTH = [
    *score("A", "K1", 1, 1, 0, 0, 0.5, 0.5, 1, 0),
    *score("B", "K1", 1, 1, 0, 0, 0.5, 1, 1, 0),
    *score("A", "K2", 1, 1, 0, 0),
    *score("B", "K2", 1, 1, 1, 0),
]


def measured(quality, items=ITEMS):
    rows = measure_appraisal(quality, SOURCES, items, seed=1)
    return {(row["item"], row["measure"]): row for row in rows}


def test_agreement_is_measured_for_each_question_and_for_all():
    found = measured(BOTH)
    assert found["K1", "share_agreed"]["value"] == 7 / 8
    assert found["K2", "share_agreed"]["value"] == 3 / 4
    assert found["all", "share_agreed"]["value"] == 10 / 12
    assert found["K2", "cohen_kappa"]["value"] == pytest.approx(0.5)
    assert [found[place, "share_agreed"]["n_sources"] for place in ("K1", "K2", "all")] == [8, 4, 8]
    assert found["K1", "alpha_ordinal"]["value"] > found["K1", "alpha_nominal"]["value"]
    assert found["K1", "share_agreed"]["low"] < 7 / 8 <= found["K1", "share_agreed"]["high"]


def test_questions_of_different_scales_have_no_ordinal_measure_together():
    assert ("all", "alpha_ordinal") not in measured(BOTH)
    assert ("K1", "cohen_kappa_linear") in measured(BOTH)
    assert ("all", "alpha_ordinal") in measured(BOTH, {"K1": ITEMS["K1"]})


def test_settlements_and_replaced_scores_are_no_part_of_it():
    changed = [*score("C", "K1", *[0] * 8, settles="A; B"), *score("B", "K2", 1, 1, 0)]
    found = measured(BOTH + changed)
    assert {row["appraisers"] for row in found.values()} == {"A; B"}
    assert found["K2", "share_agreed"]["value"] == 1


def test_three_appraisers_are_compared_by_pairs_and_together():
    rows = measure_appraisal([*BOTH, *score("C", "K1", *[1] * 8)], SOURCES, ITEMS, seed=1)
    together = {row["measure"] for row in rows if (row["appraisers"], row["item"]) == ("all", "K1")}
    assert together == {"share_agreed", "alpha_nominal", "alpha_ordinal", "fleiss_kappa"}
    assert {row["appraisers"] for row in rows} == {"A; B", "A; C", "B; C", "all"}


def test_one_appraiser_agrees_with_nobody(tmp_path):
    APPRAISAL_AGREEMENT.write_rows(measure_appraisal(BOTH[:8], SOURCES, ITEMS, seed=1), tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == ",".join(APPRAISAL_AGREEMENT.names) + "\n"
