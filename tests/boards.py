"""A tiny study that was coded and located: what its authors write guidelines from, and their desk in this process."""

import csv
from collections.abc import Iterable
from pathlib import Path

from applications import open_desk
from desks import PAGES, list_people, write_readable
from graylit.desk.application import Desk
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.preparation import SEGMENTS
from graylit.tables.reading import read_made
from made_rows import record_made

# Coding, code, source, the words that it is on ('' for the whole source).
CODED = (
    ("A-1", "C01", "S001", "A mesh over the inlet"),
    ("B-1", "C01", "S001", "a second mesh keeps gnats out"),
    ("A-2", "C02", "S001", "The overflow leads away from the wall"),
    ("A-3", "C01", "S002", "the mesh comes first"),
    ("B-2", "C04", "S002", ""),
)
CODEBOOK = """\
code_id,name,definition,include_when,exclude_when,status,replaced_by
C01,Mesh,A mesh keeps leaves out,,,active,
C02,Overflow,Where water goes when the barrel is full,,,active,
C03,Spill,Another word for overflow,,,retired,C02
C04,Pump,What moves the water,,,active,
"""
EMPTY = {
    "themes": "theme_id,name,description,code_ids,status,decided_at,decided_by,reason\n",
    "guidelines": "guideline_id,name,statement,intent,motivation,applicability,theme_id,code_ids,related,status,"
    "decided_at,decided_by,reason\n",
}


def write_coded(folder: Path, **roles: str) -> Path:
    """Write the study with codes and codings, and nothing written from them; people have these roles."""
    write_readable(folder)
    (folder / "config/coding/codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    for name, header in EMPTY.items():
        (folder / f"config/synthesis/{name}.csv").write_text(header, encoding="utf-8")
    _write_coded(folder, CODED)
    list_people(folder, **({"A": "coder", "B": "coder", "Ana": "synthesizer"} | roles))
    return folder


def _write_coded(folder: Path, coded: Iterable[tuple[str, str, str, str]]) -> None:
    coded = list(coded)
    for coder in ("A", "B"):
        rows = [row for row in coded if row[0].startswith(coder)]
        _write_codings(folder / f"config/coding/codings/{coder}.csv", rows)
    LOCATED_CODINGS.write_rows([_locate(folder, *row) for row in coded], folder / "data/processed/located_codings.csv")
    record_made(folder)


def add_coding(folder: Path, *coding: str) -> None:
    """Add a coding (id, code, source, words) to its coder's table, and have a review locate it."""
    _write_coded(folder, [*CODED, coding])


def _find(source_id: str, words: str) -> tuple[str, str]:
    start = PAGES[source_id].index(words)
    return (str(start), str(start + len(words))) if words else ("", "")


def _write_codings(path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as table:
        lines = csv.writer(table, lineterminator="\n")
        lines.writerow(["coding_id", "source_id", "start", "end", "code_id", "memo", "confidence", "round", "coded_at"])
        for coding_id, code_id, source_id, words in rows:
            lines.writerow([coding_id, source_id, *_find(source_id, words), code_id, f"note on {coding_id}", "", 1, ""])


def _locate(folder: Path, coding_id: str, code_id: str, source_id: str, words: str) -> dict[str, str]:
    start, end = _find(source_id, words)
    segments = read_made(folder, "data/processed/segments.csv", SEGMENTS)
    held = [row for row in segments if row["source_id"] == source_id and words]
    inside = [row["segment_id"] for row in held if int(row["start"]) <= int(start) < int(row["end"])]
    cells = {"coding_id": coding_id, "coder": coding_id[0], "round": "1", "source_id": source_id, "start": start}
    cells |= {"segment_id": "".join(inside), "end": end, "method": "place" if words else "whole_source", "score": "1"}
    codes = dict.fromkeys(("given_code_id", "unadjudicated_code_id", "code_id"), code_id)
    return dict.fromkeys(LOCATED_CODINGS.names, "") | cells | codes | {"standing": "open", "is_evidence": "yes"}


def open_author(folder: Path, name: str = "Ana") -> Desk:
    """Return the desk of an author."""
    return open_desk(folder, name)
