"""Codes and pairs of codes, counted."""

import count_codes as counting
import pandas as pd

from frames import on_frames
from graylit.tables.coding import CODE_COUNTS, CODE_PAIRS, CODEBOOK, LOCATED_CODINGS
from graylit.tables.sources import SOURCES
from segment_rows import row

count_codes = on_frames(counting.count_codes, CODE_COUNTS)
count_pairs = on_frames(counting.count_pairs, CODE_PAIRS)
FOUR_SOURCES = SOURCES.to_frame(
    {"source_id": source_id, "publisher": publisher, "source_type": source_type}
    for source_id, publisher, source_type in [
        ("S1", "Ann", "blog"),
        ("S2", "Ann", "blog"),
        ("S3", "Bo", "docs"),
        ("S4", "Cy", "docs"),
    ]
)


THREE_CODES = CODEBOOK.to_frame({"code_id": f"C{n}", "name": f"code {n}", "status": "active"} for n in (1, 2, 3))


def make_located(*rows):
    columns = ["coding_id", "coder", "source_id", "code_id"]
    return LOCATED_CODINGS.to_frame(dict(zip(columns, one, strict=True)) for one in rows)


LOCATED = make_located(
    ("A-1", "A", "S1", "C1"),
    ("A-2", "A", "S1", "C1"),
    ("A-3", "A", "S2", "C1"),
    ("A-4", "A", "S3", "C2"),
    ("B-1", "B", "S3", "C1"),
)


def test_a_code_is_counted_by_codings_coders_sources_and_publishers():
    assert row(count_codes(THREE_CODES, LOCATED, FOUR_SOURCES), code_id="C1") == {
        "code_id": "C1",
        "name": "code 1",
        "n_codings": 4,
        "n_coders": 2,
        "n_sources": 3,
        "n_publishers": 2,
    }


def test_a_code_without_codings_is_counted_with_zeros():
    counts = row(count_codes(THREE_CODES, LOCATED, FOUR_SOURCES), code_id="C3")
    assert [value for name, value in counts.items() if name.startswith("n_")] == [0, 0, 0, 0]


def test_without_codings_every_code_is_counted_with_zeros(tmp_path):
    counts = count_codes(THREE_CODES, make_located(), FOUR_SOURCES)
    CODE_COUNTS.write(counts, tmp_path / "counts.csv")
    assert CODE_COUNTS.read(tmp_path / "counts.csv")["n_codings"].tolist() == [0, 0, 0]


def test_a_retired_code_without_codings_is_not_counted():
    retired = THREE_CODES.assign(status=["active", "active", "retired"])
    assert count_codes(retired, LOCATED, FOUR_SOURCES)["code_id"].tolist() == ["C1", "C2"]


def test_a_retired_code_that_still_has_codings_is_counted():
    retired = THREE_CODES.assign(status=["active", "retired", "active"])
    assert row(count_codes(retired, LOCATED, FOUR_SOURCES), code_id="C2")["n_codings"] == 1


def test_counting_changes_none_of_its_tables():
    before = LOCATED.copy()
    count_codes(THREE_CODES, LOCATED, FOUR_SOURCES)
    count_pairs(LOCATED, FOUR_SOURCES)
    pd.testing.assert_frame_equal(LOCATED, before)


def test_pairs_of_codes_count_the_sources_of_a_kind_that_carry_both():
    pairs = count_pairs(LOCATED, FOUR_SOURCES)
    assert pairs.to_numpy().tolist() == [
        ["blog", "C1", "C1", 2],
        ["docs", "C1", "C1", 1],
        ["docs", "C1", "C2", 1],
        ["docs", "C2", "C1", 1],
        ["docs", "C2", "C2", 1],
    ]


def test_without_codings_there_are_no_pairs(tmp_path):
    CODE_PAIRS.write(count_pairs(make_located(), FOUR_SOURCES), tmp_path / "pairs.csv")
    assert len(CODE_PAIRS.read(tmp_path / "pairs.csv")) == 0


def test_a_publisher_that_nobody_knows_is_none():
    sources = FOUR_SOURCES.assign(publisher=["Ann", "not stated", "unknown", "not stated"])
    codings = make_located(*[(f"A-{n}", "A", f"S{n}", "C1") for n in (1, 2, 3, 4)])
    counts = count_codes(THREE_CODES, codings, sources).set_index("code_id")
    assert (counts.loc["C1", "n_sources"], counts.loc["C1", "n_publishers"]) == (4, 1)
