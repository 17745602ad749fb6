"""What `graylit check` says of models that decided, from the tables of the last review."""

from __future__ import annotations

from pathlib import Path

from graylit.study.trust import BELOW
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.faults import Fault, name_command
from graylit.tables.models import MODEL_REPLAY, MODEL_TRUST
from graylit.tables.reading import read_finished

MADE = "data/processed"
ASIDE = ("outranked", "untrusted")  # standings of codings of models that are no evidence


def remark_replay(folder: Path) -> list[Fault]:
    """Return a remark for each table in which the last review found rows of models that their log does not give."""
    rows = read_finished(folder / f"{MADE}/{MODEL_REPLAY.name}.csv", MODEL_REPLAY)
    remedy = f"see what differs: {name_command('ask --replay')}"
    return [
        Fault(row["file"], f"is not as the log of models has it: {row['first_difference']}", "its rows", remedy)
        for row in rows
        if row["is_same"] == "no"
    ]


def remark_trust(folder: Path) -> list[Fault]:
    """Return a remark for each model and code below the floor that nobody has accepted: the codings do not count."""
    rows = read_finished(folder / f"{MADE}/{MODEL_TRUST.name}.csv", MODEL_TRUST)
    remedy = "have people code them, or accept it with a reason in config/models/trusted.csv"
    return [
        Fault(
            "config/models",
            f"has {row['decider']}, which agrees too little with people on {row['code_id']} (kappa {row['kappa']}); "
            f"its {row['n_codings']} codings of it do not count",
            f"a kappa of {row['floor']} at least",
            remedy,
        )
        for row in rows
        if row["standing"] == BELOW
    ]


def list_aside(folder: Path) -> set[str]:
    """Return the codings of models that are no evidence, as the last review judged them."""
    rows = read_finished(folder / f"{MADE}/{LOCATED_CODINGS.name}.csv", LOCATED_CODINGS)
    return {row["coding_id"] for row in rows if row["standing"] in ASIDE}
