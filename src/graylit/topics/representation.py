"""Segments as figures: counts of the terms that several sources share, and vectors made of them.

Topics and suggestions rest on the same figures. Stop words and words of a single source are left out, so the counts are
enough to compute with and too little to read: the frozen corpus has them instead of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graylit.preparation.serving import mark_served, read_serving
from graylit.preparation.terms import read_terms
from graylit.tables.preparation import LISTING, SEGMENTS, TERM_COUNTS

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix


def leave_out_code_blocks(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments that may have a topic, by segment_id: their words say what program code does not."""
    return segments[segments["kind"] != LISTING].sort_values("segment_id", ignore_index=True)


def read_served(segments: str | Path, serving: str | Path) -> pd.DataFrame:
    """Return the segments that may have a topic, by segment_id, with who serves the source of each."""
    every = SEGMENTS.read(segments, columns=["segment_id", "source_id", "kind"])
    return mark_served(leave_out_code_blocks(every), read_serving(serving))


def read_cells(path: str | Path, segment_ids: Iterable[str]) -> Iterator[str]:
    """Yield the cells of terms of some segments from a table of term counts, by segment_id as the table is."""
    wanted = set(segment_ids)
    return (row["terms"] for row in TERM_COUNTS.read_each(path) if row["segment_id"] in wanted)


def count_matrix(cells: Iterable[str], vocabulary: Sequence[str]) -> csr_matrix:
    """Return the counts of cells of terms as a matrix (n_cells, n_terms); other terms are left out."""
    from scipy.sparse import csr_matrix  # slow to import, and who only reads vectors needs none

    column_of = {term: column for column, term in enumerate(vocabulary)}
    starts, columns, counts = [0], [], []
    for cell in cells:
        known = [(column_of[term], n) for term, n in read_terms(cell).items() if term in column_of]
        columns += [column for column, _ in known]
        counts += [n for _, n in known]
        starts.append(len(columns))
    return csr_matrix((counts, columns, starts), shape=(len(starts) - 1, len(vocabulary)), dtype=np.int64)


def write_vectors(segment_ids: Iterable[str], vectors: np.ndarray, path: str | Path) -> None:
    """Write the vectors of segments (n_segments, n_dimensions) in half the memory: their decimals fit into it."""
    np.savez(path, segment_ids=np.array(list(segment_ids), dtype=str), vectors=vectors.astype(np.float32, copy=False))


def read_vectors(segments: pd.DataFrame, batches: Mapping[str, Iterable[str | Path]]) -> np.ndarray:
    """Return the vectors of segments from the batch that serves each: `served_by` of a segment names its `batches`.

    Raises
    ------
    ValueError
        No file holds a segment: a mistake in a script.
    """
    segment_ids, served_by = segments.set_index("segment_id").index, segments["served_by"].to_numpy()
    vectors, is_found = np.zeros((len(segment_ids), 0), np.float32), np.zeros(len(segment_ids), bool)
    for server, path in ((server, path) for server, paths in batches.items() for path in paths):
        with np.load(path, allow_pickle=False) as batch:
            found, rows = batch["vectors"], segment_ids.get_indexer(batch["segment_ids"])
        if not vectors.shape[1]:
            vectors = np.zeros((len(segment_ids), found.shape[1]), np.float32)
        is_taken = rows >= 0
        is_taken[is_taken] = served_by[rows[is_taken]] == server
        vectors[rows[is_taken]] = found[is_taken]
        is_found[rows[is_taken]] = True
    if not is_found.all():
        raise ValueError(f"no vector of {segment_ids[~is_found][0]}")
    return vectors


def read_quotes(segments: pd.DataFrame, folder: Path) -> list[str]:
    """Return the words of each segment, in the order of the rows."""
    starts, ends = segments["start"].to_numpy(), segments["end"].to_numpy()
    quotes = [""] * len(segments)
    for source_id, rows in segments.groupby("source_id").indices.items():
        text = (folder / f"{source_id}.txt").read_bytes().decode("utf-8")
        for row in rows:
            quotes[row] = text[starts[row] : ends[row]]
    return quotes
