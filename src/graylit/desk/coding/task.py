"""Coding as a task of the desk: whose it is, and how many sources are left."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.adjudicating.room import CodingRoom, enter_coding_room
from graylit.desk.coding.desk import Desk
from graylit.desk.coding.page import list_routes
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.tables.faults import name_command
from graylit.tables.kinds import split_ids


class CodingTask:
    """The sources that a coder reads and codes."""

    name, title = "code", "Code sources"

    def __init__(self, desk: Desk, room: CodingRoom) -> None:
        self.desk, self._room = desk, room

    def count_left(self) -> Left:
        """Return how many sources with a text are not finished."""
        shelf, own = self.desk.shelf, self.desk.own
        readable = [source_id for source_id in shelf.sources if not shelf.explain_lack(source_id)]
        n_done = sum(own.look_at(source_id).is_finished for source_id in readable)
        return Left("sources", len(readable) - n_done, n_done, last_at=own.last_at)

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the coding page."""
        return list_routes(self.desk, self._room.is_ended)

    def list_lines(self) -> Sequence[str]:
        """Return who codes, and which texts are missing."""
        desk = self.desk
        lacks = [source_id for source_id in desk.shelf.sources if desk.shelf.explain_lack(source_id)]
        n_sources, has_texts = len(desk.shelf.sources), desk.shelf.has_texts
        sources = count_things(n_sources, "source")
        known = f"{n_sources - len(lacks):,} of {sources} with text" if has_texts else sources
        lines = [f"{desk.title}: coder {desk.coder}, round {desk.own.round}, {known}"]
        if desk.is_new:
            lines.append(f"{desk.coder} is new: {desk.own.file} is made with the first decision.")
        if lacks:
            shown = ", ".join(lacks[:8]) + (f" and {len(lacks) - 8} more" if len(lacks) > 8 else "")
            remedy = f"{name_command('collect --all')}, or name a file with --archive"
            lines.append(f"Without text here: {shown}. To get it: {remedy}.")
        return lines


def enter_desk(visit: Visit) -> Desk:
    """Return the desk of a visit's coder, which all tasks of coding share."""
    desk = visit.shared.get("coding")
    if not isinstance(desk, Desk):
        desk = visit.shared["coding"] = Desk(visit.folder, visit.person, visit.asked_round, visit.read_clock)
    return desk


def open_coding(visit: Visit, study: Study) -> CodingTask | None:
    """Return the task of a person who codes; None if it is not theirs, or if the study has no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or not ("coder" in roles or visit.person in study.codings):
        return None
    return CodingTask(enter_desk(visit), enter_coding_room(visit, study))
