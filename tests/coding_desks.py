"""A readable study with coders, an editor and an adjudicator, whose desks share one clock and run in this process."""

from pathlib import Path

from applications import TOKEN, get, post
from conftest import read_table
from desks import Clock, list_people, write_readable
from graylit.desk.application import Desk
from graylit.desk.tasks import Visit

CODEBOOK_FILE = "config/coding/codebook.csv"
ADJUDICATIONS_FILE = "config/coding/adjudications.csv"
ROLES = {"A": "coder", "B": "coder", "CLEO": "adjudicator", "EVE": "editor"}
SEGMENTS_FILE = "data/processed/segments.csv"


class Team:
    """The desks of a study's people, by name; each is opened when it is first asked for."""

    def __init__(self, folder: Path, **roles: str) -> None:
        self.folder, self.clock = write_readable(folder), Clock()
        list_people(folder, **(roles or ROLES))
        self._desks: dict[str, Desk] = {}

    def __getitem__(self, name: str) -> Desk:
        if name not in self._desks:
            self._desks[name] = self.open(name)
        return self._desks[name]

    def open(self, name: str, **more: object) -> Desk:
        """Return a desk that is opened anew."""
        return Desk(Visit(self.folder, name, self.clock, **more), TOKEN)

    def code(self, name: str, segment_id: str, code_id: str, **asked: str) -> dict:
        """Have a coder give a code to a segment; return the answer."""
        return self.decide(name, segment_id[:4], kind="give", segment_id=segment_id, code_id=code_id, **asked)

    def decide(self, name: str, source_id: str, **asked: str) -> dict:
        """Have a coder decide on the coding page; return the answer."""
        version = get(self[name], f"code/sources/{source_id}")["decisions"]["version"]
        status, answer = post(self[name], f"code/sources/{source_id}", version=version, **asked)
        assert status == 200, answer
        return answer

    def finish(self, *names: str, sources: tuple[str, ...] = ("S001", "S002")) -> None:
        """Have coders finish sources."""
        for name in names:
            for source_id in sources:
                self.decide(name, source_id, kind="finish")

    def change(self, kind: str, by: str = "EVE", **asked: object) -> tuple[int, dict]:
        """Have an editor change the codebook; return the status and the answer."""
        version = get(self[by], "codebook/codes")["version"]
        return post(self[by], "codebook/codes", **({"version": version, "kind": kind, "reason": "why"} | asked))

    def codebook(self) -> list[dict[str, str]]:
        """Return the rows of the codebook."""
        return read_table(self.folder / CODEBOOK_FILE)

    def codings(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a coder's table."""
        return read_table(self.folder / f"config/coding/codings/{name}.csv")

    def adjudications(self) -> list[dict[str, str]]:
        """Return the rows of the table of adjudications; none if there is none yet."""
        path = self.folder / ADJUDICATIONS_FILE
        return read_table(path) if path.exists() else []
