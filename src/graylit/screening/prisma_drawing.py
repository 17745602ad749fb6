"""The PRISMA 2020 flow as a drawing: boxes with their lines and links, arrows, and the names of the stages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from graylit.screening.flow import NO_REASON, Flow
from graylit.screening.prisma import UNDECIDED

LINE, PADDING, GAP = 20, 12, 34  # heights, in units of the drawing
LEFT, MIDDLE, WIDTH = 44, 404, 320  # where the boxes of the two columns start, and how wide they are
LETTER = 7  # height that a letter of a stage's name takes, written upwards
MAX_LETTERS = 40  # of a line, so that it stays in its box
PAGE = "audit/screening.html"
COUNTS, LEFT_OUT = "audit/tables/search_counts.html", "audit/tables/search_left_out.html"
MOST_SEARCHES = 8  # listed in a box. Chosen by eye: more would push the flow apart
Line = tuple[str, str]  # words, address of the rows behind them


class PlacedLine(TypedDict):
    """A line of a box, with the address of the rows behind it."""

    x: float
    y: float
    words: str
    target: str


class Box(TypedDict):
    """A box with its lines."""

    x: float
    y: float
    width: float
    height: float
    lines: list[PlacedLine]


class StageName(TypedDict):
    """The name of a stage, written upwards beside its boxes."""

    name: str
    top: float
    bottom: float


class FlowDrawing(TypedDict):
    """What the template places: boxes, arrows as SVG paths, and the names of the stages."""

    width: float
    height: float
    boxes: list[Box]
    arrows: list[str]
    stages: list[StageName]


@dataclass(frozen=True)
class Stage:
    """A step of the flow: its box, and the box of what left there (no lines if nothing can leave)."""

    name: str
    lines: Sequence[Line]
    left: Sequence[Line] = ()


def list_stages(flow: Flow, searches: Mapping[str, int]) -> list[Stage]:
    """Return the stages of a flow, with what left them; `searches` holds the hits of each search by its name."""
    origins = {"Websites": flow.n_websites, "Organisations": flow.n_organisations, "Citations": flow.n_citations}
    things = "Records" if searches else "Candidates"
    return [
        Stage(
            "Identification",
            [
                *_list_prescreened(flow.n_prescreened),
                (f"{things} identified: {flow.n_identified}", PAGE),
                *((f"{name}: {n}", PAGE) for name, n in origins.items() if n),
                *_list_searches(searches),
            ],
            [
                ("Removed before screening:", ""),
                (f"duplicates: {flow.n_duplicates}", _ask(outcome="duplicate")),
                *([(f"left out: {flow.n_left_out}", LEFT_OUT)] if flow.n_left_out else []),
                *_list_open("Never looked at" if flow.is_ranked else "Not screened yet", flow.n_unscreened),
            ],
        ),
        Stage(
            "Screening",
            [
                (f"Sought for retrieval: {flow.n_sought}", PAGE),
                *([("Screened in ranked order", PAGE)] if flow.is_ranked else []),
            ],
            [(f"Not retrieved: {flow.n_not_retrieved}", PAGE)],
        ),
        Stage(
            "",
            [(f"Assessed for eligibility: {flow.n_assessed}", PAGE)],
            [
                (f"Excluded: {flow.n_excluded}", _ask(outcome="exclude")),
                *((f"{name}: {n}", _ask(outcome="exclude", words=_list_words(name))) for name, n in flow.excluded),
                *_list_open(UNDECIDED, flow.n_undecided),
            ],
        ),
        Stage("Included", [(f"Sources included: {flow.n_included}", _ask(outcome="include"))]),
    ]


def _list_prescreened(n: int | None) -> list[Line]:
    """Return the line of pages that were looked through by hand before; none if none were."""
    return [] if n is None else [(f"Prescreened by hand: {n or 'number unknown'}", "")]


def _list_searches(searches: Mapping[str, int]) -> list[Line]:
    """Return a line for each search with its hits, and one for those that are too many to be listed."""
    listed = [(f"{name}: {n}", COUNTS) for name, n in searches.items()]
    n_shown = MOST_SEARCHES if len(listed) > MOST_SEARCHES + 1 else len(listed)
    rest = [*searches.values()][n_shown:]
    return listed[:n_shown] + ([(f"{len(rest)} other searches: {sum(rest)}", COUNTS)] if rest else [])


def _list_open(words: str, n: int) -> list[Line]:
    """Return the line of candidates on which nothing is decided yet; none if there are none."""
    return [(f"{words}: {n}", _ask(outcome="open"))] if n else []


def _ask(**chosen: str) -> str:
    return f"{PAGE}?{urlencode({name: value for name, value in chosen.items() if value})}"


def _list_words(reason: str) -> str:
    """Return the words of a reason as the page looks for them: its marks are not those of the criterion's name."""
    return "" if reason == NO_REASON else " ".join(re.findall(r"\w+", reason))


def draw_flow(flow: Flow | None, searches: Mapping[str, int] | None = None) -> FlowDrawing | None:
    """Return the boxes, arrows and stages of the flow; None if nothing was screened.

    `searches` holds the hits of each search by its name, if hits are recorded.
    """
    if flow is None:
        return None
    boxes: list[Box] = []
    arrows: list[str] = []
    names: list[StageName] = []
    top, before = 8.0, None
    for stage in list_stages(flow, searches or {}):
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


def _draw_box(x: float, top: float, height: float, lines: Sequence[Line]) -> Box:
    first = top + PADDING + 14
    placed: list[PlacedLine] = [
        {"x": x + 14, "y": first + LINE * number, "words": _cut(words), "target": target}
        for number, (words, target) in enumerate(lines)
    ]
    return {"x": x, "y": top, "width": WIDTH, "height": height, "lines": placed}


def _cut(words: str) -> str:
    name, _, number = words.rpartition(": ")
    room = MAX_LETTERS - len(number) - 2
    return f"{name[: room - 1]}…: {number}" if name and len(name) > room else words


def _name_stage(names: list[StageName], name: str, top: float, height: float) -> None:
    """Add a stage's name beside its boxes; a stage without a name belongs to the one before it."""
    if name:
        names.append({"name": name, "top": top, "bottom": top + height})
    elif names:
        names[-1]["bottom"] = top + height
