"""How far second readers saw the same impacts: which readings count, and measures that anybody can reckon by hand."""

import measure_impacts as measuring
import pytest

from graylit.study.impact_readings import list_current_readings
from graylit.tables.impacts import IMPACT_READINGS, IMPACTS

WHEN = "2026-02-0{}T10:00:00Z"


def impact(number, attribute, effect, day=1, **more):
    cells = {"impact_id": f"I{number}", "guideline_id": f"G{number % 3}", "decided_at": WHEN.format(day)}
    cells |= {"quality_attribute": attribute, "effect": effect, "component": "c", "decision": "d", "coding_ids": "A-1"}
    return dict.fromkeys(IMPACTS.names, "") | cells | more


def reading(number, attribute, effect="", reader="Bo", day=2):
    seen = "shown" if attribute else "not_shown"
    cells = {"impact_id": f"I{number}", "reader": reader, "reading": seen, "read_at": WHEN.format(day)}
    return dict.fromkeys(IMPACT_READINGS.names, "") | cells | {"quality_attribute": attribute, "effect": effect}


IMPACT_ROWS = [
    impact(n, "safety" if n < 3 else "security", "strained" if n % 2 else "strengthened") for n in range(1, 5)
]
SEEN = [
    reading(1, "safety", "strained"),
    reading(2, "security", "strengthened"),
    reading(3, "security", "strengthened"),
]


def measured(readings, impacts=IMPACT_ROWS):
    rows = measuring.measure_impacts(impacts, readings, seed=1)
    return {(row["reader"], row["scope"], row["measure"]): row for row in rows}


def test_agreement_is_measured_on_the_attribute_the_direction_and_both():
    rows = measured([*SEEN, reading(4, "")])
    assert rows["Bo", "attribute", "share_agreed"]["value"] == 0.5
    assert rows["Bo", "effect", "share_agreed"]["value"] == pytest.approx(2 / 3)
    assert rows["Bo", "both", "share_agreed"]["value"] == 0.25
    assert [rows["Bo", scope, "share_agreed"]["n_impacts"] for scope in measuring.SCOPES] == [4, 3, 4]
    # Authors: safety 2, security 2. Reader: safety 1, security 2, none 1. Expected: (2 * 1 + 2 * 2) / 16.
    assert rows["Bo", "attribute", "cohen_kappa"]["value"] == pytest.approx((0.5 - 0.375) / (1 - 0.375))


def test_with_several_readers_all_together_are_measured_too():
    rows = measured([*SEEN, reading(1, "security", "strained", reader="Cy")])
    assert {key[0] for key in rows} == {"all", "Bo", "Cy"}
    assert rows["all", "attribute", "share_agreed"]["n_impacts"] == 4
    assert rows["all", "attribute", "share_agreed"]["value"] == 0.5


def test_an_impact_that_was_withdrawn_has_no_agreement():
    gone = impact(1, "safety", "strained", status="withdrawn")
    assert measured(SEEN[:1], [impact(1, "safety", "strained"), gone]) == {}
    assert measured([]) == {}


@pytest.mark.parametrize(
    ("changed", "n"),
    [({"quality_attribute": "security"}, 1), ({"decision": "another"}, 0), ({"coding_ids": "A-1; A-2"}, 0)],
)
def test_a_reading_counts_as_long_as_what_the_reader_saw_is_the_same(changed, n):
    before, after = impact(1, "safety", "strained"), impact(1, "safety", "strained", day=3, **changed)
    assert len(list_current_readings([before, after], SEEN[:1])) == n


def test_the_last_reading_counts_and_one_that_was_taken_back_does_not():
    again = reading(1, "security", "strained", day=3)
    back = reading(1, "", day=4) | {"reading": "withdrawn"}
    (current,) = list_current_readings(IMPACT_ROWS, [SEEN[0], again]).values()
    assert current["quality_attribute"] == "security"
    assert list_current_readings(IMPACT_ROWS, [SEEN[0], again, back]) == {}


def test_what_was_settled_after_a_reading_is_no_agreement_of_author_and_reader():
    settled = impact(2, "security", "strengthened", day=3, decided_by="Cy")
    rows = measured(SEEN, [*IMPACT_ROWS, settled])
    assert rows["Bo", "attribute", "share_agreed"]["value"] == pytest.approx(2 / 3)
    reread = reading(2, "security", "strengthened", day=4)
    assert measured([*SEEN, reread], [*IMPACT_ROWS, settled])["Bo", "attribute", "share_agreed"]["value"] == 1
