"""A study whose claims are written, read and settled, and what its readers read."""

from pathlib import Path

import pandas as pd

from conftest import read_table
from desks import PAGES, list_people, write_readable
from graylit.tables.coding import LOCATED_CODINGS
from made_rows import record_made

CLAIMS_FILE = "config/synthesis/claims.csv"
READINGS_FILE = "config/synthesis/claim_readings.csv"
CLAIMS = """\
claim_id,guideline_id,wording,status,decided_at,decided_by,reason
L01,G01,A mesh keeps leaves out.,,2026-02-01,DORA,
L02,G01,A mesh comes before the pump.,,2026-02-01,DORA,
L03,G02,Water is led away from walls.,,2026-02-01,DORA,
"""
CODED = {  # words by coding, with code and source; '' is the whole source
    "A-1": ("C01", "S001", "A mesh over the inlet keeps leaves out"),
    "A-2": ("C01", "S002", "the mesh comes first"),
    "A-3": ("C02", "S003", ""),
    "A-4": ("C02", "S001", "The overflow leads away from the wall"),
}
PEOPLE = {"A": "coder", "B": "coder", "ANN": "reader", "BEN": "reader", "CLEO": "adjudicator", "DORA": "synthesizer"}
N_FIRST, N_SECOND = 6, 3  # pairs that ANN reads, and that BEN reads again


def write_claimed(
    folder: Path, claims: str = CLAIMS, coded: dict[str, tuple] = CODED, pages: dict[str, str] = PAGES, **roles: str
) -> Path:
    """Write a study with texts, codings that were located, claims, and people with these roles."""
    write_readable(folder, pages)
    list_people(folder, **(roles or PEOPLE))
    if claims:
        (folder / CLAIMS_FILE).write_text(claims, encoding="utf-8")
    lines: dict[str, list[str]] = {"A": [], "B": []}
    located = []
    segments = read_table(folder / "data/processed/segments.csv")
    for coding_id, (code_id, source_id, words) in coded.items():
        at = pages[source_id].index(words) if words else -1
        start, end = (str(at), str(at + len(words))) if words else ("", "")
        lines[coding_id[0]].append(f"{coding_id},{source_id},{start},{end},{code_id},2026-01-05\n")
        within = [row["segment_id"] for row in segments if words and row["source_id"] == source_id and _holds(row, at)]
        located.append(
            dict.fromkeys(LOCATED_CODINGS.names, "")
            | {
                "coding_id": coding_id,
                "coder": coding_id[0],
                "round": "1",
                "source_id": source_id,
                "start": start,
                "end": end,
            }
            | {"segment_id": within[0] if within else "", "method": "same_place" if words else "whole_source"}
            | {"given_code_id": code_id, "unadjudicated_code_id": code_id, "code_id": code_id, "standing": "open"}
            | {"is_evidence": "yes"}
        )
    for coder, of_coder in lines.items():
        content = "coding_id,source_id,start,end,code_id,coded_at\n" + "".join(of_coder)
        (folder / f"config/coding/codings/{coder}.csv").write_text(content, encoding="utf-8")
    frame = pd.DataFrame(located, columns=LOCATED_CODINGS.names)
    LOCATED_CODINGS.write(frame, folder / "data/processed/located_codings.csv")
    record_made(folder)
    return folder


def _holds(row: dict[str, str], at: int) -> bool:
    return int(row["start"]) <= at < int(row["end"])


def read_readings(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the table of readings; none if there is none yet."""
    path = folder / READINGS_FILE
    return read_table(path) if path.exists() else []
