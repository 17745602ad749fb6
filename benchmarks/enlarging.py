"""The decisions of people in a study, carried over to a larger one whose pages recombine the study's own.

A coding goes with the segment it sits on: segments of the same words have the same codings.
Each new source stands for one of the study's: it has its screening and its appraisal.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graylit.anchors.fingerprints import Words, digest_exact
from graylit.study.state import codings_in_force
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES, PEOPLES_TABLES, Study
from graylit.study.writing import PLACE, fill_place
from graylit.tables.rows import Cells, Row

ROUND = "1"
TYPED_COUNTS = ("codebook", "themes", "guidelines")  # counts typed by hand are of the study itself


@dataclass(frozen=True)
class Carried:
    """A coding of a segment: its start and end, counted from the segment's start."""

    coding: Cells
    coder: str
    start: int
    end: int


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(path: Path, names: Iterable[str], rows: Iterable[Row]) -> None:
    """Write rows as a table of the columns named."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, list(names), restval="", extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def name_url(number: int) -> str:
    """Return the address of a new page."""
    return f"https://r{number}.example/page"


def name_sources(study: Study, n_sources: int) -> list[tuple[Row, str]]:
    """Return the new sources as rows of sources.csv, each with the id of the study's source that it stands for."""
    sources = study.sources.cells
    return [
        (
            {**sources[i % len(sources)], "source_id": f"R{i:06d}", "url": name_url(i), "pinned_url": ""},
            sources[i % len(sources)]["source_id"],
        )
        for i in range(n_sources)
    ]


def name_newcomer(study: Study, number: int) -> tuple[Row, str]:
    """Return a page that is no source yet, and the id of the study's candidate, excluded by people, it stands for."""
    sources = {row["source_id"] for row in study.sources.cells}
    model = next(row["candidate_id"] for row in study.candidates.cells if row["candidate_id"] not in sources)
    return {**study.sources.cells[0], "source_id": f"R{number:06d}", "url": name_url(number), "pinned_url": ""}, model


def write_tables(study: Study, sources: list[tuple[Row, str]], newcomer: tuple[Row, str] | None, folder: Path) -> None:
    """Write what people decided to the larger study's folder, all but codings and what refers to them."""
    screened = [*sources, *([newcomer] if newcomer else [])]
    write_rows(folder / PEOPLES_TABLES["sources"][0], study.sources.cells[0], (row for row, _ in sources))
    for name, (file, contract) in {**PEOPLES_TABLES, **OPTIONAL_TABLES}.items():
        rows = getattr(study, name).cells
        if name == "sources" or not rows:
            continue
        if name in TYPED_COUNTS:
            rows = [{**row, "n_sources": ""} for row in rows]
        elif name == "quality":
            rows = list(_repeat(rows, sources, "source_id", unique=""))
        elif name == "screenings":
            rows = list(_repeat(rows, screened, "candidate_id", unique="screening_id"))
        elif name == "candidates":
            rows = [{**row, "candidate_id": row["source_id"], "found_by": "recombined"} for row, _ in screened]
        elif name == "passes":  # one source in five is left unread, so that codes can be suggested for it
            coders = sorted(study.codings)
            rows = [
                {"coder": coder, "round": ROUND, "source_id": row["source_id"], "finished_at": "2026-11-23"}
                for coder in coders
                for number, (row, _) in enumerate(sources)
                if number % 5
            ]
        elif name in ("adjudications", "impacts"):
            continue
        write_rows(folder / file, contract.names, rows)


def _repeat(rows: list[Row], sources: list[tuple[Row, str]], column: str, unique: str) -> Iterator[Row]:
    """Yield the rows of each source's model for the source itself; ids of rows, and references to them, are its own."""
    by_model: dict[str, list[Row]] = {}
    for row in rows:
        by_model.setdefault(row[column], []).append(row)
    for source, model in sources:
        for row in by_model.get(model, []):
            own = {column: source["source_id"]}
            if unique:
                own[unique] = f"{source['source_id']}-{row[unique]}"
                settled = filter(None, row["settles"].split("; "))
                own["settles"] = "; ".join(f"{source['source_id']}-{number}" for number in settled)
            yield {**row, **own}


def index_codings(study: Study, segments: Iterable[Row]) -> dict[str, list[Carried]]:
    """Return the codings in force of each segment, by the digest of its words."""
    by_source: dict[str, list[Row]] = {}
    for segment in segments:
        by_source.setdefault(segment["source_id"], []).append(segment)
    found: dict[str, list[Carried]] = {}
    for coder, rows in study.codings.items():
        passes = [finished for finished in study.passes.cells if finished["coder"] == coder]
        for row in codings_in_force(rows.cells, passes):
            for segment in by_source.get(row["source_id"], []) if row["start"] else []:
                start = int(row["start"]) - int(segment["start"])
                end = int(row["end"]) - int(segment["start"])
                if start >= 0 and end <= int(segment["end"]) - int(segment["start"]):
                    found.setdefault(segment["sha256"], []).append(Carried(row, coder, start, end))
    return found


def carry_codings(
    segments: Iterable[Row], texts: Path, known: Mapping[str, list[Carried]]
) -> Iterator[tuple[str, Row]]:
    """Yield (coder, row) for each coding whose segment stands again in a new text; `segments` of a source follow on."""
    words, source_id = None, ""
    seen: set[tuple[str, ...]] = set()  # two segments of the same words may have had the same code, which counts once
    for segment in segments:
        for carried in known.get(segment["sha256"], []):
            if segment["source_id"] != source_id:
                source_id = segment["source_id"]
                words = Words((texts / f"{source_id}.txt").read_bytes().decode("utf-8"))
            span = (int(segment["start"]) + carried.start, int(segment["start"]) + carried.end)
            place = (carried.coder, segment["segment_id"], *map(str, span), carried.coding["code_id"])
            if place in seen:
                continue
            seen.add(place)
            if words and digest_exact(words.text[slice(*span)]) == carried.coding["exact_sha256"]:
                own = {"coding_id": f"{carried.coding['coding_id']}-{segment['segment_id']}", "source_id": source_id}
                emptied = dict.fromkeys((*PLACE, "exact", "prefix", "suffix", "replaces"), "")
                yield carried.coder, fill_place({**carried.coding, **emptied, **own, "round": ROUND}, span, words)


def write_codings(study: Study, carried: Iterable[tuple[str, Row]], folder: Path) -> int:
    """Write the codings, the adjudications on them and the impacts that rest on them; return the number of codings."""
    copies: dict[str, list[str]] = {}
    by_coder: dict[str, list[Row]] = {coder: [] for coder in sorted(study.codings)}
    for coder, row in carried:
        by_coder[coder].append(row)
        model = row["coding_id"].removesuffix(f"-{row['source_id']}-{row['coding_id'].rsplit('-', 1)[1]}")
        copies.setdefault(model, []).append(row["coding_id"])
    for coder, rows in by_coder.items():
        names = next(iter(study.codings[coder].cells))
        write_rows(folder / f"{CODINGS_FOLDER}/{coder}.csv", names, rows)
    for name in ("adjudications", "impacts"):
        file, contract = OPTIONAL_TABLES[name]
        if rows := list(_refer_to_copies(getattr(study, name).cells, copies, is_each=name == "adjudications")):
            write_rows(folder / file, contract.names, rows)
    return sum(map(len, by_coder.values()))


def _refer_to_copies(rows: Iterable[Row], copies: Mapping[str, list[str]], is_each: bool) -> Iterator[Row]:
    """Yield rows that name copies of the codings they named: a row for each copy, or one row with the first of each."""
    for row in rows:
        known = [copies[coding_id] for coding_id in row["coding_ids"].split("; ") if coding_id in copies]
        if is_each:
            for number, coding_id in enumerate(sorted({coding_id for ids in known for coding_id in ids})):
                yield {**row, "adjudication_id": f"{row['adjudication_id']}-{number}", "coding_ids": coding_id}
        elif known:
            yield {**row, "coding_ids": "; ".join(ids[0] for ids in known)}
