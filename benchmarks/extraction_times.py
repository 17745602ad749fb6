"""What a page costs: seconds of the processor, ours beside the rivals', in turn on the same pages."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import trafilatura

from extraction_pages import ReferencePage
from extraction_rivals import RIVALS, decode_page, extract_ours
from figures import Figure

N_PAGES = 100  # of a set: each so-manieth, in the order of the set
N_ROUNDS = 3  # the median counts, since the machine does other things too


def _extract_with_metadata(page: ReferencePage) -> None:
    trafilatura.extract(page.content, url=page.url, with_metadata=True, output_format="json")


def _call(rival: Callable[[str, str], str | None]) -> Callable[[ReferencePage], object]:
    return lambda page: rival(decode_page(page), page.url)


WAYS: dict[str, Callable[[ReferencePage], object]] = {
    "graylit": extract_ours,
    "trafilatura_with_metadata": _extract_with_metadata,
    **{name: _call(rival) for name, rival in RIVALS.items()},
}


def time_pages(pages: Sequence[ReferencePage]) -> dict[str, np.ndarray]:
    """Return the seconds of the processor that each way takes for each page: medians of rounds.

    Their order is drawn anew for each round, since one finds in the processor's caches what the one before it used.
    """
    order, ways = random.Random(1), list(WAYS.items())
    taken = {name: np.zeros((N_ROUNDS, len(pages))) for name in WAYS}
    for page in pages[:: max(1, len(pages) // 10)]:  # what is loaded once, such as names of months, is no page's cost
        extract_ours(page)
        _extract_with_metadata(page)
    for number, page in enumerate(pages):
        for times in range(N_ROUNDS):
            order.shuffle(ways)
            for name, way in ways:
                started = time.process_time()
                way(page)
                taken[name][times, number] = time.process_time() - started
    return {name: np.median(seconds, axis=0) for name, seconds in taken.items()}


def measure_times(name: str, pages: Iterable[ReferencePage]) -> Iterator[Figure]:
    """Yield the mean seconds of a page of a set, of all its pages, of articles and of others."""
    every = list(pages)
    sample = every[:: max(1, len(every) // N_PAGES)]
    taken = time_pages(sample)
    is_article = np.array([page.kind == "article" for page in sample])
    groups = {name: np.ones(len(sample), dtype=bool)}
    if 0 < is_article.sum() < len(sample):
        groups |= {f"{name}_articles": is_article, f"{name}_others": ~is_article}
    for group, is_in in groups.items():
        rival = float(taken["trafilatura_with_metadata"][is_in].mean())
        yield Figure(f"seconds_{group}_pages", int(is_in.sum()), "pages")
        goal = f"<= {rival:.5f}" if group == name else ""
        yield Figure(f"seconds_{group}", float(taken["graylit"][is_in].mean()), "s", goal)
        for way in list(WAYS)[1:]:
            yield Figure(f"seconds_{group}_{way}", float(taken[way][is_in].mean()), "s")
