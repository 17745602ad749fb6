"""The segments on which topics are fitted."""

import pytest
from fit_topics import count_usable, draw_segments, explain_lack

from segment_rows import make_segments


def test_topics_are_fitted_on_a_sample_where_segments_are_many():
    segments = make_segments(*((f"S1-{number:03d}", "S1", number, number + 1) for number in range(100)))
    segments.loc[:49, "kind"] = "listing"
    every, drawn, again = (draw_segments(segments, n, seed=1) for n in (50, 20, 20))
    assert len(every) == 50 and len(drawn) == 20
    assert drawn["segment_id"].tolist() == again["segment_id"].tolist() == sorted(drawn["segment_id"])
    assert set(drawn["segment_id"]) < set(every["segment_id"])


def test_enough_segments_and_terms_lack_nothing():
    assert explain_lack(n_segments=80, n_terms=3, n_topics=40, min_sources=2) == ""


@pytest.mark.parametrize(
    ("n_segments", "n_terms", "said"),
    [
        (0, 0, "topics take 3 terms or more that several sources share, and there are none; capture more sources"),
        (80, 2, "topics take 3 terms or more that several sources share, and there are 2; capture more sources"),
        (79, 100, "; lower topics.n_topics to 39, or capture more sources"),
        (
            1,
            9,
            "40 topics take 80 segments or more with terms that several sources share, and there is 1; capture more",
        ),
    ],
)
def test_too_little_text_for_the_topics_asked_for_is_told_with_what_would_help(n_segments, n_terms, said):
    assert said in explain_lack(n_segments, n_terms, n_topics=40, min_sources=2)


def test_no_topics_are_formed_if_none_are_asked_for():
    assert (
        explain_lack(n_segments=80, n_terms=30, n_topics=0, min_sources=2)
        == "none are asked for (topics.n_topics is 0)"
    )


@pytest.mark.parametrize(
    ("n_segments", "n_terms", "min_sources", "lower"),
    [(79, 100, 2, "topics.n_topics to 39"), (4, 3, 5, "topics.n_topics to 2 or topics.min_sources"),
     (80, 2, 5, "topics.min_sources")],
)  # fmt: skip
def test_what_is_to_be_lowered_for_topics_can_be(n_segments, n_terms, min_sources, lower):
    said = explain_lack(n_segments, n_terms, n_topics=40, min_sources=min_sources)
    assert said.endswith(f"; lower {lower}, or capture more sources")


@pytest.mark.parametrize(
    ("cells", "usable"),
    [([], (0, 0)), (["", "", ""], (0, 0)), (["bee:2 hive:1", "", "hive:3 other:1"], (2, 2))],
)
def test_terms_that_stand_in_no_segment_and_segments_without_terms_are_no_text_for_topics(cells, usable):
    assert count_usable(cells, ["bee", "hive", "roof"]) == usable
