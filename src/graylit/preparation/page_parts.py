"""Parts of a page that are kept or left out as wholes: tables, notes, sets of tabs, tables of contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
from lxml.etree import XPath
from lxml.html import HtmlElement

from graylit.preparation.page_blocks import HEADINGS, Box, Page

# Boxes beside the running text of manuals, by the classes that Sphinx, MkDocs, Docusaurus, GitHub and others give them.
_NOTE = re.compile(r"\b(?:admonition|callout|markdown-alert|notecard|alert--\w+)", re.IGNORECASE)
PANEL = "tab-panel"  # the class that panels of tabs get, whatever they had
# A table of contents has so many links to places of its page at least, and so few other words: a share of its words,
# or a heading. Chosen, not measured.
MIN_LINKS, MOST_OTHERS, HEADING = 2, 0.2, 2

_FIND_SETS = XPath("//*[@role='tablist' or contains(@class, 'tabbed-labels')]")
_FIND_LABELS = XPath(".//*[@role='tab'] | ./label")
_FIND_PANELS = XPath(".//*[@role='tabpanel' or contains(@class, 'tabbed-block') or contains(@class, 'tab-pane')]")


def place_tab_labels(tree: HtmlElement) -> bool:
    """Put the label of each panel of tabs, which stand together, before what the panel holds; tell if there are any."""
    is_placed = False
    for labels_around in cast(list[HtmlElement], _FIND_SETS(tree)):
        around = labels_around.getparent()
        labels = cast(list[HtmlElement], _FIND_LABELS(labels_around))
        panels = cast(list[HtmlElement], _FIND_PANELS(around)) if around is not None else []
        if not labels or len(labels) != len(panels):
            continue
        for label, panel in zip(labels, panels, strict=True):
            words = panel.makeelement("p")
            words.text, words.tail, panel.text = " ".join(str(label.text_content()).split()), panel.text, None
            panel.insert(0, words)
            panel.set("class", f"{panel.get('class', '')} {PANEL}")
            label.drop_tree()
        is_placed = True
    return is_placed


def keep_whole_parts(page: Page, is_kept: np.ndarray) -> np.ndarray:
    """Return which blocks to keep so that no part of which most is kept lacks a block; of a set of tabs, no panel.

    Not if the part holds most of the page: a table then lays the page out, and a menu may be one of its cells.
    """
    n_words = np.array([block.n_words for block in page.blocks])
    whole = is_kept.copy()
    for numbers in _list_parts(page):
        n_in_part = n_words[numbers].sum()
        if n_in_part < n_words.sum() / 2 and n_words[numbers][is_kept[numbers]].sum() > n_in_part / 2:
            whole[numbers] = True
    for panels in _list_panels(page):
        if any(n_words[panel][whole[panel]].sum() > n_words[panel].sum() / 2 for panel in panels):
            whole[[number for panel in panels for number in panel]] = True
    return whole


def _list_parts(page: Page) -> Iterator[list[int]]:
    """Yield the numbers of the blocks of each table and note."""
    tables = _find_around(page, lambda box: box.tag == "table")
    notes = _find_around(page, lambda box: _NOTE.search(box.class_words) is not None)
    parts: dict[int, list[int]] = {}
    for number, block in enumerate(page.blocks):
        for part in {tables[block.box] if block.tag in ("td", "th") else -1, notes[block.box]} - {-1}:
            parts.setdefault(part, []).append(number)
    yield from parts.values()


def _list_panels(page: Page) -> Iterator[list[list[int]]]:
    """Yield the panels of each set of tabs, each as the numbers of its blocks."""
    panel_of = _find_around(page, lambda box: PANEL in box.class_words.split())
    panels: dict[int, list[int]] = {}
    for number, block in enumerate(page.blocks):
        if (panel := panel_of[block.box]) >= 0:
            panels.setdefault(panel, []).append(number)
    sets: dict[int, list[list[int]]] = {}
    for panel, numbers in panels.items():
        sets.setdefault(page.boxes[panel].parent, []).append(numbers)
    yield from sets.values()


def _find_around(page: Page, is_sought: Callable[[Box], bool]) -> list[int]:
    """Return for each box the nearest box around it, or itself, that is sought; -1 if there is none."""
    found: list[int] = []
    for number, box in enumerate(page.boxes):  # outer ones first
        found.append(number if is_sought(box) else found[box.parent] if box.parent >= 0 else -1)
    return found


def find_contents(page: Page) -> np.ndarray:
    """Return which blocks are tables of contents: boxes of links to places of the same page, with their heading."""
    n_links = [0] * len(page.boxes)
    for block in page.blocks:
        if block.n_inward and block.tag not in HEADINGS:
            place = block.box
            while place >= 0:
                n_links[place] += 1
                place = page.boxes[place].parent
    is_contents = [False] * len(page.boxes)
    for number, box in enumerate(page.boxes):  # outer ones first
        is_around = box.parent >= 0 and is_contents[box.parent]
        n_others = box.n_words - box.n_inward
        is_few = n_others <= max(HEADING, MOST_OTHERS * box.n_words)
        is_contents[number] = is_around or (n_links[number] >= MIN_LINKS and is_few)
    return np.array([is_contents[block.box] for block in page.blocks], dtype=bool)
