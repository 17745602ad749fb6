"""Topics beside codes: the crosswalk, its gaps, and how far both agree."""

import math
import random

import cross_topics as crossing
import pytest
from cross_topics import find_gaps, measure_crosswalk
from sklearn.metrics import normalized_mutual_info_score

from frames import as_frame, on_frames, shuffled, table, values_of, written
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.preparation import SEGMENTS
from graylit.tables.topics import CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES, TOPIC_SEGMENTS
from graylit.topics.measures import measure_information

gather_read, gather_codes = on_frames(crossing.gather_read), on_frames(crossing.gather_codes)
SEGMENTED = table(
    SEGMENTS, "segment_id source_id", *[(f"S1-{n:02}", "S1") for n in range(10)], ("S2-00", "S2"), ("S2-01", "S2")
)


TOPICAL = table(
    TOPIC_SEGMENTS,
    "segment_id topic_id",
    *[(f"S1-{n:02}", topic) for n, topic in enumerate([0, 0, 0, 1, 1, 1, 2, 2, 2, -1])],
    ("S2-00", 3),
    ("S2-01", 0),
)


GIVEN = table(
    LOCATED_CODINGS,
    "coding_id coder segment_id code_id",
    ("A-0", "A", "S1-00", "C1"),
    ("B-0", "B", "S1-00", "C1"),
    ("A-1", "A", "S1-01", "C1"),
    ("A-2", "A", "S1-03", "C1"),
    ("A-3", "A", "S1-03", "C2"),
    ("A-4", "A", "S1-04", "C2"),
    ("A-5", "A", "S1-09", "C3"),
    ("A-6", "A", "", "C4"),
    ("A-7", "A", "S2-00", "C5"),
)


def cross(codings=GIVEN, topical=TOPICAL, segments=SEGMENTED, finished=("S1",)):
    read = gather_read(topical, segments, set(finished))
    coded = gather_codes(read, codings)
    return read, coded, crossing.cross_topics(read, coded)


def test_a_crosswalk_has_shares_and_lift():
    crosswalk = as_frame(CROSSWALK, cross()[2]).set_index(["topic_id", "code_id"])
    assert crosswalk.loc[(0, "C1")].tolist() == pytest.approx([2, 2 / 3, 2 / 3, 10 * 2 / (3 * 3)])
    assert crosswalk.loc[(1, "C1")].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 10 / 9])
    assert crosswalk.loc[(1, "C2")].tolist() == pytest.approx([2, 2 / 3, 1, 10 * 2 / (3 * 2)])
    assert crosswalk.loc[(-1, "C3")].tolist() == pytest.approx([1, 1, 1, 10])
    assert len(crosswalk) == 4


def test_segments_of_sources_nobody_finished_do_not_count():
    assert list(cross()[0]) == [f"S1-{n:02}" for n in range(10)]
    assert len(cross(finished=("S1", "S2"))[0]) == 12


def test_gaps_are_codes_without_topic_and_topics_without_code():
    # C1 has 2/3 in topic 0, but with a lift of 2.2; C3 is in an outlier only; C2 is shown by topic 1
    assert as_frame(CROSSWALK_GAPS, find_gaps(*cross())).to_numpy().tolist() == [
        ["code no topic shows", "C1", pytest.approx(2 / 3)],
        ["code no topic shows", "C3", 0],
        ["topic no code names", "2", 0],
    ]


def test_a_code_is_shown_from_a_third_of_its_segments_with_a_lift_of_three():
    segments = table(SEGMENTS, "segment_id source_id", *[(f"S-{n:02}", "S1") for n in range(9)])
    topical = table(
        TOPIC_SEGMENTS, "segment_id topic_id", *[(f"S-{n:02}", topic) for n, topic in enumerate("011222222")]
    )
    codings = table(
        LOCATED_CODINGS, "coding_id segment_id code_id", *[(f"A-{n}", f"S-{n:02}", "C1") for n in (0, 1, 3)]
    )
    read, coded, crosswalk = cross(codings, topical, segments)
    found = as_frame(CROSSWALK, crosswalk).set_index("topic_id").loc[0]
    assert (found["share_of_code"], found["lift"]) == (pytest.approx(1 / 3), 3)
    assert "C1" not in [gap["subject"] for gap in find_gaps(read, coded, crosswalk)]


def test_a_topic_is_named_from_five_per_cent_of_its_segments():
    for n_segments, gaps in ((20, []), (21, ["7"])):
        ids = [f"S-{n:02}" for n in range(n_segments)]
        segments = table(SEGMENTS, "segment_id source_id", *[(segment_id, "S1") for segment_id in ids])
        topical = table(TOPIC_SEGMENTS, "segment_id topic_id", *[(segment_id, 7) for segment_id in ids])
        found = find_gaps(*cross(GIVEN.head(1).assign(segment_id="S-00"), topical, segments))
        assert [gap["subject"] for gap in found if gap["kind"] == "topic no code names"] == gaps


def test_normalized_mutual_information_is_that_of_scikit_learn():
    generator = random.Random(1)
    for _ in range(20):
        rows = [(generator.randrange(3), f"C{generator.randrange(4)}") for _ in range(30)]
        theirs = normalized_mutual_info_score(*zip(*rows, strict=True))
        assert measure_information(rows) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("codes", "value"), [("aabb", 1), ("abab", 0)])
def test_normalized_mutual_information_at_its_ends(codes, value):
    assert measure_information(list(zip([0, 0, 1, 1], codes, strict=True))) == pytest.approx(value)


@pytest.mark.parametrize("codes", ["", "a", "aaaa"])
def test_mutual_information_without_variation_is_no_number(codes):
    assert math.isnan(measure_information(list(enumerate(codes))))


def test_mutual_information_is_over_segments_of_a_topic_with_one_code():
    measures = values_of(as_frame(CROSSWALK_MEASURES, measure_crosswalk(*cross()[:2])))
    assert [measures[name] for name in ("n_segments", "n_coded_segments", "n_single_coded_segments")] == [10, 5, 3]
    assert measures["normalized_mutual_information"] == pytest.approx(1)


def test_a_crosswalk_is_the_same_for_every_order_of_rows(tmp_path):
    ours, others = cross(), cross(shuffled(GIVEN), shuffled(TOPICAL), shuffled(SEGMENTED))
    assert written(CROSSWALK, as_frame(CROSSWALK, ours[2]), tmp_path) == written(
        CROSSWALK, as_frame(CROSSWALK, others[2]), tmp_path
    )
    assert written(CROSSWALK_GAPS, find_gaps(*ours), tmp_path) == written(CROSSWALK_GAPS, find_gaps(*others), tmp_path)


@pytest.mark.parametrize("codings", [GIVEN.head(0), GIVEN[GIVEN["segment_id"] == ""]])
def test_without_coded_segments_every_topic_is_a_gap_and_the_rest_is_headers(codings, tmp_path):
    read, coded, crosswalk = cross(codings)
    assert written(CROSSWALK, as_frame(CROSSWALK, crosswalk), tmp_path) == ",".join(CROSSWALK.names) + "\n"
    gaps = find_gaps(read, coded, crosswalk)
    assert [gap["subject"] for gap in gaps] == ["0", "1", "2"]
    measures = measure_crosswalk(read, coded)
    assert written(CROSSWALK_MEASURES, measures, tmp_path) == ",".join(CROSSWALK_MEASURES.names) + "\n"


def test_where_nobody_has_finished_a_source_there_is_no_gap(tmp_path):
    gaps = find_gaps(*cross(finished=()))
    assert written(CROSSWALK_GAPS, gaps, tmp_path) == ",".join(CROSSWALK_GAPS.names) + "\n"
