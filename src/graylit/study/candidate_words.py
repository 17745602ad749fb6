"""The words of a study's candidates, as the model that ranks them takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graylit.screening.ranking import Ranker, gather_texts

if TYPE_CHECKING:
    from graylit.study.study import Study


def read_ranker(study: Study, pages: Mapping[str, str] | None = None) -> Ranker:
    """Return what ranks a study's candidates; `pages` holds the texts of captured pages by candidate.

    ASSUME: without `pages`, titles, snippets and addresses tell enough. They stand in the tables, so that an order can
    be made again wherever these are; texts of pages are on the machine that captured them.
    """
    texts = gather_texts(study.candidates.cells, study.hits.cells, pages or {})
    return Ranker(texts, study.config["seed"])
