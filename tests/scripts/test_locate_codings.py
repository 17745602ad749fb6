"""The places of codings in the texts and segments of now."""

import re

import pandas as pd
import pytest
from locate_codings import (
    Corpus,
    describe_methods,
    find_segments,
    gather_codings,
    list_orphans,
    locate_codings,
    place_codings,
    tabulate_codings,
)

from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.anchors.places import Place
from graylit.study.checking import require_study
from graylit.study.placing import find_unplaced
from graylit.tables.coding import CODINGS, LOCATED_CODINGS, ORPHANS
from graylit.tables.preparation import SEGMENTS
from segment_rows import make_segments, row
from tiny_study import write_study

TEXT = "Rain falls. Barrels fill."
CODES = {"C1": {"code_id": "C1", "status": "active", "replaced_by": "", "decided_at": ""}}


def make_coding(coding_id, source_id="S1", start="", end="", **cells):
    """Return a row of a coder's table; cells not given are empty."""
    row = dict.fromkeys(CODINGS.names, "") | {"coding_id": coding_id, "source_id": source_id, "code_id": "C1"}
    return row | {"start": str(start), "end": str(end), "coder": "A"} | cells


def mark_coding(coding_id, start, end, text=TEXT, **cells):
    """Return a row with digests and fingerprint of what it marks in a text."""
    mark = take_fingerprint(Words(text), start, end)
    digests = {"exact_sha256": mark.exact_sha256, "normal_sha256": mark.normal_sha256, "fingerprint": mark.to_cell()}
    return make_coding(coding_id, "S1", start, end, **digests | cells)


SEGMENTS_OF_S1 = make_segments(("S1-1", "S1", 0, 11), ("S1-2", "S1", 12, 25))


def locate(*rows, text=TEXT, segments=SEGMENTS_OF_S1, codebook=CODES, judged=None):
    """Return the located codings of one source."""
    segment_of, places = find_segments(segments, place_codings(rows, text), text)
    return tabulate_codings(rows, places, segment_of, codebook, judged or {})


def segments_of(*rows, **given):
    located = locate(*rows, **given)
    return dict(zip(located["coding_id"], located["segment_id"], strict=True))


def only_place(coding, text=TEXT):
    return place_codings([coding], text)[coding["coding_id"]]


def test_a_coding_is_placed_in_the_segment_in_which_it_starts():
    rows = make_coding("A-1", start=0, end=4), make_coding("A-2", start=12, end=19)
    assert segments_of(*rows) == {"A-1": "S1-1", "A-2": "S1-2"}


def test_a_coding_across_two_segments_is_placed_in_the_first():
    assert segments_of(make_coding("A-1", start=5, end=19)) == {"A-1": "S1-1"}


BETWEEN = "Rain falls.  \n\nA heading\n\n- Barrels fill."
APART = make_segments(("S1-1", "S1", 0, 11), ("S1-2", "S1", 26, len(BETWEEN)))


@pytest.mark.parametrize("start", [10, 11, 12, 13, 14, 15, 24, 25, 26, 28])
def test_a_coding_is_placed_in_the_segment_of_its_first_word_wherever_it_begins(start):
    located = row(locate(make_coding("A-1", start=start, end=35), text=BETWEEN, segments=APART))
    assert (located["segment_id"], located["start"], located["note"]) == ("S1-2", start, "")


@pytest.mark.parametrize("end", [10, 11, 13, 15, 24])
def test_a_coding_that_ends_after_its_segment_is_placed_in_it(end):
    located = row(locate(make_coding("A-1", start=5, end=end), text=BETWEEN, segments=APART))
    assert (located["segment_id"], located["note"]) == ("S1-1", "")


@pytest.mark.parametrize(("start", "end"), [(10, 11), (11, 15), (15, 24), (17, 24), (24, 27), (26, 28)])
def test_a_coding_without_a_word_in_a_segment_is_told_and_counts_in_the_next(start, end):
    located = locate(make_coding("A-1", start=start, end=end), text=BETWEEN, segments=APART)
    placed = row(located)
    assert placed["note"] == "no word of it is in a segment; it counts in the next one"
    assert placed["segment_id"] == ("S1-1" if end <= 11 else "S1-2")
    assert describe_methods(located) == "1 unchecked, 1 without a word in a segment"


def test_a_coding_after_the_last_segment_is_placed_in_the_last():
    assert segments_of(make_coding("A-1", start=24, end=25), segments=make_segments(("S1-1", "S1", 0, 9))) == {
        "A-1": "S1-1"
    }


def test_a_coding_in_the_heading_before_the_first_segment_is_placed_in_the_first():
    later = make_segments(("S1-1", "S1", 10, 20), ("S1-2", "S1", 22, 30))
    assert segments_of(make_coding("A-1", start=2, end=6), segments=later) == {"A-1": "S1-1"}


def test_a_coding_of_a_whole_source_has_no_segment():
    rows = make_coding("A-1"), make_coding("A-2", start=0, end=4)
    assert segments_of(*rows) == {"A-1": "", "A-2": "S1-1"}
    assert locate(*rows)["method"].tolist() == ["whole_source", "unchecked"]


def test_a_coding_of_a_source_without_text_stays_without_segment_and_counts():
    located = row(locate(mark_coding("A-1", 0, 4), text=None))
    assert (located["segment_id"], located["method"], located["is_evidence"]) == ("", "no_text", "yes")


def test_a_coding_found_elsewhere_is_placed_in_the_segment_where_it_is_now():
    moved = locate(mark_coding("A-1", 12, 19), text="Barrels fill. Rain falls.")
    assert moved[["segment_id", "start", "end", "method"]].to_numpy().tolist() == [["S1-1", 0, 7, "same_words"]]


def test_every_coding_is_located_once_and_fits_the_contract(tmp_path):
    rows = make_coding("A-1", start=0, end=4), make_coding("A-2"), mark_coding("A-3", 0, 4, exact_sha256="0" * 64)
    LOCATED_CODINGS.write(locate(*rows), tmp_path / "located.csv")
    assert LOCATED_CODINGS.read(tmp_path / "located.csv")["coding_id"].tolist() == ["A-1", "A-2", "A-3"]


def test_no_codings_are_located_as_none():
    assert locate().to_dict("records") == []


def test_a_round_that_is_not_named_is_the_first():
    assert locate(make_coding("A-1"), make_coding("A-2", round="2"))["round"].tolist() == [1, 2]


def test_a_coding_of_a_merged_code_has_the_code_in_force_and_the_one_given():
    retired = {"C0": {"code_id": "C0", "status": "retired", "replaced_by": "C1", "decided_at": ""}}
    located = row(locate(make_coding("A-1", code_id="C0"), codebook=CODES | retired))
    assert [located[name] for name in ("given_code_id", "unadjudicated_code_id", "code_id")] == ["C0", "C1", "C1"]


def test_a_coding_that_fell_in_adjudication_is_kept_and_no_evidence():
    located = row(locate(make_coding("A-1"), judged={"A-1": {"adjudication_id": "J-1", "verdict": "falls"}}))
    assert (located["standing"], located["adjudication_id"], located["is_evidence"]) == ("falls", "J-1", "no")
    assert located["code_id"] == "C1"


def test_a_coding_that_stands_in_adjudication_is_evidence():
    located = row(locate(make_coding("A-1"), judged={"A-1": {"adjudication_id": "J-1", "verdict": "stands"}}))
    assert (located["standing"], located["is_evidence"]) == ("stands", "yes")


def test_a_recoded_coding_has_the_new_code_after_merges_and_keeps_its_own_as_unadjudicated():
    retired = {"C0": {"code_id": "C0", "status": "retired", "replaced_by": "C1", "decided_at": ""}}
    verdict = {"adjudication_id": "J-1", "verdict": "recoded", "code_id": "C0"}
    located = row(locate(make_coding("A-1", code_id="C7"), codebook=CODES | retired, judged={"A-1": verdict}))
    assert [located[name] for name in ("given_code_id", "unadjudicated_code_id", "code_id")] == ["C7", "C7", "C1"]
    assert (located["standing"], located["is_evidence"]) == ("recoded", "yes")


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path)


def gathered_ids(study):
    gathered = gather_codings(require_study(study))
    return sorted((cells["coding_id"], coder) for given in gathered.values() for coder, cells in given)


def test_codings_of_all_coders_come_together_with_the_name_of_the_coder(study):
    assert gathered_ids(study) == [("A-1", "A"), ("A-2", "A"), ("A-3", "A"), ("B-1", "B")]


def test_a_coder_without_codings_changes_nothing(study):
    (study / "config/coding/codings/B.csv").write_text("coding_id,source_id,code_id\n")
    assert gathered_ids(study) == [("A-1", "A"), ("A-2", "A"), ("A-3", "A")]


def test_words_that_are_still_there_are_at_the_same_place():
    assert only_place(mark_coding("A-1", 12, 19)) == Place(12, 19, "same_place", 1.0)


def test_words_with_other_white_space_are_found_again():
    assert only_place(mark_coding("A-1", 0, 11), "Rain\n falls. Barrels fill.") == Place(0, 11, "normalized", 1.0)


def test_words_that_changed_are_an_orphan_and_no_evidence():
    located = row(locate(mark_coding("A-1", 12, 19), text="Rain falls. Buckets fill."))
    assert [located[name] for name in ("method", "segment_id", "is_evidence")] == ["orphan", "", "no"]
    assert pd.isna(located["start"]) and pd.isna(located["end"])


def test_every_orphan_is_listed_with_where_it_was_and_why(tmp_path):
    rows = mark_coding("A-1", 12, 19, memo="about barrels"), mark_coding("A-2", 20, 24), mark_coding("A-3", 0, 4)
    orphans = list_orphans(rows, locate(*rows, text="Rain falls. Buckets leak."))
    ORPHANS.write(orphans, tmp_path / "orphans.csv")
    back = ORPHANS.read(tmp_path / "orphans.csv")
    assert back[["coding_id", "coder", "source_id", "code_id", "start", "end", "memo"]].to_numpy().tolist() == [
        ["A-1", "A", "S1", "C1", 12, 19, "about barrels"],
        ["A-2", "A", "S1", "C1", 20, 24, ""],
    ]
    assert all(back["note"])


def test_without_orphans_the_list_is_empty(tmp_path):
    rows = [mark_coding("A-1", 12, 19)]
    ORPHANS.write(list_orphans(rows, locate(*rows)), tmp_path / "orphans.csv")
    assert len(ORPHANS.read(tmp_path / "orphans.csv")) == 0


def test_the_words_of_the_text_are_not_in_the_list_of_orphans():
    rows = [mark_coding("A-1", 12, 19)]
    orphans = list_orphans(rows, locate(*rows, text="Rain falls. Buckets fill."))
    assert not re.search("Barrels|Buckets|Rain", orphans.to_csv())


def test_a_coding_without_digest_beyond_its_text_is_an_orphan():
    place = only_place(make_coding("A-1", start=12, end=26))
    assert place == Place(None, None, "orphan", 0.0, "lies beyond the text, which has 25 characters")


def test_a_coding_without_digest_is_checked_for_its_place_only():
    assert only_place(make_coding("A-1", start=12, end=25)) == Place(12, 25, "unchecked", 0.0)


def test_a_coding_with_digest_and_without_fingerprint_is_not_looked_for_elsewhere():
    place = only_place(mark_coding("A-1", 12, 19, fingerprint=""), "Barrels fill. Rain falls.")
    assert place == Place(
        None, None, "orphan", 0.0, "other words stand there, and without fingerprint none can be found"
    )


def unplaced(folder, texts=None, segments=None):
    texts = {"S001": "A mesh lies over the inlet. A mesh is cheap."} if texts is None else texts
    found = find_unplaced(require_study(folder), texts.get, segments or {"S001-002": ("S001", 28, 43)})
    return [(f.file, f.row, f.column, f.value) for f in found.waiting], found.lost


def test_codings_with_places_and_of_whole_sources_are_placed(study):
    assert unplaced(study) == ([], set())


@pytest.mark.parametrize("column, named", [("segment_id", "S001-002"), ("exact", "A mesh is cheap")])
def test_a_coding_that_anchor_would_place_is_a_fault_and_no_coding_of_the_whole_source(study, column, named):
    table = f"coding_id,source_id,{column},code_id\nB-1,S002,,C01\nB-2,S001,{named},C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study) == ([("config/coding/codings/B.csv", 3, "start", named)], set())


@pytest.mark.parametrize("column, named", [("segment_id", "S001-009"), ("exact", "no such words"), ("exact", "A mesh")])
def test_a_coding_that_anchor_cannot_place_stops_nothing_and_is_an_orphan(study, column, named):
    table = f"coding_id,source_id,{column},code_id\nB-2,S001,{named},C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study) == ([], {"B-2"})
    (study / "S001.txt").write_text("A mesh lies over the inlet.", encoding="utf-8")
    corpus = Corpus(study, SEGMENTS.to_frame([]), {}, {})
    located, orphans = locate_codings(require_study(study), corpus, {"B-2"})
    (row,) = [row for row in located.to_dict("records") if row["coding_id"] == "B-2"]
    assert (row["method"], row["is_evidence"], row["segment_id"]) == ("orphan", "no", "")
    assert list(orphans["coding_id"]) == ["B-2"] and "never had a place" in orphans["note"].iloc[0]
    ORPHANS.write(orphans, study / "orphans.csv")
    assert "no such words" not in (study / "orphans.csv").read_text(encoding="utf-8")


def test_a_coding_that_waits_for_its_place_in_a_source_without_text_counts_without_one(study):
    table = "coding_id,source_id,exact,code_id\nB-1,S001,a mesh over the inlet,C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study, texts={}) == ([], set())
    assert only_place(make_coding("B-1", exact="a mesh"), None) == Place(None, None, "no_text", 0.0)


def test_a_coding_that_was_replaced_need_not_have_a_place(study):
    table = "coding_id,source_id,exact,replaces,code_id\nB-1,S001,a mesh,,C01\nB-2,S001,,B-1,C01\n"
    (study / "config/coding/codings/B.csv").write_text(table)
    assert unplaced(study) == ([], set())
