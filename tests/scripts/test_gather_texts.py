"""Which text serves a source: the captured one, the frozen one of the same pages, or none."""

import pytest
from gather_texts import choose_texts, join_parts

from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TERM_COUNTS, TEXTS
from graylit.tables.sources import SOURCES

SOURCE = SOURCES.to_frame([{"source_id": "S1", "url": "https://a.example/page"}])


FROZEN_ROW = {"source_id": "S1", "outcome": "extracted", "url": "http://a.example/page/", "text_sha256": "f" * 64}


def serve(captured, frozen_row=FROZEN_ROW, sources=SOURCE):
    tables = (TEXTS.to_frame(captured), FROZEN_TEXTS.to_frame([frozen_row] if frozen_row else []))
    (row,) = choose_texts(sources, *tables).to_dict("records")
    return row["served_by"], row["outcome"]


@pytest.mark.parametrize(
    ("captured", "frozen_row", "served"),
    [
        ([{"source_id": "S1", "outcome": "extracted"}], FROZEN_ROW, ("captured", "extracted")),
        ([{"source_id": "S1", "outcome": "empty_text", "origin": "live"}], FROZEN_ROW, ("frozen", "extracted")),
        ([{"source_id": "S1", "outcome": "not_captured", "origin": "live"}], FROZEN_ROW, ("frozen", "extracted")),
        ([], FROZEN_ROW, ("frozen", "extracted")),
        ([], FROZEN_ROW | {"url": "https://a.example/other"}, ("none", "not_captured")),
        ([{"source_id": "S1", "outcome": "empty_text"}], None, ("none", "empty_text")),
        ([], None, ("none", "not_captured")),
        ([], FROZEN_ROW | {"outcome": "empty_text"}, ("none", "empty_text")),
        (
            [{"source_id": "S1", "outcome": "not_captured"}],
            FROZEN_ROW | {"outcome": "unreadable"},
            ("none", "unreadable"),
        ),
    ],
)
def test_a_captured_text_serves_first_then_the_frozen_one_of_the_same_address(captured, frozen_row, served):
    assert serve(captured, frozen_row) == served


@pytest.mark.parametrize(
    ("further", "served"), [("https://a.example/2", "frozen"), ("https://a.example/3", "none"), ("", "none")]
)
def test_a_frozen_text_serves_the_same_further_pages_only(further, served):
    sources = SOURCES.to_frame([{"source_id": "S1", "url": "https://a.example/page", "further_urls": further}])
    assert serve([], FROZEN_ROW | {"further_urls": "http://a.example/2/"}, sources)[0] == served


def test_a_segment_of_no_post_has_an_empty_cell_for_it():
    cells = {"source_id": "S001", "kind": "paragraph", "start": "0", "end": "9", "n_words": "9", "sketch": "0" * 8}
    posts = {"S001-001": {"post": "1", "post_role": "question"}, "S001-002": {}}
    rows = [{"segment_id": segment_id, **cells, **post} for segment_id, post in posts.items()]
    counts = [{"segment_id": segment_id, "terms": ""} for segment_id in posts]
    segments, _ = join_parts([(SEGMENTS.to_frame(rows), TERM_COUNTS.to_frame(counts))], {})
    assert [(row["post"], row["post_role"]) for row in segments] == [("1", "question"), ("", "")]
