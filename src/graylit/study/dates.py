"""Dates in tables that people wrote: none lies ahead, and those of an id come in the order of its rows."""

from __future__ import annotations

import datetime

from graylit.study.state import list_settled
from graylit.study.study import Study, list_peoples
from graylit.tables.faults import Fault
from graylit.tables.kinds import DATED

TOLERANCE = datetime.timedelta(days=1)  # somewhere it is tomorrow already


def read_today() -> datetime.date:
    """Return the day that the clock shows, in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


def tell_last_day(today: datetime.date) -> str:
    """Return the last day that does not lie ahead, with a day's tolerance for the zones of time."""
    return (today + TOLERANCE).isoformat()


def check_dates(study: Study, today: datetime.date) -> list[Fault]:
    """Return a fault for each date that lies ahead."""
    last = tell_last_day(today)
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
    """Return a remark for each row in force that is dated before an earlier row of the same: its place decides."""
    remarks = []
    remedy = (
        "nothing, if it was decided later, since the last row is in force, whatever its date; if git merged rows of "
        "two people, write the one that counts once more, as the last"
    )
    for rows, contract in list_peoples(study):
        latest: dict[str, str] = {}
        column = "read_at" if contract.name == "readings" else "decided_at"
        for number, cells in rows:
            when = cells.get(column, "")
            for settled in list_settled(cells, contract):
                if when and when < latest.get(settled, "")[: len(when)]:
                    problem = f"is dated before an earlier row of {settled} ({latest[settled]})"
                    remarks.append(Fault(rows.file, problem, "dates in order", remedy, number, column, when))
                latest[settled] = max(when, latest.get(settled, ""))
    return remarks
