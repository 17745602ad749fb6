"""The words of a study's candidates, as the model that ranks them takes them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.preparation.candidate_texts import find_text
from graylit.screening.ranking import Ranker, gather_texts
from graylit.study.candidate_pages import list_candidate_pages
from graylit.study.study import CAPTURES, Study, read_captures


def read_pages(folder: Path, study: Study) -> dict[str, str]:
    """Return the words of the candidates' pages of which there is a text, by candidate, first captured first."""
    keeps_code = bool(study.config["preparation"]["keep_code_blocks"])
    chosen = choose_pages(list_candidate_pages(study.candidates.cells), read_captures(folder / CAPTURES))
    held = [(name, pages[0]) for name, pages in chosen.items() if is_held(pages[0])]
    texts = {}
    for name, capture in sorted(held, key=lambda one: (one[1]["captured_at"], one[0])):
        text = find_text(folder, name, capture, keeps_code)
        if text and text.words:
            texts[name] = text.words
    return texts


def read_ranker(study: Study, pages: Mapping[str, str], n_pages: int | None = None) -> Ranker:
    """Return what ranks a study's candidates by titles, snippets, addresses, and the words of their pages.

    `pages` are those of `read_pages`; with `n_pages` only that many are read, first captured first: pages that were
    captured after an order was made have no part in it when it is made again.
    """
    read = dict(islice(pages.items(), n_pages))
    return Ranker(gather_texts(study.candidates.cells, study.hits.cells, read), study.config["seed"], len(read))
