"""The words of the report: methods and threats, in the cases that a whole study seldom has."""

import pytest

from frames import table
from graylit.pages.wording import count_among, count_things, join_words, tell_share
from graylit.report.methods import describe_methods
from graylit.report.threats import list_threats
from graylit.screening.flow import count_flow
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import AGREEMENT, LOCATED_CODINGS, PASSES, SATURATION, SATURATION_MEASURES
from graylit.tables.preparation import TEXTS
from graylit.tables.rows import list_rows
from graylit.tables.screening import SCREENING_DECISIONS, SCREENINGS
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import GUIDELINE_SUPPORT, GUIDELINES, PUBLISHER_SENSITIVITY


def fill(**frames_of_study):
    """Return the frames of a study that has these only."""
    return {name: contract.to_frame([]) for name, contract in CONTRACTS.items()} | frames_of_study


def tell(**frames_of_study):
    """Return the paragraphs on methods of a study that has these frames only."""
    config = {"has_texts": True, "synthesis": {"min_publishers": 3}}
    return " ".join(describe_methods(fill(**frames_of_study), None, config))


def warn(name, **frames_of_study):
    """Return the words of one threat of a study that has these frames only."""
    threats = list_threats(fill(**frames_of_study), has_texts=True, min_publishers=3)
    return next(row["words"] for row in threats if row["name"] == name)


@pytest.mark.parametrize(
    ("listed", "shuffled", "words"),
    [
        ("5", "6", "was reached as listed after 5 sources and by the median of shuffled orders after 6 sources."),
        ("5", "", "was reached as listed after 5 sources, and not by the median of shuffled orders."),
        ("", "6", "was reached by the median of shuffled orders after 6 sources, and not as listed."),
        ("", "", "was not reached as listed or by the median of shuffled orders."),
    ],
)
def test_saturation_that_is_not_reached_is_told_so(listed, shuffled, words):
    columns = "order_name base_size run_length threshold reached_at"
    measures = [("listed", 4, 2, 0.05, listed), ("shuffled", 4, 2, 0.05, shuffled)]
    told = tell(
        saturation=table(SATURATION, "order_name n_sources", ("listed", 9)),
        saturation_measures=table(SATURATION_MEASURES, columns, *measures),
    )
    assert words in told


@pytest.mark.parametrize(
    ("second", "words"),
    [("yes", "Both codings count as evidence."), ("no", "1 of 2 codings counts as evidence; 1 was not found again")],
)
def test_other_codings_are_told_of_only_where_there_are_some(second, words):
    rows = [("A-1", "A", 1, "yes"), ("A-2", "A", 1, second)]
    assert words in tell(located_codings=table(LOCATED_CODINGS, "coding_id coder round is_evidence", *rows))


def test_it_is_said_if_passes_are_guessed_from_codings():
    codings = table(LOCATED_CODINGS, "coding_id coder source_id is_evidence", ("A-1", "A", "S1", "yes"))
    sources = table(SOURCES, "source_id", ("S1",))
    guess = "Coder A recorded no passes; each source they coded counts as read."
    passes = table(PASSES, "coder source_id", ("A", "S1"))
    told = tell(sources=sources, located_codings=codings, passes=passes)
    assert "The only source was read to the end by 1 coder." in told
    assert guess not in told
    assert guess in tell(sources=sources, located_codings=codings)


def test_an_origin_without_a_text_served_none():
    texts = table(
        TEXTS,
        "source_id outcome origin capture_outcome captured_at n_words",
        ("S1", "extracted", "live", "captured", "2026-03-01T10:00:00Z", 9),
        ("S2", "not_captured", "memento", "unreachable", "", 0),
    )
    assert "1 of 2 sources has a text (of the others, unreachable: 1). Its page came from the live web (1)" in tell(
        texts=texts
    )


def test_weak_codes_are_counted_among_those_with_a_value_and_shown_on_their_side_of_the_bound():
    rows = [(3, "A;B", code, "alpha_nominal", value) for code, value in (("C1", 0.664), ("C2", 0.9), ("C3", ""))]
    words = warn("Agreement", agreement=table(AGREEMENT, "round coders scope measure value", *rows))
    assert words.startswith("1 of 2 codes has a nominal alpha below 0.667")
    assert words.endswith("the last (C1 0.664).")


@pytest.mark.parametrize(
    ("falling", "words"),
    [
        ((), "The only guideline rests on 3 publishers or more, also without any one of them."),
        (("G1",), "The only guideline rests on 3 publishers or more; without one of its publishers, G1 would not."),
    ],
)
def test_guidelines_that_rest_on_each_of_their_publishers_are_named(falling, words):
    found = warn(
        "Thin support",
        guidelines=table(GUIDELINES, "guideline_id", ("G1",)),
        guideline_support=table(GUIDELINE_SUPPORT, "guideline_id has_floor", ("G1", "yes")),
        publisher_sensitivity=table(
            PUBLISHER_SENSITIVITY, "guideline_id publisher falls", *((row, "P", "yes") for row in falling)
        ),
    )
    assert found == words


@pytest.mark.parametrize(
    ("publishers", "words"),
    [
        ("A", "The sources are by 1 publisher; the only source is by A."),
        ("AAB", "The sources are by 2 publishers; 2 of 3 sources are by A, the most."),
        ("AABB", "The sources are by 2 publishers; none has more than 2 sources."),
        ("", "There are no sources yet."),
    ],
)
def test_the_publisher_of_most_sources_is_named_if_there_is_one(publishers, words):
    rows = [(f"S{number}", publisher) for number, publisher in enumerate(publishers)]
    assert warn("Publishers", sources=table(SOURCES, "source_id publisher", *rows)) == words


@pytest.mark.parametrize(
    ("n", "n_all", "words"),
    [
        (0, 0, "No sources were"),
        (1, 1, "The only source was"),
        (2, 2, "Both sources were"),
        (0, 1, "0 of 1 source was"),
        (0, 2, "None of the 2 sources was"),
        (1, 2, "1 of 2 sources was"),
        (1200, 1300, "1,200 of 1,300 sources were"),
    ],
)
def test_a_share_is_told_with_what_it_is_a_part_of(n, n_all, words):
    assert tell_share(n, n_all, "source", "was", "were") == words


def test_things_are_counted_in_the_singular_or_plural():
    assert [count_things(n, "category") for n in (0, 1, 2)] == ["0 categories", "1 category", "2 categories"]
    assert count_things(2, "criterion") == "2 criteria"
    assert count_things("1200", "survey") == "1,200 surveys"
    assert count_among(3, 3, "memory") == "all 3 memories"
    assert [join_words("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def write_ranked():
    """Return the frames of a screening of ten candidates: two as listed, three ranked, two drawn, three never read."""
    ways = ["listed"] * 2 + ["ranked"] * 3 + ["drawn"] * 2
    chosen = ["include", "exclude", "include", "include", "exclude", "exclude", "exclude"]
    rows = [
        {"screening_id": f"N{n}", "candidate_id": f"H{n}", "screener": "ANNA", "round": "1", "decision": decision}
        | {"shown": shown, "criterion_id": "E1" if decision == "exclude" else ""}
        for n, (shown, decision) in enumerate(zip(ways, chosen, strict=True), start=1)
    ]
    decided = [
        {"candidate_id": f"H{n}", "decision": "open" if n > 7 else chosen[n - 1], "n_screeners": str(int(n < 8))}
        for n in range(1, 11)
    ]
    return {"screenings": SCREENINGS.to_frame(rows), "screening_decisions": SCREENING_DECISIONS.to_frame(decided)}


def test_a_ranked_screening_says_its_order_its_estimate_and_its_rule():
    frames = write_ranked()
    rows = list_rows(frames["screening_decisions"])
    candidates = [{"candidate_id": f"H{n}", "found_by": "a search"} for n in range(1, 11)]
    flow = count_flow(candidates, [], rows, screenings=[{"shown": "ranked"}])
    config = {"has_texts": False, "synthesis": {"min_publishers": 3}, "stopping": {"recall": 0.8, "confidence": 0.9}}
    words = describe_methods(fill(**frames), flow, config)[1]
    for said in (
        "3 were never looked at and 7 were assessed for eligibility",
        "ANNA screened 7 of 10 candidates: 2 in the order of the list, 3 ranked by a model that learnt from this "
        "screener’s own decisions and 2 drawn at random from what was left; 3 were never looked at by ANNA.",
        "Of 5 candidates left, 2 were drawn at random, and 0 of these may be relevant.",
        "Recall is estimated at 100 % (90 % interval 50 % to 100 %)",
        "shows a recall of at least 80 % with a confidence of 90 %",
        "It does not hold (p = 0.600); at least 3 more must be drawn.",
    ):
        assert said in words


def test_a_screening_whose_rows_do_not_say_how_candidates_were_shown_says_nothing_of_it():
    frames = write_ranked()
    frames["screenings"] = frames["screenings"].assign(shown="")
    flow = count_flow([{"candidate_id": "H1", "found_by": "a"}], [], list_rows(frames["screening_decisions"]))
    assert "ANNA" not in tell_with(flow, **frames)


def tell_with(flow, **frames_of_study):
    config = {"has_texts": False, "synthesis": {"min_publishers": 3}}
    return " ".join(describe_methods(fill(**frames_of_study), flow, config))
