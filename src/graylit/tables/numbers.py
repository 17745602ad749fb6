"""The table of the numbers that a review makes by name, and how each kind of them is written in words."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract
from graylit.tables.rows import Cells

COUNT, SHARE, COEFFICIENT, DECIMAL, IDS, BLOCK = "count", "share", "coefficient", "decimal", "ids", "block"
INTERVAL, SHARE_INTERVAL = "interval", "share_interval"
NUMBER_KINDS = (COUNT, SHARE, COEFFICIENT, DECIMAL, INTERVAL, SHARE_INTERVAL, IDS, BLOCK)
FRACTIONS = (SHARE, SHARE_INTERVAL, COEFFICIENT, INTERVAL, DECIMAL)  # kinds that may have decimals
MOST_DECIMALS = 6
FORMS = {  # of each kind, besides that of no name and decimals: what may stand after `as`
    COUNT: ("digits", "words", "Words"),
    SHARE: ("percent", "whole percent"),
    SHARE_INTERVAL: ("percent", "whole percent"),
}
NUMBERS_FILE = "results/numbers.csv"  # of a study
NUMBERS = Contract(
    "numbers",
    (
        Column("name", "text", "what a mark in Markdown, a macro in LaTeX and the report call it"),
        Column(
            "kind",
            "text",
            "how it is written: count (2,271), share (95.7 %), coefficient (.90), decimal (12.5), interval (.87–.92), "
            "share_interval (92.0–98.2 %), ids (G13 and G14), block (a list or table in Markdown)",
            choices=NUMBER_KINDS,
        ),
        Column(
            "value",
            "page_text",
            "the number: both ends of an interval and ids are separated by '; '; empty if it is undefined",
            is_required=False,
        ),
        Column("shown", "page_text", "as it is written unless asked for otherwise", is_required=False),
        Column("meaning", "page_text", "what it says"),
    ),
    key=("name",),
)


def list_forms(kind: str) -> tuple[str, ...]:
    """Return the forms in which numbers of a kind may be asked for, besides none."""
    decimals = tuple(f"{n} decimals" for n in range(MOST_DECIMALS + 1)) if kind in FRACTIONS else ()
    return (*FORMS.get(kind, ()), *decimals)


def list_asked(row: Cells) -> list[str]:
    """Return everything by which a number can be asked for: its name, and its name with each form."""
    return [row["name"], *(f"{row['name']} as {form}" for form in list_forms(row["kind"]))]
