"""Codes that coders make while they read: their maker's alone until an editor takes them up by a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graylit.tables.names import name_ids
from graylit.tables.rows import Cells

MARK = "-c"  # between the name and the number of an id that the desk gives


def list_untaken(rows: Iterable[Cells], editors: Collection[str]) -> dict[str, str]:
    """Return the codes made while reading that no editor has taken up, each with its maker.

    Its id says so, and that all its rows are its maker's, who is no editor.
    """
    makers: dict[str, set[str]] = {}
    for row in rows:
        makers.setdefault(row["code_id"], set()).add(row.get("decided_by", ""))
    alone = ((code_id, next(iter(of_code))) for code_id, of_code in makers.items() if len(of_code) == 1)
    return {
        code_id: maker
        for code_id, maker in alone
        if maker and maker not in editors and code_id.startswith(f"{name_ids(maker)}{MARK}")
    }
