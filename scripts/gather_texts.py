"""Bring texts and segments together, source by source: of captures where a text was made, else of the frozen corpus.

This is the one place where captured and frozen sources meet. What the frozen corpus does not hold is left out of both,
so that everything after this step is the same, whichever of them served a source.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from glr.contracts import Contract
from glr.steps import StepLog
from glr.tables import FROZEN_TEXTS, SEGMENTS, SOURCES, TERM_COUNTS, TEXTS, VOCABULARY
from glr.terms import MIN_HIDDEN_WORDS, choose_vocabulary, count_sources, hide_words
from glr.urls import page_keys


def read_tables(contract: Contract, paths: Iterable[str]) -> list[pd.DataFrame]:
    """Return the tables of all shards, in order of their paths."""
    return [contract.read(path) for path in sorted(paths)]


def join_tables(contract: Contract, tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of several tables as one, sorted by key."""
    return pd.concat([contract.to_frame([]), *tables], ignore_index=True).sort_values(
        list(contract.key), ignore_index=True
    )


def choose_texts(sources: pd.DataFrame, captured: pd.DataFrame, frozen: pd.DataFrame) -> pd.DataFrame:
    """Return one row per source, as in TEXTS and `served_by`: captured, frozen or none.

    A captured text comes first. The frozen one serves where there is none, if it is of the pages that the source's
    addresses name now. Where neither has a text, the row says how the last try ended.
    """
    made, kept = (table.set_index("source_id", drop=False).to_dict("index") for table in (captured, frozen))
    rows = []
    for source in sources.to_dict("records"):
        row, held = made.get(source["source_id"], {}), kept.get(source["source_id"], {})
        if held and page_keys(held) != page_keys(source):
            held = {}
        if row.get("outcome") == "extracted":
            rows.append({**row, "served_by": "captured"})
        elif held.get("outcome") == "extracted":
            rows.append({**held, "served_by": "frozen"})
        else:
            empty = {"source_id": source["source_id"], "outcome": "not_captured", "n_characters": 0, "n_words": 0}
            was_tried = bool(row.get("origin"))
            rows.append({**((row if was_tried else held) or row or empty), "served_by": "none"})
    return pd.DataFrame(rows, columns=[*TEXTS.names, "served_by"]).fillna("")


def find_stale(shards: Iterable[str]) -> list[Path]:
    """Return the folders that a run with another number of shards left beside those of this run."""
    ours = {Path(shard).parent for shard in shards}
    return sorted({path for shard in ours for path in shard.parent.glob("*-of-*")} - ours)


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "gather_texts"), snakemake.input
    sources, is_frozen = SOURCES.read(given.sources), bool(given.get("frozen_texts"))
    captured = join_tables(TEXTS, read_tables(TEXTS, given.texts))
    texts = choose_texts(
        sources, captured, FROZEN_TEXTS.read(given.frozen_texts) if is_frozen else FROZEN_TEXTS.to_frame([])
    )
    served = {name: set(rows["source_id"]) for name, rows in texts.groupby("served_by")}
    parts = list(zip(read_tables(SEGMENTS, given.segments), read_tables(TERM_COUNTS, given.term_counts), strict=True))
    if is_frozen:
        segments = SEGMENTS.read(given.frozen_segments)
        segments = segments[segments["source_id"].isin(served.get("frozen", ()))]
        counts = TERM_COUNTS.read(given.frozen_term_counts)
        parts.append((segments, counts[counts["segment_id"].isin(segments["segment_id"])]))
    if is_frozen and not snakemake.params.refit:
        table = VOCABULARY.read(given.frozen_vocabulary)
        vocabulary = dict(zip(table["term"], table["n_sources"], strict=True))
    else:
        source_of = {row.segment_id: row.source_id for segments, _ in parts for row in segments.itertuples()}
        n_sources = count_sources((counts for _, counts in parts), source_of)
        vocabulary = choose_vocabulary(n_sources, snakemake.params.min_sources)
    parts = [hide_words(segments, counts, vocabulary) for segments, counts in parts]
    for stale in find_stale(given.folders):
        shutil.rmtree(stale)
    folder = Path(snakemake.output.folder)
    folder.mkdir(parents=True)
    for path in sorted(path for shard in given.folders for path in Path(shard).glob("*.txt")):
        shutil.copyfile(path, folder / path.name)
    segments = join_tables(SEGMENTS, [segments for segments, _ in parts])
    TEXTS.write(texts[TEXTS.names], snakemake.output.texts)
    SEGMENTS.write(segments, snakemake.output.segments)
    TERM_COUNTS.write(join_tables(TERM_COUNTS, [counts for _, counts in parts]), snakemake.output.term_counts)
    VOCABULARY.write(pd.DataFrame(sorted(vocabulary.items()), columns=VOCABULARY.names), snakemake.output.vocabulary)
    counted = ", ".join(f"{len(served[name])} {name}" for name in ("captured", "frozen", "none") if name in served)
    n_hidden = int((segments["sha256"] == "").sum())
    log.note(f"{n_hidden} segments give neither digest nor terms away: fewer than {MIN_HIDDEN_WORDS} hidden words")
    log.close(f"{len(sources)} sources ({counted})", f"{len(segments)} segments, {len(vocabulary)} terms")
