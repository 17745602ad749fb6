"""The words of the report: methods and threats."""

import pytest

from frames import table
from graylit.report.methods import describe_methods
from graylit.report.threats import list_threats
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import AGREEMENT, LOCATED_CODINGS, SATURATION_MEASURES
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import PUBLISHER_SENSITIVITY


def tell(**frames_of_study):
    """Return the paragraph on methods of a study that has these frames only."""
    frames = {name: contract.to_frame([]) for name, contract in CONTRACTS.items()} | frames_of_study
    return " ".join(describe_methods(frames, None, {"synthesis": {"min_publishers": 3}}))


@pytest.mark.parametrize(
    ("listed", "shuffled", "words"),
    [
        ("5", "6", "was reached as listed after 5 sources, by the median of shuffled orders after 6 sources."),
        ("5", "", "was reached as listed after 5 sources, and not by the median of shuffled orders."),
        ("", "6", "was reached by the median of shuffled orders after 6 sources, and not as listed."),
        ("", "", "was not reached as listed or by the median of shuffled orders."),
    ],
)
def test_saturation_that_is_not_reached_is_told_so(listed, shuffled, words):
    columns = "order_name base_size run_length threshold reached_at"
    rows = [("listed", 4, 2, 0.05, listed), ("shuffled", 4, 2, 0.05, shuffled)]
    assert words in tell(saturation_measures=table(SATURATION_MEASURES, columns, *rows))


@pytest.mark.parametrize(
    ("second", "words"),
    [("yes", "all 2 codings count as evidence."), ("no", "1 of 2 codings count as evidence, the others were")],
)
def test_other_codings_are_told_of_only_where_there_are_some(second, words):
    rows = [("A-1", "A", 1, "yes"), ("A-2", "A", 1, second)]
    assert words in tell(located_codings=table(LOCATED_CODINGS, "coding_id coder round is_evidence", *rows))


def test_weak_codes_are_counted_among_those_with_a_value_and_shown_on_their_side_of_the_bound():
    columns = "round coders scope measure value"
    rows = [("C1", 0.664), ("C2", 0.9), ("C3", "")]
    rows = [(3, "A;B", code, "alpha_nominal", value) for code, value in rows]
    threats = list_threats(
        texts=None,
        changes=CONTRACTS["source_changes"].to_frame([]),
        sources=table(SOURCES, "source_id publisher", ("S1", "Ann")),
        codings=LOCATED_CODINGS.to_frame([]),
        agreement=table(AGREEMENT, columns, *rows),
        support=CONTRACTS["guideline_support"].to_frame([]),
        by_publisher=PUBLISHER_SENSITIVITY.to_frame([]),
        min_publishers=3,
    )
    assert threats[0]["words"].startswith("In the last round 1 of 2 codes stays below 0.667")
    assert threats[0]["words"].endswith("conclusions: C1 (0.664).")
