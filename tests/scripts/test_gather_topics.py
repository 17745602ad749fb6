"""The topics of all batches, joined and tabulated."""

import pandas as pd
import pytest
from gather_topics import join_batches, tabulate_measures, tabulate_topics

from graylit.tables.topics import TOPIC_MEASURES, TOPIC_SEGMENTS, TOPICS
from segment_rows import make_segments


@pytest.mark.parametrize(("served_by", "topics"), [("captured", [1, 1, 1]), ("frozen", [0, 0, 0])])
def test_a_segment_takes_its_topic_from_the_batch_that_serves_its_source(served_by, topics):
    segments = place_segments(5, 5, 5)[["segment_id", "source_id", "kind"]].assign(served_by=served_by)
    frozen, captured = (place_segments(*topics)[TOPIC_SEGMENTS.names] for topics in ((0, 0, 0, 0), (1, 1, 1)))
    joined = join_batches(segments, {"captured": [captured], "frozen": [frozen]})
    assert joined["topic_id"].tolist() == topics


def test_a_segment_that_no_batch_placed_is_a_mistake_and_not_left_out():
    segments = place_segments(5, 5, 5)[["segment_id", "source_id", "kind"]].assign(served_by="captured")
    with pytest.raises(ValueError, match="no topic of S1-2"):
        join_batches(segments, {"captured": [place_segments(0, 0)[TOPIC_SEGMENTS.names]]})


def place_segments(*topic_ids):
    segments = make_segments(*((f"S1-{n}", f"S{n % 2}", n, n + 1) for n in range(len(topic_ids))))
    return segments.assign(topic_id=topic_ids, similarity=[1 - n / 10 for n in range(len(topic_ids))])


def test_topics_are_tabulated_with_their_segments_sources_and_nearest_segments():
    placed = place_segments(0, 0, 0, 0, 1, -1)
    table = tabulate_topics(placed, [["rain"], ["bee"]], npmi=[0.5, 0.25])
    assert table["topic_id"].tolist() == [-1, 0, 1]
    assert table["n_segments"].tolist() == [1, 4, 1]
    assert table["n_sources"].tolist() == [1, 2, 1]
    assert table["share"].tolist() == [1 / 6, 4 / 6, 1 / 6]
    assert table["segment_ids"].tolist() == ["", "S1-0; S1-1; S1-2", "S1-4"]


def test_a_topic_that_lost_its_segments_keeps_its_row():
    assert tabulate_topics(place_segments(0), [["rain"], ["bee"]], npmi=[0, 0])["n_segments"].tolist() == [1, 0]


def test_the_table_of_topics_fits_its_contract(tmp_path):
    TOPICS.write(tabulate_topics(place_segments(0, 0, 1), [["rain"], ["bee"]], npmi=[0, 0]), tmp_path / "topics.csv")
    assert TOPICS.read(tmp_path / "topics.csv")["n_segments"].tolist() == [2, 1]


def test_the_share_of_outliers_is_a_measure():
    table = pd.DataFrame({"topic_id": [-1, 0], "share": [0.25, 0.75], "npmi": [None, 0.5]})
    measures = tabulate_measures(table, [["rain"]], n_terms=9)
    assert measures.columns.tolist() == TOPIC_MEASURES.names
    assert measures.set_index("measure")["value"].to_dict() == {
        "n_topics": 1,
        "n_terms": 9,
        "outlier_share": 0.25,
        "npmi_mean": 0.5,
        "diversity": 1,
    }
