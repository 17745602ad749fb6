"""A tiny study that can be read and coded, and the coding page served for it by a process of its own."""

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from conftest import read_table
from graylit.preparation.segments import tabulate_segments
from graylit.study.checking import read_study
from graylit.study.people import list_unlisted
from graylit.tables.faults import describe_faults
from graylit.tables.preparation import SEGMENTS, TEXTS
from made_rows import record_made
from running import list_graylit
from tiny_study import write_study

PAGES = {
    "S001": (
        "# Choosing a barrel\n\nA barrel of oak holds two hundred litres and lasts for twenty years.\n\n"
        "A mesh over the inlet keeps leaves out, and a second mesh keeps gnats out.\n\n"
        "## Overflow\n\nThe overflow leads away from the wall, to a bed that likes wet feet 🌱 in spring.\n"
    ),
    "S002": "# Pumps\n\nA pump wants clean water, so the mesh comes first and the pump comes later.\n",
}
READINGS_FILE = "config/coding/readings.csv"
A_WITHOUT_PLACES = "coding_id,source_id,code_id,memo,confidence,round,coded_at\n"


def list_people(folder: Path, **roles: str) -> None:
    """Write the table of people: each a person with these roles, whatever it had before."""
    lines = [f"{name},person,{of_one},2026-01-01\n" for name, of_one in roles.items()]
    (folder / "config/people.csv").write_text("decider,kind,roles,decided_at\n" + "".join(lines), encoding="utf-8")


def list_makers(folder: Path, **roles: str) -> None:
    """Write the table of people with everybody who stands in a study's tables, and others with these roles."""
    study, faults = read_study(folder)
    assert faults == [], describe_faults(faults)
    list_people(folder, **(dict.fromkeys(list_unlisted(study), "") | roles))


def write_readable(folder: Path, pages: dict[str, str] = PAGES) -> Path:
    """Write the tiny study with the texts and segments of its sources, and nothing coded."""
    write_study(folder)
    list_people(folder, A="coder", B="coder", C="coder")
    for coder in ("A", "B"):
        (folder / f"config/coding/codings/{coder}.csv").write_text(A_WITHOUT_PLACES, encoding="utf-8")
    write_texts(folder, pages)
    return folder


def write_texts(folder: Path, pages: dict[str, str]) -> None:
    """Write texts and what preparation makes of them; sources without a page were not captured."""
    made = folder / "data/processed"
    (made / "texts").mkdir(parents=True, exist_ok=True)
    segments, texts = [], []
    for source_id in ("S001", "S002", "S003"):
        text = pages.get(source_id, "")
        outcome = "extracted" if text else "not_captured"
        cells = {"source_id": source_id, "outcome": outcome, "n_characters": str(len(text)), "n_words": "0"}
        texts.append(dict.fromkeys(TEXTS.names, "") | cells)
        if text:
            (made / f"texts/{source_id}.txt").write_bytes(text.encode("utf-8"))
            segments += tabulate_segments(source_id, text, 5)
    SEGMENTS.write(pd.DataFrame(segments, columns=SEGMENTS.names), made / "segments.csv")
    TEXTS.write(TEXTS.to_frame(texts), made / "texts.csv")
    record_made(folder)


@dataclass
class Server:
    """A running desk: its process and the address of one of its tasks, which ends in a slash."""

    process: subprocess.Popen
    address: str

    @property
    def first(self) -> str:
        """Return the address of the first page: that with the token alone."""
        return "/".join(self.address.split("/")[:4]) + "/"

    def turn_to(self, task: str) -> "Server":
        """Return the same desk at another task; '' is its first page."""
        return Server(self.process, self.first + (f"{task}/" if task else ""))

    @property
    def origin(self) -> str:
        """Return the address without the token and the task."""
        return "/".join(self.address.split("/")[:3])

    def ask(self, path: str, **headers: str) -> tuple[int, dict, str]:
        """Return the status, the headers and the body of an answer."""
        return self._open(urllib.request.Request(self.address + path, headers=headers))

    def look(self, source_id: str) -> dict:
        """Return what the page is told of the decisions on a source."""
        return json.loads(self.ask(f"sources/{source_id}")[2])["decisions"]

    def decide(self, source_id: str, version: str, **decision: str) -> tuple[int, dict]:
        """Send a decision as the page does; return the status and the answer."""
        status, _, body = self.send(f"sources/{source_id}", {"version": version, **decision}, Origin=self.origin)
        return status, json.loads(body)

    def send(self, path: str, content: object, **headers: str) -> tuple[int, dict, str]:
        """Send anything with any headers."""
        named = {"Content-Type": "application/json"} | {name.replace("_", "-"): cell for name, cell in headers.items()}
        body = json.dumps(content).encode()
        return self._open(urllib.request.Request(self.address + path, data=body, headers=named))

    def _open(self, request: urllib.request.Request) -> tuple[int, dict, str]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read().decode()


def list_page_command(folder: Path, coder: str, *arguments: str) -> list[str]:
    """Return the command that serves a desk."""
    return list_graylit("-C", folder, "desk", "--as", coder, *arguments)


@contextmanager
def serve_page(folder: Path, coder: str, *arguments: str) -> Iterator[Server]:
    """Serve the desk of a study until the block ends; it is asked at its coding page."""
    command = list_page_command(folder, coder, *arguments)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stdout.readline, "")
            address = next((line.split()[1] for line in lines if line.startswith("Open ")), None)
            assert address, process.stderr.read()
            yield Server(process, f"{address}code/")
        finally:
            process.kill()


class Clock:
    """A clock that goes on by a second with every look at it."""

    def __init__(self):
        self.second = 0

    def __call__(self):
        self.second += 1
        return f"2026-03-01T10:{self.second // 60:02d}:{self.second % 60:02d}Z"


def rows_of(study, coder="B"):
    return read_table(study / f"config/coding/codings/{coder}.csv")


def assert_no_fault(study):
    _, faults = read_study(study)
    assert faults == [], describe_faults(faults)
