"""What a review makes of codings on which coders differ, written for studies that no review ran on."""

from pathlib import Path

import pandas as pd

from conftest import read_table
from graylit.tables.coding import DISAGREEMENTS, LOCATED_CODINGS
from made_rows import record_made


def write_disputes(folder: Path, coders: tuple[str, ...]) -> None:
    """Write what a review makes of codings on which these coders differ."""
    located, rows = [], []
    for coder in coders:
        for row in read_table(folder / f"config/coding/codings/{coder}.csv"):
            cells = {name: row[name] for name in ("coding_id", "source_id", "start", "end")}
            cells |= {"coder": coder, "round": "1", "segment_id": "S001-001", "method": "same_place"}
            codes = dict.fromkeys(("given_code_id", "unadjudicated_code_id", "code_id"), row["code_id"])
            located.append(
                dict.fromkeys(LOCATED_CODINGS.names, "") | cells | codes | {"standing": "open", "is_evidence": "yes"}
            )
            sides = {
                "round": "1",
                "unit_id": "S001-002",
                "source_id": "S001",
                "segment_id": "S001-002",
                "kind": "coding",
            }
            rows.append(sides | {"coder": coder, "code_ids": row["code_id"], "coding_ids": row["coding_id"]})
    made = folder / "data/processed"
    LOCATED_CODINGS.write(pd.DataFrame(located, columns=LOCATED_CODINGS.names), made / "located_codings.csv")
    DISAGREEMENTS.write(pd.DataFrame(rows, columns=DISAGREEMENTS.names), made / "disagreements.csv")
    record_made(folder)
