"""Searches, their hits and new candidates as rows of a study: added to its tables together, or not at all.

Rows are only added. A hit whose page is that of a candidate gets the candidate's id, any other hit with an address
makes a candidate. A file that was read before changes nothing, unless facts are given that its search lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graylit.search.ledger import Ledger, open_ledger
from graylit.search.search_results import Found, Recorded
from graylit.study.extending import CONTRACTS, extend_tables, hold_tables
from graylit.study.study import OPTIONAL_TABLES
from graylit.study.tracking import would_take
from graylit.tables.contracts import Contract
from graylit.tables.rows import Cells, Row, guard_typed

SEARCHES_FILE, HITS_FILE, CANDIDATES_FILE = (OPTIONAL_TABLES[name][0] for name in ("searches", "hits", "candidates"))


def record_searches(
    folder: Path, found: Sequence[Found], now: str, search_id: str = "", keep_words: bool = False
) -> list[Recorded]:
    """Add searches with their hits, and candidates for what is new, to a study's tables; return what became of each.

    They continue the search `search_id`, if one is named. Snippets are words of pages: they are left out if git would
    take the table, unless it may `keep_words`. Raises InputError, before anything is written, if a table has faults.
    """
    with hold_tables(folder):
        ledger, recorded = plan_searches(folder, found, now, search_id, keep_words)
        _write(folder, ledger)
    return recorded


def record_news(folder: Path, found: Sequence[Found], now: str) -> list[Recorded]:
    """Add those searches that bring new candidates, with all their hits; return what became, or would, of each.

    A search that brings nothing new changes no table: its hits would count as searches of their own. Raises InputError
    as `record_searches` does.
    """
    with hold_tables(folder):
        _, planned = plan_searches(folder, found, now)
        n_new: Counter[str] = Counter()
        for record in planned:
            n_new[record.search_id] += record.n_new
        news = [part for part, record in zip(found, planned, strict=True) if n_new[record.search_id]]
        ledger, recorded = plan_searches(folder, news, now)
        _write(folder, ledger)
    written = iter(recorded)
    return [next(written) if n_new[record.search_id] else replace(record, search_id="") for record in planned]


def complete_search(folder: Path, search_id: str, given: Cells, now: str) -> Recorded:
    """Add a row to a study's searches that fills what is not known of one; raise InputError if there is no such one."""
    with hold_tables(folder):
        ledger = open_ledger(folder, now)
        ledger.require_search(search_id)
        recorded = ledger.complete(search_id, given)
        _write(folder, ledger)
    return recorded


def _write(folder: Path, ledger: Ledger) -> None:
    """Add the new rows to the tables; a table named later may name what is in an earlier one."""
    added = {
        CANDIDATES_FILE: ledger.new_candidates,
        SEARCHES_FILE: ledger.new_searches,
        HITS_FILE: ledger.new_hits,
    }
    if any(added.values()):
        extend_tables(folder, {file: guard_rows(rows, CONTRACTS[file]) for file, rows in added.items() if rows})


def guard_rows(rows: Sequence[Row], contract: Contract) -> list[Row]:
    """Return rows as they are written: no cell is a formula, and reading gives back what it says."""
    return [_guard_row(row, contract) for row in rows]


def _guard_row(row: Row, contract: Contract) -> Row:
    guarded = {name: guard_typed(row[name]) for name in row.keys() & contract.worded}
    return row | guarded if any(row[name] != cell for name, cell in guarded.items()) else row


def plan_searches(
    folder: Path, found: Sequence[Found], now: str, search_id: str = "", keep_words: bool = False
) -> tuple[Ledger, list[Recorded]]:
    """Return the rows that searches would add to a study, and what would become of each; nothing is written."""
    keeps_words = keep_words or not would_take(folder / HITS_FILE)
    ledger = open_ledger(folder, now, keeps_words)
    if search_id:
        ledger.require_search(search_id)
    return ledger, [ledger.add(part, search_id) for part in found]
