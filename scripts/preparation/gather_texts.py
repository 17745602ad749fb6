"""Bring texts and segments together, source by source: from captures if they gave a text, else from the frozen corpus.

This is the one place where captured and frozen sources meet. What the frozen corpus does not hold is left out of both,
so that everything after this step is the same, whichever of them served a source.
"""

import shutil
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from graylit.preparation.shards import SOURCES_PER_SHARD
from graylit.preparation.terms import MIN_HIDDEN_WORDS, choose_vocabulary, count_sources, hide_words, read_vocabulary
from graylit.runs.steps import Step
from graylit.study.frozen import match_frozen
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, SERVING, TERM_COUNTS, TEXTS, VOCABULARY
from graylit.tables.rows import list_rows
from graylit.tables.sources import SOURCES
from graylit.tables.store import Store, Table

Parts = Iterator[tuple[pd.DataFrame, pd.DataFrame]]  # segments and term counts of some of the sources


def read_captured(paths: Iterable[str]) -> pd.DataFrame:
    """Return the texts of the captured sources, from the tables of all shards."""
    return pd.concat([TEXTS.to_frame([]), *map(TEXTS.read, sorted(paths))], ignore_index=True)


def choose_texts(sources: pd.DataFrame, captured: pd.DataFrame, frozen: pd.DataFrame) -> pd.DataFrame:
    """Return one row per source, as in TEXTS and `served_by`: captured, frozen or none.

    A captured text comes first. The frozen one serves if there is none, and if it is of the pages that the source's
    addresses name now. If neither has a text, the row says how the last try ended.
    """
    every = list_rows(sources)
    made = {row["source_id"]: row for row in list_rows(captured)}
    kept = match_frozen(every, list_rows(frozen))
    rows = []
    for source_id in (source["source_id"] for source in every):
        row, old = made.get(source_id, {}), kept.get(source_id, {})
        if row.get("outcome") == "extracted":
            rows.append({**row, "served_by": "captured"})
        elif old.get("outcome") == "extracted":
            rows.append({**old, "served_by": "frozen"})
        else:
            empty = {"source_id": source_id, "outcome": "not_captured", "n_characters": 0, "n_words": 0}
            was_tried = bool(row.get("origin"))
            rows.append({**((row if was_tried else old) or row or empty), "served_by": "none"})
    return pd.DataFrame(rows, columns=[*TEXTS.names, "served_by"]).fillna("")


def read_shards(segments: Iterable[str], term_counts: Iterable[str]) -> Parts:
    """Yield the segments and term counts of the captured sources, shard by shard."""
    for of_segments, of_counts in zip(sorted(segments), sorted(term_counts), strict=True):
        yield SEGMENTS.read(of_segments), TERM_COUNTS.read(of_counts)


def store_frozen(segments: str, term_counts: str) -> tuple[Table, Table]:
    """Return the segments and term counts of the frozen corpus, on disk; without rows if there is none."""
    store = Store()
    paths = ((SEGMENTS, segments), (TERM_COUNTS, term_counts))
    rows, counts = (store.add(table.name, table.names, table.read_each(path) if path else ()) for table, path in paths)
    return rows, counts


def read_frozen(corpus: tuple[Table, Table], source_ids: Iterable[str]) -> Parts:
    """Yield the segments and term counts of the sources that the frozen corpus serves, a shard's worth at a time."""
    of_source, of_segment = corpus[0].group("source_id"), corpus[1].group("segment_id")
    ordered = sorted(source_ids)
    for first in range(0, len(ordered), SOURCES_PER_SHARD):
        some = ordered[first : first + SOURCES_PER_SHARD]
        rows = [row for source_id in some for row in of_source.get(source_id, [])]
        counts = [row for segment in rows for row in of_segment.get(segment["segment_id"], [])]
        yield SEGMENTS.to_frame(rows), TERM_COUNTS.to_frame(counts)


def read_all(shards: tuple[Iterable[str], Iterable[str]], corpus: tuple[Table, Table], frozen: Iterable[str]) -> Parts:
    """Yield the segments and term counts of captured sources and of those the frozen corpus serves."""
    yield from read_shards(*shards)
    yield from read_frozen(corpus, frozen)


def count_terms(parts: Parts) -> Counter[str]:
    """Return in how many sources each term occurs."""
    n_sources: Counter[str] = Counter()
    for segments, counts in parts:
        source_of = dict(zip(segments["segment_id"], segments["source_id"], strict=True))
        n_sources.update(count_sources([counts], source_of))
    return n_sources


def learn_vocabulary(frozen: str, parts: Parts, min_sources: int) -> dict[str, int]:
    """Return the vocabulary of the frozen corpus; if none is to be kept, that of the parts."""
    return read_vocabulary(frozen) if frozen else choose_vocabulary(count_terms(parts), min_sources)


def join_parts(parts: Parts, vocabulary: Mapping[str, int]) -> tuple[Table, Table]:
    """Return segments and term counts of all parts, on disk, without what would give words away."""
    store = Store()
    segments, counts = (store.add(table.name, table.names) for table in (SEGMENTS, TERM_COUNTS))
    for part in parts:
        for table, rows in zip((segments, counts), hide_words(*part, vocabulary), strict=True):
            table.add(list_rows(rows.astype("object").where(rows.notna(), "").astype("str")))
    return segments, counts


def remove_stale(shards: Iterable[str]) -> None:
    """Remove the folders that a run with another number of shards left beside those of this run."""
    ours = {Path(shard).parent for shard in shards}
    for stale in sorted({path for shard in ours for path in shard.parent.glob("*-of-*")} - ours):
        shutil.rmtree(stale)


def copy_texts(shards: Iterable[str], source_ids: Container[str], folder: Path) -> None:
    """Copy the texts of sources from all shards into a new folder."""
    folder.mkdir(parents=True)
    for path in sorted(path for shard in shards for path in Path(shard).glob("*.txt")):
        if path.stem in source_ids:
            shutil.copyfile(path, folder / path.name)


def write_tables(
    texts: pd.DataFrame, segments: Table, counts: Table, vocabulary: Mapping[str, int], paths: Mapping[str, str]
) -> None:
    """Write the step's tables, each to the path of its name; `texts` are as `choose_texts` returns them."""
    TEXTS.write(texts[TEXTS.names], paths["texts"])
    SERVING.write(texts[SERVING.names], paths["serving"])
    SEGMENTS.write_each(segments.sort("segment_id"), paths["segments"])
    TERM_COUNTS.write_each(counts.sort("segment_id"), paths["term_counts"])
    VOCABULARY.write(pd.DataFrame(sorted(vocabulary.items()), columns=VOCABULARY.names), paths["vocabulary"])


def describe_serving(texts: pd.DataFrame) -> str:
    """Return how many sources are served by what: '80 captured, 23 none'."""
    counts = Counter(texts["served_by"])
    return ", ".join(f"{counts[server]} {server}" for server in ("captured", "frozen", "none") if counts[server])


def describe_hidden(segments: Table) -> str:
    """Return how many segments keep their digest and their terms back, and why."""
    n_hidden = sum(row["sha256"] == "" for row in segments)
    return f"{n_hidden} segments give neither digest nor terms away: fewer than {MIN_HIDDEN_WORDS} hidden words"


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    frozen = FROZEN_TEXTS.read_or_empty(paths.get("frozen_texts", ""))
    texts = choose_texts(SOURCES.read(paths.sources), read_captured(paths.texts), frozen)
    served_frozen = texts.loc[texts["served_by"] == "frozen", "source_id"]
    corpus = store_frozen(paths.get("frozen_segments"), paths.get("frozen_term_counts"))
    read_parts = partial(read_all, (paths.segments, paths.term_counts), corpus, served_frozen)
    kept_vocabulary = "" if snakemake.params.refit else paths.get("frozen_vocabulary", "")
    vocabulary = learn_vocabulary(kept_vocabulary, read_parts(), snakemake.params.min_sources)
    segments, counts = join_parts(read_parts(), vocabulary)
    remove_stale(paths.folders)
    served = set(texts.loc[texts["served_by"] == "captured", "source_id"])
    copy_texts(paths.folders, served, Path(step.output.folder))
    write_tables(texts, segments, counts, vocabulary, vars(step.output))
    step.note(describe_hidden(segments))
    read = f"{len(texts)} sources ({describe_serving(texts)})"
    step.close(read, f"{len(segments)} segments, {len(vocabulary)} terms")
