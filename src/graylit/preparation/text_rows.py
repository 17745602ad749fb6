"""Rows of the table of texts before there is a text, and of sources at which a step of preparation failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from graylit.captures.choosing import choose_telling
from graylit.runs.seams import Mishap, explain_mishaps
from graylit.tables.collection import OVER_LIMIT, PROGRAM_ERROR
from graylit.tables.preparation import TEXTS
from graylit.tables.rows import Cells, Row

OF_THE_CAPTURE = ("source_id", "origin", "capture_outcome", "captured_at", "capture_sha256")


def start_row(source: Cells, captures: list[Cells]) -> Row:
    """Return what is known of a source's text before extraction; `captures` are those of its pages, in order."""
    telling = choose_telling(captures)
    known = {"origin": telling.get("origin", ""), "capture_outcome": telling.get("outcome", "")}
    return dict.fromkeys(TEXTS.names, "") | {"source_id": source["source_id"]} | known


def fail_text(row: Mapping[str, str], mishap: Mishap) -> Row:
    """Return the row of a text that a mistake of the program or a limit prevented; `row` says what was known."""
    blank = dict.fromkeys(TEXTS.names, "") | {"n_characters": "0", "n_words": "0"}
    known = {name: row[name] for name in OF_THE_CAPTURE}
    return blank | known | {"outcome": mishap.outcome, "note": mishap.note}


def describe_failed(texts: Iterable[Mapping[str, str]], log: str | Path) -> str:
    """Return which texts the program failed at or gave up, and what to do, as a line's end; '' if none."""
    outcomes = Counter(row["outcome"] for row in texts)
    explained = [explain_mishaps(outcomes[PROGRAM_ERROR], log)]
    if n_given_up := outcomes[OVER_LIMIT]:
        explained.append(f"{n_given_up} took more time or memory than a source may: see {log}")
    return "".join(f"; {part}" for part in explained if part)
