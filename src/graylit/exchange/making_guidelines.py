"""The guidelines of an imported study, each with its theme and the codes of the theme that support it."""

from __future__ import annotations

from dataclasses import replace

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making
from graylit.exchange.making_tables import make_table
from graylit.exchange.outcomes import Draft
from graylit.tables.rows import Row
from graylit.tables.synthesis import GUIDELINES


def make_guidelines(drafted: list[Drafted], themes: list[Row], making: Making) -> list[Row]:
    """Return the guidelines; one that names no codes rests on all codes of its theme."""
    codes_of = {row["theme_id"]: row["code_ids"] for row in themes}
    names = {row["theme_id"]: row["name"] for row in themes}
    told = [replace(one, drafts=[_tell_codes(draft, names, making) for draft in one.drafts]) for one in drafted]
    rows = make_table("guidelines", told, making, GUIDELINES)
    for row in rows:
        row["code_ids"] = row["code_ids"] or codes_of.get(row["theme_id"], "")
    return rows


def _tell_codes(draft: Draft, names: dict[str, str], making: Making) -> Draft:
    """Return a guideline with codes told apart by its theme, if the name of one is that of another theme's code too."""
    theme = names.get(making.ids["theme"].find(draft.cells.get("theme_id", "")) or "", "")
    codes = making.ids["code"]
    parts = [part.strip() for part in draft.cells.get("code_ids", "").split(";")]
    full = {part: f"{theme} > {part}" for part in parts}
    told = [full[part] if codes.find(part) is None and codes.find(full[part]) else part for part in parts]
    return replace(draft, cells={**draft.cells, "code_ids": "; ".join(told)})
