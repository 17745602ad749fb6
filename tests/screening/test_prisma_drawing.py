"""The drawing of the PRISMA 2020 flow: what each box says, and where its lines lead."""

from dataclasses import replace

from graylit.screening.flow import Flow
from graylit.screening.prisma_drawing import MAX_LETTERS, draw_flow

FLOW = Flow(
    n_websites=90,
    n_organisations=0,
    n_citations=10,
    n_duplicates=7,
    n_unscreened=0,
    n_not_retrieved=3,
    excluded=(("Off topic", 60), ("Too short", 10)),
    n_undecided=0,
    n_included=20,
)


def test_the_drawing_of_the_flow_says_what_left_each_stage():
    boxes = draw_flow(FLOW)["boxes"]
    assert [[line["words"] for line in box["lines"]] for box in boxes] == [
        ["Candidates identified: 100", "Websites: 90", "Citations: 10"],
        ["Removed before screening:", "duplicates: 7"],
        ["Sought for retrieval: 93"],
        ["Not retrieved: 3"],
        ["Assessed for eligibility: 90"],
        ["Excluded: 70", "Off topic: 60", "Too short: 10"],
        ["Sources included: 20"],
    ]


def test_the_drawing_names_candidates_on_which_nothing_is_decided_yet():
    boxes = draw_flow(replace(FLOW, n_unscreened=5, n_undecided=2))["boxes"]
    lines = [line["words"] for box in boxes for line in box["lines"]]
    assert {"Not screened yet: 5", "Awaiting a decision: 2", "Assessed for eligibility: 92"} <= set(lines)


def test_figures_of_the_flow_lead_to_their_candidates():
    targets = {line["words"]: line["target"] for box in draw_flow(FLOW)["boxes"] for line in box["lines"]}
    assert targets["Off topic: 60"] == "audit/screening.html?outcome=exclude&words=Off+topic"
    assert targets["Sources included: 20"] == "audit/screening.html?outcome=include"


def test_the_words_of_a_reason_are_found_whatever_its_marks_were():
    flow = replace(FLOW, excluded=(("Author’s own “AI” / not ML", 60), ("No reason stated", 10)))
    targets = {line["words"]: line["target"] for box in draw_flow(flow)["boxes"] for line in box["lines"]}
    (target,) = (target for words, target in targets.items() if words.startswith("Author"))
    assert target == "audit/screening.html?outcome=exclude&words=Author+s+own+AI+not+ML"
    assert targets["No reason stated: 10"] == "audit/screening.html?outcome=exclude"


def test_a_long_reason_stays_in_its_box():
    flow = replace(FLOW, excluded=(("Long reason " * 9, 12),))
    lines = [line["words"] for box in draw_flow(flow)["boxes"] for line in box["lines"]]
    assert max(map(len, lines)) <= MAX_LETTERS
    assert any(line.endswith("…: 12") for line in lines)
