"""An update of the search: questions asked again, new candidates recorded, and a log by which a killed one goes on.

An update that did not come to its end is continued by the next one. What it asked is not asked again: a search has a
row in the log, or its answers are kept, or its candidates are recorded; the step after the last one done is the next.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graylit.comparison.news_files import UPDATE_LOG
from graylit.search.importing import ReadFile
from graylit.search.live import search_now
from graylit.search.recording import record_news
from graylit.search.repeating import Repeat, find_begun
from graylit.search.search_results import Found, Recorded
from graylit.study.locks import hold_study
from graylit.study.study import read_tables
from graylit.tables.faults import InputError
from graylit.tables.growing import GrowingTable
from graylit.tables.rows import Cells, Row
from graylit.tables.updating import BEGUN, ENDED, FAILED, NEW_HITS, NOT_ASKED, NOTHING_NEW, UPDATES, WHOLE

# An update that broke off is continued for so long; after that, answers are old, and a new one begins. Chosen.
CONTINUED = datetime.timedelta(hours=24)


@dataclass
class Update:
    """An update at work: when it began, its rows of the log, and where they go."""

    began: str
    log: GrowingTable
    read_clock: Callable[[], str]
    rows: list[Row] = field(default_factory=list)

    def note(self, subject: str, outcome: str, **more: str) -> None:
        """Write down what came of a part of the update; it is on disk at return."""
        row = {"update": self.began, "number": str(len(self.rows) + 1), "subject": subject, "at": self.read_clock()}
        self.rows.append(row | {"outcome": outcome} | more)
        self.log.add(self.rows[-1])

    def find_done(self, subject: str) -> Row | None:
        """Return the row that says what came of a part; None if it is still to be done, or failed."""
        done = [row for row in self.rows if row["subject"] == subject and row["outcome"] not in (BEGUN, FAILED)]
        return done[-1] if done else None


def open_update(folder: Path, read_clock: Callable[[], str]) -> tuple[Update, bool]:
    """Return the update that was broken off, or else a new one, and whether it is continued."""
    log = GrowingTable(folder / UPDATE_LOG, UPDATES)
    rows, now = log.read(), read_clock()
    last = max((row["update"] for row in rows), default="")
    mine = [row for row in rows if row["update"] == last]
    is_open = bool(mine) and all((row["subject"], row["outcome"]) != (WHOLE, ENDED) for row in mine)
    age = datetime.datetime.fromisoformat(now) - datetime.datetime.fromisoformat(last) if last else CONTINUED
    if is_open and age < CONTINUED:
        return Update(last, log, read_clock, mine), True
    update = Update(max(now, _next_second(last)) if last else now, log, read_clock)
    update.note(WHOLE, BEGUN)
    return update, False


def _next_second(when: str) -> str:
    later = datetime.datetime.fromisoformat(when) + datetime.timedelta(seconds=1)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def repeat_searches(
    folder: Path, settings: Mapping[str, Any], repeats: Iterable[Repeat], update: Update, given: Cells, permitted: bool
) -> None:
    """Ask searches again, and record the candidates that they bring; each has a row in the log before the next."""
    for repeat in repeats:
        if update.find_done(repeat.search_id):
            continue
        if repeat.question is None:
            update.note(repeat.search_id, NOT_ASKED, note=repeat.why_not)
            continue
        begun = find_begun(folder, repeat.question, update.began)
        if recorded := _find_recorded(folder, [path.name for path in begun]):
            update.note(repeat.search_id, NEW_HITS, **recorded)
            continue
        try:
            findings = search_now(folder, settings, repeat.question, is_permitted=permitted, earlier=begun)
        except InputError as error:
            said = "; ".join(f"{one.problem}: {one.remedy}" for one in error.faults)
            update.note(repeat.search_id, FAILED, note=said)
            continue
        facts = findings.facts | {"reason": f"asks {repeat.search_id} again"}
        (record,) = _record(folder, [Found(facts, findings.hits, given=given)], update)
        for path in begun:  # of which the new file holds all that is whole
            path.unlink()
        _note_record(update, repeat.search_id, [record], findings.facts["file_name"])


def take_files(folder: Path, files: Sequence[ReadFile], update: Update) -> None:
    """Record the new candidates of files of hits that people saved again; each file has a row in the log."""
    found = [replace(part, facts={**part.facts, "reason": "asked again"}) for file in files for part in file.found]
    records = iter(_record(folder, found, update))
    for file in files:
        if file.found:
            _note_record(update, file.name, [next(records) for _ in file.found], file.name)


def _record(folder: Path, found: Sequence[Found], update: Update) -> list[Recorded]:
    with hold_study(folder):
        return record_news(folder, found, update.read_clock())


def _note_record(update: Update, subject: str, records: Sequence[Recorded], file_name: str) -> None:
    n_new = sum(record.n_new for record in records)
    update.note(
        subject,
        NEW_HITS if n_new else NOTHING_NEW,
        n_hits=str(sum(record.n_hits for record in records)),
        n_new=str(n_new),
        search_id=next((record.search_id for record in records if record.search_id), ""),
        file_name=file_name,
    )


def _find_recorded(folder: Path, names: Sequence[str]) -> Row | None:
    """Return what was recorded of files of answers before the update was killed; None if nothing was."""
    study, _ = read_tables(folder, ("searches", "hits", "candidates"))
    search = next((row for row in study.searches.cells if row["file_name"] in names), None)
    if search is None:
        return None
    search_id = search["search_id"]
    n_hits = sum(row["search_id"] == search_id for row in study.hits.cells)
    n_new = sum(row["found_by"] == search_id for row in study.candidates.cells)
    return {"n_hits": str(n_hits), "n_new": str(n_new), "search_id": search_id, "file_name": search["file_name"]}
