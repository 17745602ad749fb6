"""Candidates that were looked through by hand before the screening, in the flow and its drawing."""

import pytest

from graylit.report.methods import describe_prescreening
from graylit.screening.flow import count_flow
from graylit.screening.prisma import format_flow, parse_flow
from graylit.screening.prisma_drawing import draw_flow

CANDIDATES = [{"candidate_id": "H1", "found_by": "google-1"}]
DECISIONS = [{"candidate_id": "H1", "decision": "include", "criterion_id": "", "n_screeners": "1"}]


def flow_of(provenance):
    return count_flow(CANDIDATES, [], DECISIONS, provenance=provenance)


def tell(words, n):
    return {"prescreening": words, "n_prescreened": n, "nominal_date": ""}


@pytest.mark.parametrize(("n", "said"), [(0, "number unknown"), (1200, "1200")])
def test_a_prescreening_goes_through_the_table_of_the_r_package_and_is_drawn(n, said):
    flow = flow_of(tell("read by hand", n))
    again = parse_flow(format_flow(flow))
    assert (again, again.n_prescreened) == (flow, n)
    lines = [line["words"] for line in draw_flow(again)["boxes"][0]["lines"]]
    assert lines[0] == f"Prescreened by hand: {said}"


@pytest.mark.parametrize("provenance", [None, {}, tell("", 0)])
def test_without_a_prescreening_nothing_is_said_of_one(provenance):
    flow = flow_of(provenance)
    assert flow.n_prescreened is None and parse_flow(format_flow(flow)) == flow
    assert "rescreened" not in format_flow(flow)
    assert all("rescreened" not in line["words"] for box in draw_flow(flow)["boxes"] for line in box["lines"])
    assert describe_prescreening(provenance or {}) == ""


def test_the_methods_say_how_many_pages_were_looked_through_or_that_nobody_recorded_it():
    assert "1,200 pages were looked through" in describe_prescreening(tell("read by hand", 1200))
    words = describe_prescreening(tell("read by hand", 0))
    assert words.startswith("Before screening, pages were read by hand; how many") and "not recorded" in words
