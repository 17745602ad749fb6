"""Texts of candidates, for those who screen: made by the same code as texts of sources, and kept apart from them.

They lie in data/processed, which neither git nor an export takes, and count nowhere as texts of the study.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.preparation.source_texts import Text, extract_source
from graylit.runs.limits import work_apart
from graylit.runs.seams import Mishap
from graylit.tables.files import replace_file
from graylit.tables.rows import Cells, Row

FOLDER = "data/processed/candidates"


@dataclass(frozen=True)
class CandidateText:
    """The text of a candidate's page: how extraction ended, its words, and what there is to say of it.

    `made_of` is the capture and the program that it was made of and by.
    """

    made_of: str
    outcome: str
    title: str = ""
    words: str = ""
    note: str = ""


def name_making(capture: Cells, keep_code_blocks: bool) -> str:
    """Return what a text is made of and by: another capture or version makes another text."""
    return f"{capture['sha256']} {version('graylit')} {'with' if keep_code_blocks else 'without'} code"


def find_text(folder: Path, candidate_id: str, capture: Cells, keep_code_blocks: bool) -> CandidateText | None:
    """Return the text made of a candidate's capture; None if it was not made yet."""
    try:
        kept = CandidateText(**json.loads((folder / FOLDER / f"{candidate_id}.json").read_bytes()))
    except (OSError, ValueError, TypeError):  # never made, or cut off, or of another version: it is made again
        return None
    return kept if kept.made_of == name_making(capture, keep_code_blocks) else None


def make_texts(
    folder: Path,
    candidates: Sequence[Row],
    captures: Iterable[Cells],
    keep_code_blocks: bool,
    note: Callable[[str], object] = str,
) -> int:
    """Make the texts of captured candidates that have none; return how many were made.

    `candidates` are like sources of one page each; `note` takes what the log should hold of failures.
    """
    chosen = {candidate_id: pages[0] for candidate_id, pages in choose_pages(candidates, captures).items()}
    pending = [
        page
        for page in candidates
        if is_held(capture := chosen[page["source_id"]])
        and find_text(folder, page["source_id"], capture, keep_code_blocks) is None
    ]

    def extract(page: Row) -> tuple[Row, Text]:
        return extract_source(page, [chosen[page["source_id"]]], folder / "data/raw", keep_code_blocks)

    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for page, made in zip(pending, work_apart(extract, pending), strict=True):
        made_of = name_making(chosen[page["source_id"]], keep_code_blocks)
        if isinstance(made, Mishap):
            note(made.trace)
            text = CandidateText(made_of, made.outcome, note=made.note)
        else:
            text = CandidateText(made_of, made[1].outcome, made[1].title, made[1].words, made[1].note)
        replace_file(folder / FOLDER / f"{page['source_id']}.json", json.dumps(asdict(text)))
    return len(pending)
