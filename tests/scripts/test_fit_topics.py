"""The segments on which topics are fitted."""

import pytest
from fit_topics import count_usable, draw_segments, require_enough

from graylit.tables.faults import InputError
from segment_rows import make_segments


def test_topics_are_fitted_on_a_sample_where_segments_are_many():
    segments = make_segments(*((f"S1-{number:03d}", "S1", number, number + 1) for number in range(100)))
    segments.loc[:49, "kind"] = "listing"
    every, drawn, again = (draw_segments(segments, n, seed=1) for n in (50, 20, 20))
    assert len(every) == 50 and len(drawn) == 20
    assert drawn["segment_id"].tolist() == again["segment_id"].tolist() == sorted(drawn["segment_id"])
    assert set(drawn["segment_id"]) < set(every["segment_id"])


def test_enough_segments_and_terms_are_no_fault():
    assert require_enough(n_segments=80, n_terms=3, n_topics=40) is None


@pytest.mark.parametrize(("n_segments", "n_terms"), [(79, 100), (80, 2), (0, 0)])
def test_too_little_text_for_the_topics_asked_for_is_a_fault(n_segments, n_terms):
    with pytest.raises(InputError) as raised:
        require_enough(n_segments, n_terms, n_topics=40)
    (fault,) = raised.value.faults
    assert (fault.file, fault.column, fault.value) == ("config/config.yaml", "topics.n_topics", "40")
    assert fault.problem == f"is too many for {n_segments} segments with {n_terms} terms"


@pytest.mark.parametrize(
    ("n_segments", "n_terms", "expected"),
    [
        (79, 100, "at most 39"),
        (4, 3, "at most 2"),
        (3, 100, "4 segments with 3 terms at least, for two topics"),
        (80, 2, "4 segments with 3 terms at least, for two topics"),
        (0, 0, "4 segments with 3 terms at least, for two topics"),
    ],
)
def test_what_is_expected_of_too_many_topics_can_be_met(n_segments, n_terms, expected):
    with pytest.raises(InputError) as raised:
        require_enough(n_segments, n_terms, n_topics=40)
    assert raised.value.faults[0].expected == expected


@pytest.mark.parametrize(
    ("cells", "usable"),
    [([], (0, 0)), (["", "", ""], (0, 0)), (["bee:2 hive:1", "", "hive:3 other:1"], (2, 2))],
)
def test_terms_that_stand_in_no_segment_and_segments_without_terms_are_no_text_for_topics(cells, usable):
    assert count_usable(cells, ["bee", "hive", "roof"]) == usable
