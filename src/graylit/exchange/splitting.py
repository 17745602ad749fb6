"""Cells that hold several values: between signs, after a sign that stands once, or wherever a pattern fits."""

from __future__ import annotations

import re

from graylit.exchange.mapping import Split


def split_cell(cell: str, split: Split) -> list[str]:
    """Return the values in a cell, [''] if there are none."""
    if split.pattern:
        found = (match[1] if match.re.groups else match[0] for match in re.finditer(split.pattern, cell))
        return [value.strip() for value in found if value and value.strip()] or [""]
    before, rest = "", cell
    if split.after:
        before, sign, rest = cell.partition(split.after)
        if not sign:
            return [cell]
        before += sign
    for sign in split.signs[1:]:
        rest = rest.replace(sign, split.signs[0])
    values = [value.strip() for value in rest.split(split.signs[0])]
    return [before + value for value in values if value] or [cell if before else ""]


def find_rest(cell: str, split: Split) -> str:
    """Return the words of a cell that a pattern leaves over: nobody would miss signs, but words say something."""
    rest = " ".join(re.sub(split.pattern, " ", cell).split()) if split.pattern else ""
    return rest if re.search(r"\w", rest) else ""
