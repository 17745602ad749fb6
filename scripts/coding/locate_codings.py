"""Bring the coders' tables together: the codings in force, each found again in its text, merged and adjudicated."""

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from graylit.anchors.locating import Place, place_codings
from graylit.preparation.serving import read_serving
from graylit.runs.steps import StepLog
from graylit.study.references import check_positions
from graylit.study.state import current_codings, follow_code, judge_codings, latest_rows, superseded_ids
from graylit.study.study import Study, read_tables
from graylit.tables.coding import LOCATED_CODINGS, ORPHANS
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.locating import LOST, PLACED
from graylit.tables.preparation import FROZEN_ANCHORS, SEGMENTS, TEXTS
from graylit.tables.rows import Cells

READ = ("sources", "candidates", "codebook", "adjudications", "passes")  # what is read of the study; it was checked
SEGMENT_PLACE = ["segment_id", "source_id", "start"]  # what is read of segments
N_AT_ONCE = 250  # sources whose codings are put into one table


def gather_codings(study: Study) -> dict[str, list[tuple[str, Cells]]]:
    """Return the codings in force by source, each with its coder's name before it; sources swapped out are left out."""
    gathered: dict[str, list[tuple[str, Cells]]] = {}
    for coder, rows in sorted(study.codings.items()):
        for row in current_codings(rows.cells):
            if row["source_id"] not in study.former:
                gathered.setdefault(row["source_id"], []).append((coder, row))
    return dict(sorted(gathered.items()))


def find_unplaced(study: Study, with_text: set[str]) -> list[Fault]:
    """Return a fault for each coding in force that names words or a segment of a text and has no place in it yet."""
    faults = []
    for rows in study.codings.values():
        in_force = {cells["coding_id"] for cells in current_codings(rows.cells)}
        for number, cells in rows:
            named = cells["exact"] or cells["segment_id"]
            if named and not cells["start"] and cells["coding_id"] in in_force and cells["source_id"] in with_text:
                remedy = (
                    f"run `{name_command('anchor')}`; only a row with neither place nor words codes the whole source"
                )
                problem = f"has no place in the text ({cells['coding_id']})"
                faults.append(Fault(rows.file, problem, "a place", remedy, number, "start", named[:60]))
    return faults


def find_superseded(study: Study) -> set[str]:
    """Return the codings of all coders that a later round of theirs has superseded."""
    superseded: set[str] = set()
    for coder, rows in study.codings.items():
        passes = [row for row in study.passes.cells if row["coder"] == coder]
        superseded |= superseded_ids(current_codings(rows.cells), passes)
    return superseded


def recall_places(codings: Iterable[Cells], anchors: Mapping[str, Cells]) -> dict[str, Place]:
    """Return the place of each coding of one source in the frozen corpus, as it was found when the text was at hand."""
    places = {}
    for row in codings:
        held = anchors.get(row["coding_id"])
        if held is not None and held["exact_sha256"] == row["exact_sha256"] and (row["start"] or not held["start"]):
            start, end = (int(held[name]) if held[name] else None for name in ("start", "end"))
            places[row["coding_id"]] = Place(start, end, held["method"], float(held["score"] or 0), held["note"])
        elif row["start"]:
            note = "coded after the corpus was frozen; its words can be checked where the page is captured"
            places[row["coding_id"]] = Place(int(row["start"]), int(row["end"]), "unchecked", 0.0, note)
        else:
            places |= place_codings([row], None)
    return places


def find_segments(segments: pd.DataFrame, places: Mapping[str, Place]) -> dict[str, str]:
    """Return the segment in which each place starts, by coding_id; `segments` are those of one source."""
    ordered = segments.sort_values("start")
    starts, segment_ids = ordered["start"].to_numpy(), ordered["segment_id"].to_numpy()
    found = {}
    for coding_id, place in places.items():
        if place.start is not None and place.method in PLACED and len(starts):
            found[coding_id] = segment_ids[max(0, starts.searchsorted(place.start, side="right") - 1)]
    return found


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
        place, judgement = places[coding_id], judged.get(coding_id, {})
        merged = follow_code(row["code_id"], codebook)
        standing = "superseded" if coding_id in superseded else judgement.get("verdict", "open")
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
                "code_id": follow_code(judgement["code_id"], codebook) if standing == "recoded" else merged,
                "standing": standing,
                "adjudication_id": judgement.get("adjudication_id", ""),
                "is_evidence": "no" if standing in ("falls", "superseded") or place.method in LOST else "yes",
            }
        )
    return LOCATED_CODINGS.to_frame(rows)


def list_orphans(codings: Iterable[Cells], located: pd.DataFrame) -> pd.DataFrame:
    """Return the codings whose words were not found again, for their coder to settle by a row that replaces them."""
    given = {row["coding_id"]: row for row in codings}
    orphans = located[located["method"].isin(LOST)]
    rows = [
        {
            **{name: getattr(row, name) for name in ("coding_id", "coder", "source_id", "code_id", "score", "note")},
            "start": given[row.coding_id]["start"],
            "end": given[row.coding_id]["end"],
            "memo": given[row.coding_id]["memo"],
        }
        for row in orphans.itertuples()
    ]
    return ORPHANS.to_frame([{name: str(value) for name, value in row.items()} for row in rows])


def split_sources(source_ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield the sources in order, some at a time."""
    ordered = sorted(source_ids)
    for first in range(0, len(ordered), N_AT_ONCE):
        yield ordered[first : first + N_AT_ONCE]


def read_text(folder: Path | None, source_id: str) -> str | None:
    """Return the text of a source, None where it has none."""
    path = folder / f"{source_id}.txt" if folder else None
    return path.read_bytes().decode("utf-8") if path and path.exists() else None


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "locate_codings")
    study, faults = read_tables(Path(), READ)
    if faults:
        raise InputError(faults)
    folder = Path(snakemake.input.folder) if snakemake.input.get("folder") else None
    segments = SEGMENTS.read(snakemake.input.segments, columns=SEGMENT_PLACE) if folder else SEGMENTS.to_frame([])
    rows_of = segments.groupby("source_id").indices
    with_text = {path.stem for path in folder.glob("*.txt")} if folder else set()
    paths = (
        (contract, snakemake.input.get(name)) for contract, name in ((TEXTS, "texts"), (FROZEN_ANCHORS, "anchors"))
    )
    texts, anchors = (list(contract.read_each(path)) if path else [] for contract, path in paths)
    if faults := find_unplaced(study, with_text) + check_positions(study, texts):
        raise InputError(faults)
    anchor_of = {row["coding_id"]: row for row in anchors}
    serving = read_serving(snakemake.input.serving) if snakemake.input.get("serving") else {}
    codings, superseded = gather_codings(study), find_superseded(study)
    codebook = latest_rows(study.codebook.cells, "code_id")
    judged = judge_codings((row for given in codings.values() for _, row in given), study.adjudications.cells)
    tables: list[list[pd.DataFrame]] = [[LOCATED_CODINGS.to_frame([])], [ORPHANS.to_frame([])]]
    for some in split_sources(codings):
        # A table for each source would take a hundred times as long as one for many.
        given, places, segment_of = [], {}, {}
        for source_id in some:
            mine = [{**row, "coder": coder} for coder, row in codings[source_id]]
            if serving.get(source_id) == "frozen":
                found = recall_places(mine, anchor_of)
            else:
                found = place_codings(mine, read_text(folder, source_id))
            given += mine
            places |= found
            segment_of |= find_segments(segments.iloc[rows_of.get(source_id, [])], found)
        located = tabulate_codings(given, places, segment_of, codebook, judged, superseded)
        tables[0].append(located)
        tables[1].append(list_orphans(given, located))
    located, orphans = (pd.concat(parts, ignore_index=True) for parts in tables)
    LOCATED_CODINGS.write(located, snakemake.output.codings)
    ORPHANS.write(orphans, snakemake.output.orphans)
    counts = located["method"].value_counts().sort_index()
    n_given = sum(len(rows.cells) for rows in study.codings.values())
    n_former = sum(row["source_id"] in study.former for rows in study.codings.values() for row in rows.cells)
    log.note(f"{n_former} rows of sources swapped out, {n_given - n_former - len(located)} replaced or withdrawn")
    log.close(f"{len(located)} codings", f"{len(located)} codings", ", ".join(f"{n} {m}" for m, n in counts.items()))
