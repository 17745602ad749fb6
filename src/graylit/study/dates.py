"""Dates in tables that people wrote: none lies ahead, and those of an id come in the order of its rows."""

from __future__ import annotations

import datetime

from graylit.study.study import Study, list_peoples
from graylit.tables.faults import Fault
from graylit.tables.kinds import DATED

TOLERANCE = datetime.timedelta(days=1)  # somewhere it is tomorrow already


def read_today() -> datetime.date:
    """Return the day that the clock shows, in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def check_dates(study: Study, today: datetime.date) -> list[Fault]:
    """Return a fault for each date that lies ahead, with a day's tolerance for the zones of time."""
    last = (today + TOLERANCE).isoformat()
    remedy = f"correct it, or the clock of this machine, which shows {today.isoformat()}"
    return [
        Fault(rows.file, "lies ahead", f"a date up to {last}", remedy, number, column.name, cells[column.name])
        for rows, contract in list_peoples(study)
        for column in contract.columns
        if column.kind in DATED
        for number, cells in rows
        if cells[column.name][:10] > last[: len(cells[column.name])] and column.accepts(cells[column.name])
    ]


def remark_dates(study: Study) -> list[Fault]:
    """Return a remark for each row in force that is dated before an earlier row of its id: its place decides."""
    remarks = []
    for rows, contract in list_peoples(study):
        latest: dict[str, str] = {}
        for number, cells in rows if contract.key[1:] == ("decided_at",) else ():
            row_id, when = cells[contract.key[0]], cells["decided_at"]
            if when and when < latest.get(row_id, "")[: len(when)]:
                problem = f"is dated before an earlier row of {row_id} ({latest[row_id]})"
                remedy = "nothing, if it was decided later; the last row of an id is in force, whatever its date"
                remarks.append(Fault(rows.file, problem, "dates in order", remedy, number, "decided_at", when))
            latest[row_id] = max(when, latest.get(row_id, ""))
    return remarks
