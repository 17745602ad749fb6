"""Measure what each language gets: segments, terms, anchors, search, and what a frozen corpus gives away.

The folder holds texts in Markdown by language: <language>/<name>.md. Those of the tests, which were written for them,
are measured if no other folder is named.
"""

import argparse
import itertools
import math
import random
import re
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from anchor_trials import choose_anchors, edit_text, is_right, is_wrong
from figures import Figure, write_figures
from graylit.anchors.fingerprints import Words
from graylit.anchors.locating import resolve_anchor
from graylit.anchors.sketches import count_equal_values
from graylit.desk.coding.shelf import compile_phrase
from graylit.languages.stop_words import list_stop_words, tell_language
from graylit.languages.words import UNSPACED_SIGN, list_words
from graylit.preparation.segments import tabulate_segments
from graylit.preparation.terms import choose_vocabulary, count_sources, hide_words, read_terms
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS

SEED = 20260606
MIN_WORDS = 15  # of a segment, as in the default study
MIN_SOURCES = 2  # of a term of the vocabulary: the lowest that a study may ask for
N_ROUNDS = 10  # of edits in a language, at least one of each text
N_ANCHORS = 40  # of each text, if it has as many
N_SOUGHT = 20  # words of each language
_UNSPACED = re.compile(UNSPACED_SIGN)
COMMONEST = 50  # words among which an unknown one is sought, as docs/decisions/0007-frozen-corpus.md counts


@dataclass(frozen=True)
class Corpus:
    """The texts of one language by name, with their segments and what a frozen corpus would hold of them."""

    language: str
    texts: dict[str, str]
    segments: pd.DataFrame
    counts: pd.DataFrame
    vocabulary: dict[str, int]


def read_corpus(folder: Path) -> Corpus:
    """Return the texts of one language, segmented and counted as a review does."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    rows = [
        row
        for name, text in texts.items()
        for row in tabulate_segments(name, text, MIN_WORDS, tell_language(text, folder.name))
    ]
    segments, counts = (
        table.to_frame([{name: row[name] for name in table.names} for row in rows]) for table in (SEGMENTS, TERM_COUNTS)
    )
    n_sources = count_sources([counts], dict(zip(segments["segment_id"], segments["source_id"], strict=True)))
    return Corpus(folder.name, texts, segments, counts, choose_vocabulary(n_sources, MIN_SOURCES))


def list_quotes(corpus: Corpus) -> Iterator[str]:
    """Yield the words of each segment."""
    for row in corpus.segments.itertuples():
        yield corpus.texts[row.source_id][int(row.start) : int(row.end)]


def measure_terms(corpus: Corpus) -> dict[str, float]:
    """Return the number of terms, the share that are one word by themselves, and the signs of the longest unspaced one.

    Beside them: how many of the commonest 20 terms, of which topics are made, are stop words of the language.
    """
    n_of: dict[str, int] = {}
    for cell in corpus.counts["terms"]:
        for term, n in read_terms(cell).items():
            n_of[term] = n_of.get(term, 0) + n
    unspaced = [term for term in n_of if _UNSPACED.search(term)]
    commonest = sorted(n_of, key=lambda term: (-n_of[term], term))[:20]
    return {
        "terms": len(n_of),
        "terms_of_one_word": statistics.fmean(len(list_words(term)) == 1 or "-" in term for term in n_of),
        "longest_unspaced_term": max(map(len, unspaced), default=0),
        "stop_words_in_commonest": len(set(commonest) & list_stop_words(corpus.language)),
    }


def measure_anchors(corpus: Corpus) -> dict[str, float]:
    """Return recall of the anchors whose words survive five kinds of edits, and the share attached wrongly."""
    n = n_survive = n_found = n_wrong = 0
    for name, round_number in itertools.product(corpus.texts, range(max(1, N_ROUNDS // len(corpus.texts)))):
        text = corpus.texts[name]
        anchors = choose_anchors(name, text, N_ANCHORS, random.Random(f"{SEED} {name}"))
        for trial in edit_text(text, anchors, f"{SEED} {name} {round_number}"):
            new = Words(trial.text)
            for anchor, (survives, spans) in zip(anchors, trial.truths, strict=True):
                place = resolve_anchor(new, anchor.start, anchor.end, anchor.mark)
                n += 1
                n_survive += survives
                n_found += survives and is_right(place, spans)
                n_wrong += is_wrong(place, spans)
    return {"anchors": n, "anchors_recall": n_found / max(n_survive, 1), "anchors_wrong": n_wrong / max(n, 1)}


def measure_search(corpus: Corpus) -> dict[str, float]:
    """Return for how many of 20 words the search of the coding page finds every segment that holds them."""
    held = [set(list_words(quote.lower())) for quote in list_quotes(corpus)]
    every = sorted({term for cell in corpus.counts["terms"] for term in read_terms(cell) if "-" not in term})
    sought = random.Random(SEED).sample(every, min(N_SOUGHT, len(every)))
    quotes = list(list_quotes(corpus))
    n_hits = sum(
        all(compile_phrase(word).search(quote) for quote, words in zip(quotes, held, strict=True) if word in words)
        for word in sought
    )
    return {"search_sought": len(sought), "search_found": n_hits}


def measure_leaks(corpus: Corpus) -> dict[str, float]:
    """Return what an attacker learns from a frozen corpus of these texts.

    Neighbours: of all pairs of a segment's terms, the quarter that its sketch makes likeliest is guessed to stand side
    by side; chance is the share of all pairs that do. Orders: the fewest texts (as a power of ten) that somebody would
    have to try against a digest, who knows the terms and looks for each hidden word among the 50 commonest.
    """
    segments, counts = hide_words(corpus.segments, corpus.counts, corpus.vocabulary)
    pairs: list[tuple[int, bool]] = []
    orders = []
    for row, cell, quote in zip(segments.itertuples(), counts["terms"], list_quotes(corpus), strict=True):
        terms = read_terms(cell)
        pairs += judge_pairs(sorted(terms), int(row.sketch, 16), list_words(quote.lower()))
        if row.sha256:
            orders.append(count_orders(int(row.n_words), terms.values()))
    likeliest = sorted(pairs, key=lambda pair: -pair[0])[: max(len(pairs) // 4, 1)]
    return {
        "hidden_segments": float((segments["sha256"] == "").sum()),
        "neighbours_told": statistics.fmean([is_so for _, is_so in likeliest] or [0.0]),
        "neighbours_by_chance": statistics.fmean([is_so for _, is_so in pairs] or [0.0]),
        "fewest_orders_log10": min(orders, default=math.inf),
    }


def judge_pairs(terms: list[str], sketch: int, words: list[str]) -> Iterator[tuple[int, bool]]:
    """Yield for each pair of terms how well the sketch fits it, and whether they stand side by side."""
    beside = {frozenset(pair) for pair in itertools.pairwise(words)}
    for first, second in itertools.combinations(terms, 2):
        both = Words(f"{first} {second}")
        yield count_equal_values(both.sketch(0, len(both)), sketch), frozenset((first, second)) in beside


def count_orders(n_words: int, known: Iterable[int]) -> float:
    """Return the number of texts of so many words that fit, as a power of ten."""
    known = list(known)
    n_hidden = n_words - sum(known)
    ways = math.lgamma(n_words + 1) - sum(math.lgamma(n + 1) for n in [n_hidden, *known])
    return ways / math.log(10) + n_hidden * math.log10(COMMONEST)


def measure_language(folder: Path) -> dict[str, float]:
    """Return all measures of one language."""
    corpus = read_corpus(folder)
    n_words = corpus.segments["n_words"].astype(int)
    sizes = {"texts": len(corpus.texts), "segments": len(corpus.segments), "median_words": float(n_words.median())}
    parts = (measure_terms, measure_anchors, measure_search, measure_leaks)
    return sizes | {name: value for measure in parts for name, value in measure(corpus).items()}


def list_figures(measured: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figures, one row of `measured` for each language, with the goals that all languages share."""
    goals = {"terms_of_one_word": "== 1", "anchors_recall": ">= 0.98", "anchors_wrong": "<= 0.005"}
    for language, row in measured.iterrows():
        for measure, value in row.items():
            yield Figure(f"{language}_{measure}", float(value), "", goals.get(str(measure), ""))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("tests/languages/texts"))
    folders = sorted(path for path in parser.parse_args().folder.iterdir() if path.is_dir())
    measured = pd.DataFrame({folder.name: measure_language(folder) for folder in folders}).T
    is_met = write_figures("languages", list_figures(measured))
    print(measured.T.to_string(float_format="{:.4g}".format))
    sys.exit(0 if is_met else 1)
