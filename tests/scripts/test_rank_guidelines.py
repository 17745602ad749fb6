"""The ranks of guidelines by their support."""

import pytest

from frames import on_frames, table
from graylit.measures import support
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_SUPPORT, GUIDELINES
from guideline_rows import THREE_GUIDELINES, evidence

rank_guidelines = on_frames(support.rank_guidelines, GUIDELINE_SUPPORT)


def ranked(min_publishers=2, links=None):
    ranks = rank_guidelines(THREE_GUIDELINES, evidence() if links is None else links, min_publishers)
    return ranks.set_index("guideline_id").to_dict("index")


def test_the_support_of_a_guideline_is_counted():
    assert ranked()["G1"] == {
        "name": "Mesh",
        "n_codes": 2,
        "n_codings": 4,
        "n_sources": 3,
        "n_publishers": 2,
        "rank": 1,
        "has_floor": "yes",
    }


def test_more_sources_rank_before_more_codings():
    links = table(
        EVIDENCE,
        "guideline_id coding_id source_id",
        *[("G1", f"A-{number}", "S1") for number in range(9)],
        ("G2", "B-1", "S2"),
        ("G2", "B-2", "S3"),
    )
    assert (ranked(links=links)["G2"]["rank"], ranked(links=links)["G1"]["rank"]) == (1, 2)


def test_guidelines_with_as_many_sources_share_a_rank_and_the_next_one_is_left_out():
    links = table(EVIDENCE, "guideline_id coding_id source_id", ("G1", "A-1", "S1"), ("G2", "A-2", "S2"))
    assert [ranked(links=links)[name]["rank"] for name in ("G1", "G2", "G3")] == [1, 1, 3]


def test_a_guideline_without_evidence_has_zeros_and_no_floor():
    assert ranked(min_publishers=1)["G3"] == {
        "name": "Pump",
        "n_codes": 0,
        "n_codings": 0,
        "n_sources": 0,
        "n_publishers": 0,
        "rank": 3,
        "has_floor": "no",
    }


@pytest.mark.parametrize(("min_publishers", "has_floor"), [(1, "yes"), (2, "yes"), (3, "no")])
def test_the_floor_is_met_from_as_many_publishers_as_asked_for(min_publishers, has_floor):
    assert ranked(min_publishers)["G1"]["has_floor"] == has_floor


def test_without_any_evidence_every_guideline_is_ranked_with_zeros(tmp_path):
    ranks = rank_guidelines(THREE_GUIDELINES, evidence().head(0), min_publishers=1)
    GUIDELINE_SUPPORT.write(ranks, tmp_path / "support.csv")
    back = GUIDELINE_SUPPORT.read(tmp_path / "support.csv")
    assert (back["rank"].tolist(), back["n_codings"].tolist()) == ([1, 1, 1], [0, 0, 0])


def test_without_guidelines_nothing_is_ranked(tmp_path):
    none = table(GUIDELINES, "guideline_id")
    GUIDELINE_SUPPORT.write(rank_guidelines(none, evidence().head(0), 1), tmp_path / "support.csv")
    assert len(GUIDELINE_SUPPORT.read(tmp_path / "support.csv")) == 0


@pytest.mark.parametrize("words", ["not stated", "Unknown", "n/a", "(none)", "-", "anonymous"])
def test_publishers_that_nobody_knows_are_none(words):
    links = table(
        EVIDENCE,
        "guideline_id coding_id source_id publisher",
        ("G1", "A-1", "S1", "Ann"),
        *[("G1", f"B-{number}", f"T{number}", words) for number in range(9)],
    )
    support_of = ranked(links=links)["G1"]
    assert (support_of["n_sources"], support_of["n_publishers"], support_of["has_floor"]) == (10, 1, "no")
