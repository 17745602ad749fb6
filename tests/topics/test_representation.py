"""Segments as figures and as words."""

from graylit.topics.representation import count_matrix, read_quotes
from segment_rows import make_segments


def test_a_matrix_of_counts_leaves_other_terms_out():
    assert count_matrix(["lid:2 tap:1", "", "pump:3"], ["lid", "pump"]).toarray().tolist() == [[2, 0], [0, 0], [0, 3]]


def test_the_words_of_segments_are_cut_from_their_texts(tmp_path):
    (tmp_path / "S1.txt").write_text("Käfer fly.\n\nBees too.", encoding="utf-8")
    (tmp_path / "S2.txt").write_text("Rain.", encoding="utf-8")
    segments = make_segments(("S1-1", "S1", 0, 10), ("S1-2", "S1", 12, 21), ("S2-1", "S2", 0, 5))
    assert read_quotes(segments, tmp_path) == ["Käfer fly.", "Bees too.", "Rain."]
