"""Sources of which nobody has said who publishes them, or of what kind they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.pages.wording import count_things, name_some
from graylit.tables.faults import Fault
from graylit.tables.sources import NOT_STATED

if TYPE_CHECKING:
    from graylit.study.study import Study

LACKING = {"publisher": "publisher", "source_type": "kind"}


def remark_unstated(study: Study) -> list[Fault]:
    """Return a remark for each column in which sources stand as not stated, as `find --include` writes them."""
    remarks = []
    for column, thing in LACKING.items():
        ids = [row["source_id"] for row in study.sources.cells if row[column].casefold() == NOT_STATED]
        if ids:
            problem = f"does not say the {thing} of {count_things(len(ids), 'source')}: {name_some(ids)}"
            remedy = "say it on the desk (role searcher) or in the table; leave it if the page does not say it"
            remarks.append(Fault(study.sources.file, problem, f"the {thing} of each source", remedy, None, column))
    return remarks
