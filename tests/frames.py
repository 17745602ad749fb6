"""What tests of frames share: small tables from rows of a few columns."""

from conftest import read_table
from graylit.tables.synthesis import GUIDELINES


def table(contract, columns, *rows):
    """Return a frame of the contract from rows of a few columns; the other cells are empty."""
    return contract.to_frame(dict(zip(columns.split(), map(str, row), strict=True)) for row in rows)


def shuffled(frame, seed=3):
    return frame.sample(frac=1, random_state=seed)


def written(contract, frame, folder):
    """Return what a table says on disk: the contract writes it, so it fits."""
    contract.write(frame, folder / "table.csv")
    return (folder / "table.csv").read_text(encoding="utf-8")


def values_of(measures):
    return dict(zip(measures["measure"], measures["value"], strict=True))


WEIGHED = table(GUIDELINES, "guideline_id name", ("G1", "Mesh"), ("G2", "Lid"), ("G3", "Pump"))


def made(folder, contract):
    return read_table(folder / f"data/processed/{contract.name}.csv")
