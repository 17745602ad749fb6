"""Pages of candidates beside the desk: their texts as captured, and captures asked for while people go on deciding.

The desk itself asks no network: a collection in a process of its own captures, politely, and makes the text. One runs
at a time; what is asked for meanwhile waits for the next one.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.desk.tasks import DecisionError
from graylit.desk.watching import Watched
from graylit.preparation.candidate_texts import find_text
from graylit.runs.workflow import Choice, Machine, clean_environment, end_run, list_choices, list_command
from graylit.study.candidate_pages import list_candidate_pages
from graylit.study.study import CAPTURES, read_captures
from graylit.tables.rows import Cells

LOG = "results/logs/collect_candidates.log"  # what the last collection that the desk began said
MAX_SAID = 300  # signs shown of what a collection that failed said: chosen, more than a fault has


class CandidatePages:
    """The pages of a study's candidates: what is captured of each, and captures that were asked for."""

    def __init__(self, folder: Path, candidates: Sequence[Cells], keep_code_blocks: bool) -> None:
        self._folder = folder
        self._pages = {page["source_id"]: page for page in list_candidate_pages(candidates)}
        self._captures = Watched(folder / CAPTURES, self._choose)
        self._keeps_code = keep_code_blocks
        self._waiting: list[str] = []
        self._running: _Collection | None = None
        self._failed: dict[str, str] = {}

    def _choose(self) -> dict[str, Cells]:
        """Return the capture that stands for each candidate's page; an empty row if nobody asked for it."""
        chosen = choose_pages(self._pages.values(), read_captures(self._folder / CAPTURES))
        return {candidate_id: pages[0] for candidate_id, pages in chosen.items()}

    def look(self, candidate_id: str) -> dict[str, str]:
        """Return what is known of a candidate's page, for the desk to show.

        `state` is `text` (with its `words`), `asked` (a collection is to get it), or what became of the page: the
        outcome of its capture or of its text, `not_tried` without any, `captured` if its text is still to be made;
        `note` says why.
        """
        self._advance()
        capture = self._captures.get().get(candidate_id, {})
        known = {"candidate_id": candidate_id, "captured_at": capture.get("captured_at", "")}
        if candidate_id in self._waiting or (self._running and candidate_id in self._running.candidate_ids):
            return known | {"state": "asked", "words": "", "note": ""}
        note = self._failed.get(candidate_id, "")
        if not is_held(capture):
            return known | {
                "state": capture.get("outcome") or "not_tried",
                "words": "",
                "note": note or capture.get("note", ""),
            }
        text = find_text(self._folder, candidate_id, capture, self._keeps_code)
        if text is None:
            return known | {"state": "captured", "words": "", "note": note}
        state = "text" if text.words else text.outcome
        return known | {"state": state, "words": text.words, "note": text.note}

    def ask(self, candidate_id: str) -> None:
        """Have a candidate's page captured, and its text made; return at once. Raises DecisionError if it has none."""
        if candidate_id not in self._pages:
            raise DecisionError(f"There is no candidate {candidate_id!r} with an address in this study.")
        self._failed.pop(candidate_id, None)
        if candidate_id not in self._waiting:
            self._waiting.append(candidate_id)
        self._advance()

    def _advance(self) -> None:
        """Note what became of a collection that has ended, and begin the next one."""
        if self._running and self._running.has_ended():
            if why := self._running.explain():
                self._failed |= dict.fromkeys(self._running.candidate_ids, why)
            self._running = None
        if self._waiting and self._running is None:
            self._running, self._waiting = _Collection(self._folder, self._waiting), []

    def close(self) -> None:
        """End the collection that runs; what it has captured stays, and the next one goes on."""
        self._waiting.clear()
        if self._running:
            self._running.end()
            self._running = None


class _Collection:
    """A collection of candidates in a process of its own."""

    def __init__(self, folder: Path, candidate_ids: list[str]) -> None:
        self.candidate_ids = candidate_ids
        self._log = folder / LOG
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as said:
            self._process = subprocess.Popen(
                list_collection(folder, candidate_ids),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # Ctrl+C is for the desk, which ends it
            )

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def explain(self) -> str:
        """Return why it failed, in its own words; '' if it did not."""
        said = " ".join(self._log.read_text(encoding="utf-8", errors="replace").split())
        return (said[-MAX_SAID:] or "The collection failed.") if self._process.returncode else ""

    def end(self) -> None:
        end_run(self._process)


def list_collection(folder: Path, candidate_ids: Sequence[str]) -> list[str]:
    """Return the command that captures candidates and makes their texts, as `graylit collect --candidates` does."""
    choices: dict[str, Choice] = {"collect": True, "live": True, "candidates": " ".join(candidate_ids)}
    step = ["--forcerun", "collect_captures", *list_choices(choices)]
    return list_command(folder, ["collect"], Machine(cores="1"), *step)
