"""The codebook as a task of the desk: whose it is, its page, and its routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.adjudicating.room import enter_coding_room
from graylit.desk.answers import read_asked, route_files
from graylit.desk.codebook.editor import Editor
from graylit.desk.codebook.table import WORDS
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

FILES = {"": "codebook.html", "codebook.js": "codebook.js", "codebook.css": "codebook.css"}
SHOWN = ("code_id", *WORDS, "status", "replaced_by", "decided_at", "decided_by", "reason")


class CodebookTask:
    """The codebook, for who edits it."""

    name, title = "codebook", "Edit the codebook"

    def __init__(self, editor: Editor, title: str) -> None:
        self.editor, self._title = editor, title

    def count_left(self) -> Left:
        """Return how many codes that coders made while reading are not taken up."""
        table = self.editor.table
        untaken, in_force = table.list_untaken(), table.in_force()
        n_active = sum(row["status"] == "active" for row in in_force.values())
        own = [row["decided_at"] for row in table.list_seen() if row["decided_by"] == table.person]
        return Left("codes", len(untaken), n_active - len(untaken), last_at=max(own, default=""))

    def list_lines(self) -> Sequence[str]:
        """Return how many codes are in use, and how many of coders are to be taken up."""
        left = self.count_left()
        untaken = f", {left.n_left:,} made by coders to be looked at" if left.n_left else ""
        person = self.editor.table.person
        return [f"{self._title}: editor {person}, {count_things(left.n_left + left.n_done, 'code')} in use{untaken}"]

    def describe(self) -> dict[str, object]:
        """Return the codebook as the page shows it; `version` is sent back with the next change."""
        table, counts = self.editor.table, self.editor.count_codings()
        history: dict[str, list[Cells]] = {}
        for row in table.list_seen():
            history.setdefault(row["code_id"], []).append({name: row[name] for name in SHOWN})
        untaken = set(table.list_untaken())
        return {
            "title": self._title,
            "person": table.person,
            "version": table.tell_version(),
            "undo": self.editor.last,
            "sees_all": self.editor.sees_all(),
            "codes": [
                {
                    **rows[-1],
                    "history": rows,
                    "counts": dict(sorted(counts.get(code_id, Counter()).items())),
                    "is_untaken": code_id in untaken,
                }
                for code_id, rows in history.items()
            ],
        }

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, of its files, of the codebook and its changes."""

        async def codes(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def change(request: Request) -> Response:
            asked = await read_asked(request)
            # From here to the answer nothing else runs: changes are taken one after another.
            saved = self.editor.change(asked)
            return JSONResponse({"saved": saved} | self.describe())

        return [*route_files(FILES), Route("/codes", codes), Route("/codes", change, methods=["POST"])]


def open_codebook(visit: Visit, study: Study) -> CodebookTask | None:
    """Return the task of a person who edits the codebook; None if it is not theirs, or without sources."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or "editor" not in roles:
        return None
    require_tidy([study.codebook])
    return CodebookTask(Editor(enter_coding_room(visit, study)), study.config["title"])
