"""Bring the coders' tables together: the codings in force, each found again in its text, merged and adjudicated."""

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from graylit.anchors.locating import find_anchor, place_codings, recall_places
from graylit.anchors.places import OUTSIDE, Place, assign_segments
from graylit.preparation.serving import read_serving
from graylit.runs.steps import Step
from graylit.study.placing import NOWHERE, Unplaced, find_unplaced
from graylit.study.references import check_positions
from graylit.study.state import current_codings, follow_code, judge_codings, latest_rows, superseded_ids
from graylit.study.study import Study, read_tables
from graylit.study.trust import stand_models
from graylit.tables.coding import LOCATED_CODINGS, ORPHANS
from graylit.tables.contracts import Contract
from graylit.tables.faults import InputError
from graylit.tables.locating import LOST, PLACED
from graylit.tables.preparation import FROZEN_ANCHORS, SEGMENTS, TEXTS
from graylit.tables.rows import Cells, Row, list_rows

READ = (
    *("sources", "candidates", "codebook", "adjudications", "passes"),
    *("people", "readings", "asked", "sample", "sample_codes", "trusted"),
)  # what is read of the study; it was checked
CORPUS = ("folder", "segments", "serving", "anchors")  # inputs that say what is at hand of the texts
SEGMENT_PLACE = ["segment_id", "source_id", "start", "end"]  # what is read of segments
# Sources whose codings are put into one table. Measured: a table for each source takes a hundred times as long.
N_AT_ONCE = 250


@dataclass(frozen=True)
class Corpus:
    """What is at hand of a study's texts: words, segments, and what the frozen corpus knows of the other sources."""

    folder: Path | None  # of the texts; None if the study has none
    segments: pd.DataFrame
    serving: dict[str, str]  # who serves each source: a captured page, the frozen corpus or nobody
    anchors: dict[str, Cells]  # where codings stood when the corpus was frozen, by coding_id


def read_rows(contract: Contract, path: str) -> list[Row]:
    """Return the rows of a made table; none if the study has no such table ('')."""
    return list(contract.read_each(path)) if path else []


def read_corpus(folder: str, segments: str, serving: str, anchors: str) -> Corpus:
    """Return what is at hand of the texts; the paths are '' for what the study does not have."""
    return Corpus(
        folder=Path(folder) if folder else None,
        segments=SEGMENTS.read(segments, columns=SEGMENT_PLACE) if folder else SEGMENTS.to_frame([]),
        serving=read_serving(serving) if serving else {},
        anchors={row["coding_id"]: row for row in read_rows(FROZEN_ANCHORS, anchors)},
    )


def gather_codings(study: Study) -> dict[str, list[tuple[str, Cells]]]:
    """Return the codings in force by source, each with its coder before it; sources swapped out are left out."""
    gathered: dict[str, list[tuple[str, Cells]]] = {}
    for coder, rows in sorted(study.codings.items()):
        for row in current_codings(rows.cells):
            if row["source_id"] not in study.former:
                gathered.setdefault(row["source_id"], []).append((coder, row))
    return dict(sorted(gathered.items()))


def map_segments(segments: pd.DataFrame) -> dict[str, tuple[str, int, int]]:
    """Return (source_id, start, end) of each segment."""
    columns = (segments[name].tolist() for name in SEGMENT_PLACE)
    return {segment_id: (source_id, start, end) for segment_id, source_id, start, end in zip(*columns, strict=True)}


def find_superseded(study: Study) -> set[str]:
    """Return the codings of all coders that a later round of theirs has superseded."""
    superseded: set[str] = set()
    for coder, rows in study.codings.items():
        passes = [row for row in study.passes.cells if row["coder"] == coder]
        superseded |= superseded_ids(current_codings(rows.cells), passes)
    return superseded


def find_segments(
    segments: pd.DataFrame, places: Mapping[str, Place], text: str | None
) -> tuple[dict[str, str], dict[str, Place]]:
    """Return the segment with the first word of each place, by coding_id, and the places with a note on those without.

    `segments` are those of one source.
    """
    ordered = segments.sort_values("start")
    spans = list(zip(ordered["start"].tolist(), ordered["end"].tolist(), strict=True))
    segment_ids = ordered["segment_id"].tolist()
    placed = {coding_id: place for coding_id, place in places.items() if place.method in PLACED}
    numbers, outside = assign_segments(placed, spans, text)
    noted = {
        coding_id: replace(places[coding_id], note=places[coding_id].note or OUTSIDE) for coding_id in sorted(outside)
    }
    return {coding_id: segment_ids[number] for coding_id, number in numbers.items()}, {**places, **noted}


def tabulate_codings(
    codings: Iterable[Cells],
    places: Mapping[str, Place],
    segment_of: Mapping[str, str],
    codebook: Mapping[str, Cells],
    judged: Mapping[str, Cells],
    superseded: Container[str] = (),
) -> pd.DataFrame:
    """Return the located codings: each with its place, its code after merges and adjudication, and its standing."""
    rows = []
    for row in codings:
        coding_id = row["coding_id"]
        place, ruling = places[coding_id], judged.get(coding_id, {})
        merged = follow_code(row["code_id"], codebook)
        standing = "superseded" if coding_id in superseded else ruling.get("verdict", "open")
        rows.append(
            {
                **{name: row[name] for name in ("coding_id", "coder", "source_id")},
                "round": row["round"] or "1",
                "segment_id": segment_of.get(coding_id, ""),
                "start": "" if place.start is None else str(place.start),
                "end": "" if place.end is None else str(place.end),
                "method": place.method,
                "score": f"{place.score:.4f}",
                "note": place.note,
                "given_code_id": row["code_id"],
                "unadjudicated_code_id": merged,
                "code_id": follow_code(ruling["code_id"], codebook) if standing == "recoded" else merged,
                "standing": standing,
                "adjudication_id": ruling.get("adjudication_id", ""),
                "is_evidence": "no" if standing in ("falls", "superseded") or place.method in LOST else "yes",
            }
        )
    return LOCATED_CODINGS.to_frame(rows)


def list_orphans(codings: Iterable[Cells], located: pd.DataFrame) -> pd.DataFrame:
    """Return the codings whose words were not found again, for their coder to settle by a row that replaces them."""
    own_rows = {row["coding_id"]: row for row in codings}
    orphans = located[located["method"].isin(LOST)]
    rows = [
        {
            **{name: getattr(row, name) for name in ("coding_id", "coder", "source_id", "code_id", "score", "note")},
            **{name: own_rows[str(row.coding_id)][name] for name in ("start", "end", "memo")},
        }
        for row in orphans.itertuples()
    ]
    return ORPHANS.to_frame([{name: str(value) for name, value in row.items()} for row in rows])


def split_sources(source_ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield the sources in order, a batch at a time."""
    ordered = sorted(source_ids)
    for first in range(0, len(ordered), N_AT_ONCE):
        yield ordered[first : first + N_AT_ONCE]


def read_text(folder: Path | None, source_id: str) -> str | None:
    """Return the text of a source, or None if it has none."""
    path = folder / f"{source_id}.txt" if folder else None
    return path.read_bytes().decode("utf-8") if path and path.exists() else None


def locate_in_source(
    source_id: str, codings: list[Cells], segments: pd.DataFrame, corpus: Corpus
) -> tuple[dict[str, str], dict[str, Place]]:
    """Return the segment and the place of each coding of one source: in its text, or as the frozen corpus has them."""
    if corpus.serving.get(source_id) != "frozen":
        text = read_text(corpus.folder, source_id)
        return find_segments(segments, place_codings(codings, text), text)
    segment_of, places = find_segments(segments, recall_places(codings, corpus.anchors), None)
    anchors = {row["coding_id"]: find_anchor(row, corpus.anchors) for row in codings}
    frozen = {coding_id: anchor["segment_id"] for coding_id, anchor in anchors.items() if anchor}
    return segment_of | {
        coding_id: name for coding_id, name in frozen.items() if name and coding_id in segment_of
    }, places


def locate_codings(study: Study, corpus: Corpus, lost: Set[str] = frozenset()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all codings in force where they are now, and the orphans among them; those `lost` never had a place."""
    by_source, superseded = gather_codings(study), find_superseded(study)
    codebook = latest_rows(study.codebook.cells, "code_id")
    in_force = (row for codings in by_source.values() for _, row in codings)
    judged = judge_codings(in_force, study.adjudications.cells)
    rows_of = corpus.segments.groupby("source_id").indices
    located, orphans = [LOCATED_CODINGS.to_frame([])], [ORPHANS.to_frame([])]
    for batch in split_sources(by_source):
        codings: list[Cells] = []
        places: dict[str, Place] = {}
        segment_of: dict[str, str] = {}
        for source_id in batch:
            of_source: list[Cells] = [{**row, "coder": coder} for coder, row in by_source[source_id]]
            segments = corpus.segments.iloc[rows_of.get(source_id, [])]
            assigned, found = locate_in_source(source_id, of_source, segments, corpus)
            codings += of_source
            places |= found | dict.fromkeys(lost & found.keys(), NOWHERE)
            segment_of |= assigned
            if corpus.folder is None:  # a study without texts: units are what coders name
                segment_of |= {row["coding_id"]: row["segment_id"] for row in of_source if not row["start"]}
        located.append(tabulate_codings(codings, places, segment_of, codebook, judged, superseded))
        orphans.append(list_orphans(codings, located[-1]))
    return pd.concat(located, ignore_index=True), pd.concat(orphans, ignore_index=True)


def stand_aside(located: pd.DataFrame, study: Study, segments: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the located codings with those of models aside that people outrank, or that are not trusted."""
    of_source = {str(source_id): of_one.tolist() for source_id, of_one in segments.groupby("source_id")["segment_id"]}
    standing = stand_models(study, list_rows(located.astype(str)), of_source, seed)
    if not standing:
        return located
    aside = located["coding_id"].map(standing)
    return located.assign(
        standing=aside.fillna(located["standing"]), is_evidence=located["is_evidence"].mask(aside.notna(), "no")
    )


def describe_left_out(study: Study, n_located: int) -> str:
    """Return how many rows of coders' tables are not among the located codings, by reason."""
    rows = [row for table in study.codings.values() for row in table.cells]
    n_former = sum(row["source_id"] in study.former for row in rows)
    return f"{n_former} rows of sources swapped out, {len(rows) - n_former - n_located} replaced or withdrawn"


def describe_methods(located: pd.DataFrame) -> str:
    """Return how many codings were found in each way."""
    methods = [f"{n} {method}" for method, n in located["method"].value_counts().sort_index().items()]
    n_outside = int((located["note"] == OUTSIDE).sum())
    return ", ".join([*methods, *([f"{n_outside} without a word in a segment"] if n_outside else [])])


if __name__ == "__main__":
    step = Step(snakemake)
    study, faults = read_tables(Path(), READ)
    texts = read_rows(TEXTS, snakemake.input.get("texts") or "")
    corpus = read_corpus(**{name: snakemake.input.get(name) or "" for name in CORPUS})
    read, spans = partial(read_text, corpus.folder), map_segments(corpus.segments)
    unplaced = Unplaced() if faults else find_unplaced(study, read, spans)
    if faults := faults or unplaced.waiting + check_positions(study, texts):
        raise InputError(faults)
    located, orphans = locate_codings(study, corpus, unplaced.lost)
    located = stand_aside(located, study, corpus.segments, snakemake.params.seed)
    LOCATED_CODINGS.write(located, step.output.codings)
    ORPHANS.write(orphans, step.output.orphans)
    step.note(describe_left_out(study, len(located)))
    step.close(f"{len(located)} codings", f"{len(located)} codings", describe_methods(located))
