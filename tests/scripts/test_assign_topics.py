"""The segments of a batch, read in parts."""

import pytest
from assign_topics import read_parts

from graylit.preparation.terms import count_terms, write_terms
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS
from segment_rows import QUOTES, fit_quotes


@pytest.fixture
def a_batch(tmp_path):
    quotes = [f"{quote} of the six or more words that nobody counts {n}" for n, quote in enumerate(QUOTES)]
    rows = [make_row(n, "listing" if n == 4 else "paragraph", quote) for n, quote in enumerate(quotes)]
    SEGMENTS.write(SEGMENTS.to_frame(rows), tmp_path / "segments.csv")
    counts = [{"segment_id": f"S001-{n:03}", "terms": write_terms(count_terms(q))} for n, q in enumerate(quotes)]
    TERM_COUNTS.write(TERM_COUNTS.to_frame(counts), tmp_path / "term_counts.csv")
    return tmp_path


def make_row(n, kind, quote):
    row = {"segment_id": f"S001-{n:03}", "source_id": "S001", "kind": kind, "sha256": "0" * 64, "sketch": "0" * 8}
    return row | {"start": str(n), "end": str(n + 1), "n_words": str(len(quote.split()))}


def list_parts(folder, n_rows):
    vocabulary = dict.fromkeys(fit_quotes()[0].vocabulary, 2)
    return list(read_parts(folder / "segments.csv", folder / "term_counts.csv", vocabulary, n_rows))


@pytest.mark.parametrize(("n_rows", "sizes"), [(1, [1] * 18), (7, [7, 7, 4]), (18, [18]), (1000, [18])])
def test_a_batch_read_in_parts_has_the_segments_and_terms_of_the_whole(a_batch, n_rows, sizes):
    parts, ((_, segments, cells),) = list_parts(a_batch, n_rows), list_parts(a_batch, 18)
    assert [n for n, *_ in parts] == sizes
    assert [cell for *_, part in parts for cell in part] == cells
    assert [one for _, part, _ in parts for one in part["segment_id"]] == segments["segment_id"].tolist()
    assert "S001-003" in segments["segment_id"].tolist() and "S001-004" not in segments["segment_id"].tolist()
    assert cells[0] == "barrel:1 gutter:1 rain:1 storage:1"


def test_a_batch_without_segments_has_no_parts(tmp_path):
    SEGMENTS.write(SEGMENTS.to_frame([]), tmp_path / "segments.csv")
    TERM_COUNTS.write(TERM_COUNTS.to_frame([]), tmp_path / "term_counts.csv")
    assert list_parts(tmp_path, 5) == []


def test_segments_without_their_terms_are_a_mistake_and_not_left_out(a_batch):
    counts = TERM_COUNTS.read(a_batch / "term_counts.csv")
    TERM_COUNTS.write(counts.iloc[:-1], a_batch / "term_counts.csv")
    with pytest.raises(ValueError, match="shorter"):
        list_parts(a_batch, 5)
