"""What tests of frames share: small tables from rows of a few columns, and functions of rows called with frames."""

import csv
import io
from functools import wraps

import pandas as pd

from conftest import read_table
from graylit.tables.synthesis import GUIDELINES


def table(contract, columns, *rows):
    """Return a frame of the contract from rows of a few columns; the other cells are empty."""
    return contract.to_frame(dict(zip(columns.split(), map(str, row), strict=True)) for row in rows)


def as_rows(table):
    """Return the rows of a frame as a step reads them, as cells of text; anything else as it is."""
    if not isinstance(table, pd.DataFrame):
        return table
    return list(csv.DictReader(io.StringIO(table.to_csv(index=False, float_format="%.6g"))))


def as_frame(contract, rows):
    """Return rows of values as a frame of the contract's columns."""
    return pd.DataFrame(rows, columns=contract.names)


def on_frames(function, contract=None):
    """Return a function of rows as one that takes frames, and returns a frame of a contract if there is one."""

    @wraps(function)
    def called(*tables, **options):
        made = function(*map(as_rows, tables), **options)
        return as_frame(contract, made) if contract else made

    return called


def shuffled(frame, seed=3):
    return frame.sample(frac=1, random_state=seed)


def written(contract, frame, folder):
    """Return what a table says on disk: the contract writes it, so it fits."""
    contract.write_rows(frame.to_dict("records") if isinstance(frame, pd.DataFrame) else frame, folder / "table.csv")
    return (folder / "table.csv").read_text(encoding="utf-8")


def values_of(measures):
    return dict(zip(measures["measure"], measures["value"], strict=True))


WEIGHED = table(GUIDELINES, "guideline_id name", ("G1", "Mesh"), ("G2", "Lid"), ("G3", "Pump"))


def made(folder, contract):
    return read_table(folder / f"data/processed/{contract.name}.csv")
