"""The PRISMA 2020 flow as a drawing: boxes with their lines and links, arrows, and the names of the stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

LINE, PADDING, GAP = 20, 12, 34  # heights, in units of the drawing
LEFT, MIDDLE, WIDTH = 44, 404, 320  # where the boxes of the two columns start, and how wide they are
LETTER = 7  # height that a letter of a stage's name takes, written upwards
MAX_LETTERS = 40  # of a line, so that it stays in its box
PAGE = "audit/screening.html"
Line = tuple[str, str]  # words, address of the rows behind them


@dataclass(frozen=True)
class Stage:
    """A step of the flow: its box, and the box of what left there (no lines where nothing can leave)."""

    name: str
    lines: Sequence[Line]
    left: Sequence[Line] = ()


def list_stages(flow: Mapping[str, str]) -> list[Stage]:
    """Return the stages of a flow of other methods, with what left them; `flow` holds what stands in each box."""
    found = {"Websites": "website_results", "Organisations": "organisation_results", "Citations": "citations_results"}
    origins = {name: int(flow[key]) for name, key in found.items()}
    reasons = [part.rsplit(", ", 1) for part in flow["other_excluded"].split("; ") if ", " in part]
    n_excluded = sum(int(n) for _, n in reasons)
    return [
        Stage(
            "Identification",
            [
                (f"Candidates identified: {sum(origins.values())}", PAGE),
                *((f"{name}: {n}", PAGE) for name, n in origins.items() if n),
            ],
            [("Removed before screening:", ""), (f"duplicates: {int(flow['duplicates'])}", _ask(outcome="duplicate"))],
        ),
        Stage(
            "Screening",
            [(f"Sought for retrieval: {int(flow['other_sought_reports'])}", PAGE)],
            [(f"Not retrieved: {int(flow['other_notretrieved_reports'])}", PAGE)],
        ),
        Stage(
            "",
            [(f"Assessed for eligibility: {int(flow['other_assessed'])}", PAGE)],
            [
                (f"Excluded: {n_excluded}", _ask(outcome="exclude")),
                *((f"{name}: {n}", _ask(outcome="exclude", words=name)) for name, n in reasons),
            ],
        ),
        Stage("Included", [(f"Sources included: {int(flow['new_studies'])}", _ask(outcome="include"))]),
    ]


def _ask(**chosen: str) -> str:
    return f"{PAGE}?{urlencode(chosen)}"


def draw_flow(flow: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the boxes, arrows and stages of the flow; None where nothing was screened."""
    if not flow:
        return None
    boxes, arrows, names = [], [], []
    top, before = 8.0, None
    for stage in list_stages(flow):
        height = max(PADDING * 2 + LINE * max(len(stage.lines), len(stage.left)), LETTER * len(stage.name))
        boxes.append(_draw_box(LEFT, top, height, stage.lines))
        if before is not None:
            arrows.append(f"M{LEFT + WIDTH / 2} {before}V{top - 7}")
        if stage.left:
            boxes.append(_draw_box(MIDDLE, top, height, stage.left))
            arrows.append(f"M{LEFT + WIDTH} {top + height / 2}H{MIDDLE - 7}")
        _name_stage(names, stage.name, top, height)
        before, top = top + height, top + height + GAP
    return {"width": MIDDLE + WIDTH + 4, "height": top - GAP + 8, "boxes": boxes, "arrows": arrows, "stages": names}


def _draw_box(x: float, top: float, height: float, lines: Sequence[Line]) -> dict[str, Any]:
    first = top + PADDING + 14
    placed = [
        {"x": x + 14, "y": first + LINE * number, "words": _cut(words), "target": target}
        for number, (words, target) in enumerate(lines)
    ]
    return {"x": x, "y": top, "width": WIDTH, "height": height, "lines": placed}


def _cut(words: str) -> str:
    name, _, number = words.rpartition(": ")
    room = MAX_LETTERS - len(number) - 2
    return f"{name[: room - 1]}…: {number}" if name and len(name) > room else words


def _name_stage(names: list[dict[str, Any]], name: str, top: float, height: float) -> None:
    """Add a stage's name beside its boxes; a stage without a name belongs to the one before it."""
    if name:
        names.append({"name": name, "top": top, "bottom": top + height})
    elif names:
        names[-1]["bottom"] = top + height
