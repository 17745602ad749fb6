"""Measure which search hits are told to be one page: on labelled pairs beside rivals, and how time grows.

`benchmarks/duplicate_pairs.csv` holds the pairs; docs/decisions/0036-one-candidate-per-page.md says where they are from
and how they were labelled. The pairs of the set `develop` served to choose signs and thresholds. Those of each look are
of other sites, and were labelled before the rules saw them; the decision states what each gave at first look. By now
its mistakes are read, so the figures printed here are of pairs that rules were mended on.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import courlan
import ural

from figures import Figure, write_figures
from graylit.captures.page_keys import page_key
from graylit.search.one_page import judge_hits
from graylit.search.pairing import find_pairs
from graylit.search.verdicts import MIN_SCORE, SURE, Hit

PAIRS = Path(__file__).with_name("duplicate_pairs.csv")
SIZES = (1_000, 10_000, 100_000)


class LabelledPair(NamedTuple):
    """Two hits, where captures saw their addresses lead, and whether a person found them to be one page."""

    first: Hit
    second: Hit
    leads: tuple[str, str]
    is_same: bool
    kind: str
    look: str  # the set: those of one look were labelled after the rules before it were fixed


def read_pairs(path: Path = PAIRS) -> list[LabelledPair]:
    """Return the labelled pairs."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            LabelledPair(
                Hit("H1", row["url"], row["title"]),
                Hit("H2", row["other_url"], row["other_title"]),
                (row["leads_to"], row["other_leads_to"]),
                row["label"] == "same",
                row["kind"],
                row["set"],
            )
            for row in csv.DictReader(lines)
        ]


def list_reached(pair: LabelledPair) -> dict[str, dict[str, str]]:
    """Return where captures saw the addresses of a pair lead."""
    urls = (pair.first.url, pair.second.url)
    return {page_key(url): {page_key(to): "canonical"} for url, to in zip(urls, pair.leads, strict=True) if to}


def judge(pair: LabelledPair, min_score: float, *, with_captures: bool, with_titles: bool = True) -> bool:
    """Return whether a pair is taken for one page from a score on."""
    first, second = pair.first, pair.second
    if not with_titles:
        first, second = first._replace(title=""), second._replace(title="")
    verdict = judge_hits(first, second, list_reached(pair) if with_captures else {})
    return verdict is not None and verdict.score >= min_score


METHODS: dict[str, Callable[[LabelledPair], bool]] = {
    "exact": lambda pair: pair.first.url == pair.second.url,
    "courlan": lambda pair: clean(pair.first.url) == clean(pair.second.url),
    "courlan_strict": lambda pair: clean(pair.first.url, is_strict=True) == clean(pair.second.url, is_strict=True),
    "ural": lambda pair: ural.normalize_url(pair.first.url) == ural.normalize_url(pair.second.url),
    "page_key": lambda pair: page_key(pair.first.url) == page_key(pair.second.url),
    "merged_before_captures": lambda pair: judge(pair, SURE, with_captures=False),
    "merged": lambda pair: judge(pair, SURE, with_captures=True),
    "merged_or_proposed_by_address": lambda pair: judge(pair, MIN_SCORE, with_captures=False, with_titles=False),
    "merged_or_proposed_before_captures": lambda pair: judge(pair, MIN_SCORE, with_captures=False),
    "merged_or_proposed": lambda pair: judge(pair, MIN_SCORE, with_captures=True),
}
GOALS = {
    "merged_precision": ">= 0.99",
    "merged_before_captures_precision": ">= 0.99",
    "merged_or_proposed_precision": ">= 0.99",
    "merged_or_proposed_recall": ">= 0.95",
}


def clean(url: str, *, is_strict: bool = False) -> str:
    """Return an address as courlan cleans it; if it is strict, without all parameters that it does not know."""
    scrubbed = courlan.scrub_url(url)
    return courlan.normalize_url(scrubbed, strict=is_strict, trailing_slash=False) if scrubbed else url


def measure_method(pairs: Iterable[LabelledPair], method: Callable[[LabelledPair], bool]) -> Counter[str]:
    """Return how many pairs of one page were found and missed, and how many of two were taken for one."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        found = method(pair)
        counts[("found" if found else "missed") if pair.is_same else ("wrong" if found else "apart")] += 1
    return counts


def list_figures(pairs: list[LabelledPair]) -> Iterator[Figure]:
    """Yield precision and recall of each method."""
    yield Figure("pairs", len(pairs), "")
    yield Figure("pairs_of_one_page", sum(pair.is_same for pair in pairs), "")
    for name, method in METHODS.items():
        counts = measure_method(pairs, method)
        values = {
            "precision": counts["found"] / max(counts["found"] + counts["wrong"], 1),
            "recall": counts["found"] / max(counts["found"] + counts["missed"], 1),
        }
        for measure, value in values.items():
            yield Figure(f"{name}_{measure}", value, "", GOALS.get(f"{name}_{measure}", ""))
        yield Figure(f"{name}_wrong", counts["wrong"], "")


def make_hits(number: int) -> list[Hit]:
    """Return hits as a large search brings them: one in ten under a second address, titles that many share."""
    sites = max(number // 50, 1)
    hits = [
        Hit(
            f"H{i:06d}",
            f"https://site{i % sites}.example/{2000 + i % 25}/guide-{i}-to-deploying-models-at-scale/",
            f"Guide {i} to deploying models at scale, part {i % 7} | Site {i % sites}"
            if i % 3
            else "What is deployment?",
        )
        for i in range(number - number // 10)
    ]
    again = [
        hit._replace(candidate_id=f"A{i:06d}", url=f"{hit.url}amp/?utm_source=feed")
        for i, hit in enumerate(hits[: number // 10])
    ]
    return hits + again


def time_sizes(sizes: Iterable[int]) -> Iterator[Figure]:
    """Yield how long pairs are looked for among more and more hits, and what memory that takes in the end."""
    for size in sizes:
        hits = make_hits(size)
        started = time.process_time()
        found = find_pairs(hits)
        yield Figure(f"hits_{size}_seconds", time.process_time() - started, "s", "<= 60" if size == 100_000 else "")
        yield Figure(f"hits_{size}_pairs", len(found), "")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("peak_memory", peak, "MB", "<= 500")


def show_mistakes(pairs: Iterable[LabelledPair]) -> None:
    """Print the pairs that merging and proposing get wrong."""
    for pair in pairs:
        if METHODS["merged_or_proposed"](pair) != pair.is_same:
            verdict = judge_hits(pair.first, pair.second, list_reached(pair))
            print(
                pair.kind, "missed" if pair.is_same else "wrong", pair.first.url, pair.second.url, verdict, sep="\n   "
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    looks = ("develop", "first", "second", "third")
    parser.add_argument("--look", choices=looks, help="the pairs of one set only; shows mistakes, measures no times")
    asked = parser.parse_args()
    chosen = [pair for pair in read_pairs() if (pair.look == asked.look if asked.look else pair.look != "develop")]
    if asked.look:
        show_mistakes(chosen)
    figures = [*list_figures(chosen), *([] if asked.look else time_sizes(SIZES))]
    sys.exit(0 if write_figures(f"duplicates_{asked.look}" if asked.look else "duplicates", figures) else 1)
