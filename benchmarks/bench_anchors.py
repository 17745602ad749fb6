"""Score how anchors are found again in changed pages, beside two rivals.

The corpus folder holds sources.csv and pages/<id>.html. The changes are two other extractions and five kinds of seeded
edits (anchor_trials.py), other extractors, and passages that are parted (anchor_passages.py). An anchor is wrong if it
was attached to other words than its own. Rivals, as their public behaviour is described: the first exact match, and the
best fuzzy match without a floor. They and the ladder with words are run on a share of the anchors, because fuzzy
matching takes a hundred times as long.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from anchor_passages import make_pair_trials, make_passage_trials
from anchor_trials import (
    EDITS,
    Anchor,
    Trial,
    choose_anchors,
    extract_page,
    is_own_words,
    is_right,
    is_wrong,
    make_trials,
)
from figures import Figure, read_corpus, write_figures
from graylit.anchors.fingerprints import Words
from graylit.anchors.locating import resolve_anchor
from graylit.anchors.places import Place
from text_edits import PARTINGS

N_ANCHORS = 10_000
N_TH_COMPARED = 10  # every tenth anchor is also given to the rivals
SEED = 20260606
WORDS_FLOOR = 0.75  # similarity of the words that a fuzzy match needs


def find_first_exact(text: str, quote: str) -> Place:
    """Rival: attach to the first place with exactly these characters, else give up."""
    at = text.find(quote)
    return Place(at, at + len(quote), "exact", 1.0) if at >= 0 else Place(None, None, "orphan", 0.0)


def find_best_fuzzy(text: str, quote: str) -> Place:
    """Rival: attach to the best fuzzy match, however weak."""
    exact = find_first_exact(text, quote)
    if exact.start is not None or not text:
        return exact
    found = fuzz.partial_ratio_alignment(quote, text)
    if found is None:
        return exact
    start, end = (found.dest_start, found.dest_end) if len(quote) <= len(text) else (0, len(text))
    return Place(start, end, "fuzzy", found.score / 100)


def resolve_with_words(words: Words, anchor: Anchor, quote: str) -> Place:
    """The same ladder with the words at hand: its last rung compares words instead of sketches."""
    place = resolve_anchor(words, anchor.start, anchor.end, anchor.mark)
    if place.method not in ("sketch", "orphan") or place.note.endswith("when it was coded"):
        return place
    found = find_best_fuzzy(words.text, quote)
    return found if found.score >= WORDS_FLOOR else Place(None, None, "orphan", found.score)


COMPARED: dict[str, Callable[[Words, Anchor, str], Place]] = {
    "with_words": resolve_with_words,
    "first_exact": lambda words, anchor, quote: find_first_exact(words.text, quote),
    "best_fuzzy": lambda words, anchor, quote: find_best_fuzzy(words.text, quote),
}


def score_trial(trial: Trial, text: str, anchors: list[Anchor], first_number: int | None) -> Iterator[dict]:
    """Yield one row per anchor and method: whether it survives, was found right, is wrong, is an orphan.

    Anchors are counted from `first_number` on, and every tenth is given to the rivals; none if it is None.
    """
    old = Words(text)
    started = time.process_time()
    new = Words(trial.text)
    places = [resolve_anchor(new, anchor.start, anchor.end, anchor.mark) for anchor in anchors]
    seconds = (time.process_time() - started) / max(1, len(anchors))
    for number, (anchor, place, truth) in enumerate(zip(anchors, places, trial.truths, strict=True), first_number or 0):
        is_compared = first_number is not None and number % N_TH_COMPARED == 0
        words = old.words[slice(*old.span_of(anchor.start, anchor.end))]
        row = {
            "condition": trial.condition,
            "source_id": anchor.source_id,
            "start": anchor.start,
            "is_compared": is_compared,
        }
        yield row | {"method": "hash_only", "seconds": seconds} | judge_place(place, truth, trial, words, new)
        for method, resolve in COMPARED.items() if is_compared else ():
            place = resolve(new, anchor, text[anchor.start : anchor.end])
            yield row | {"method": method, "seconds": 0.0} | judge_place(place, truth, trial, words, new)


def judge_place(place: Place, truth: tuple[bool, list], trial: Trial, quote: list[str], new: Words) -> dict:
    """Return the outcome of an anchor; the truth is whether its words survive, and their places."""
    survives, spans = truth
    if trial.condition in {**EDITS, **PARTINGS}:
        wrong, found = is_wrong(place, spans), survives and is_right(place, spans)
    else:  # between extractions, each of the places is right; of other words, nobody knows where they went
        found = any(is_right(place, [span]) for span in spans)
        is_other = all(is_wrong(place, [span]) for span in spans) if spans else not is_own_words(place, quote, new)
        wrong = place.start is not None and is_other
    return {"way": place.method, "survives": survives, "found": found, "wrong": wrong, "orphan": place.start is None}


def summarize_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return recall of survivors, shares wrong and orphaned by condition and method; 'all' for all conditions."""
    both = pd.concat([rows, rows.assign(condition="all")])
    table = both.groupby(["condition", "method"]).agg(
        n=("wrong", "size"),
        n_survive=("survives", "sum"),
        n_found=("found", "sum"),
        n_wrong=("wrong", "sum"),
        n_orphan=("orphan", "sum"),
    )
    shares = {"recall": table.n_found / table.n_survive, "wrong_share": table.n_wrong / table.n}
    return table.assign(**shares, orphan_share=table.n_orphan / table.n)


def score_further(trials: Iterable[tuple[Trial, str, list[Anchor]]]) -> pd.DataFrame:
    """Return the rows of trials beside the edits, without rivals."""
    found = []
    for trial, text, anchors in trials:
        found += score_trial(trial, text, anchors, None)
    return pd.DataFrame(found)


def list_further(name: str, rows: pd.DataFrame, recall_goal: str) -> list[Figure]:
    """Return the figures of a trial beside the edits."""
    ours = summarize_rows(rows).loc[("all", "hash_only")]
    return [
        Figure(f"{name}_anchors", ours["n"], "anchors"),
        Figure(f"{name}_recall_of_survivors", ours["recall"], "share", recall_goal),
        Figure(f"{name}_wrong", ours["wrong_share"], "share", "<= 0.0005"),
    ]


def list_figures(rows: pd.DataFrame) -> list[Figure]:
    """Return the figures of the benchmark; rivals and the ladder with words are compared on the same anchors."""
    ours = summarize_rows(rows[rows["method"] == "hash_only"]).loc[("all", "hash_only")]
    same = summarize_rows(rows[rows["is_compared"]]).loc["all"]
    mine = same.loc["hash_only"]
    n_trials = rows["condition"].nunique()
    resolved = rows[rows["method"] == "hash_only"]
    figures = [
        Figure("anchors", len(resolved) / n_trials, "anchors"),
        Figure("texts", rows["source_id"].nunique(), "texts"),
        Figure("changes_per_text", n_trials, "changes"),
        Figure("recall_of_survivors", ours["recall"], "share", ">= 0.995"),
        Figure("wrong", ours["wrong_share"], "share", "<= 0.0005"),
        Figure("orphans", ours["orphan_share"], "share"),
        Figure("seconds_per_10000_anchors", resolved["seconds"].mean() * 10_000, "s", "<= 20"),
        Figure("compared_anchors", mine["n"], "anchors"),
    ]
    for method, row in same.iterrows():
        figures.append(Figure(f"compared_recall_{method}", row["recall"], "share"))
        figures.append(Figure(f"compared_wrong_{method}", row["wrong_share"], "share"))
    with_words = same.loc["with_words", "recall"]
    figures.append(Figure("recall_lost_without_words", with_words - mine["recall"], "share", "<= 0.005"))
    for rival in ("first_exact", "best_fuzzy"):
        figures.append(
            Figure(f"recall_ahead_of_{rival}", mine["recall"] - same.loc[rival, "recall"], "share", ">= 0.0001")
        )
        fewer = same.loc[rival, "wrong_share"] - mine["wrong_share"]
        figures.append(Figure(f"fewer_wrong_than_{rival}", fewer, "share", ">= 0.0001"))
    return figures


def score_corpus(corpus: Path, source_ids: list[str]) -> pd.DataFrame:
    """Return the rows of all anchors of all pages under all changes."""
    pages = {i: (corpus / "pages" / f"{i}.html").read_bytes() for i in source_ids}
    texts = {i: extract_page(page, favor_recall=True) for i, page in pages.items()}
    found, n_chosen = [], 0
    for number, source_id in enumerate(source_ids):
        share = -(-(N_ANCHORS - n_chosen) // (len(source_ids) - number))
        seed = f"{SEED} {source_id}"
        anchors = choose_anchors(source_id, texts[source_id], share, random.Random(seed))
        for trial in make_trials(pages[source_id], texts[source_id], anchors, seed):
            found += score_trial(trial, texts[source_id], anchors, n_chosen)
        n_chosen += len(anchors)
    return pd.DataFrame(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    if not (corpus / "sources.csv").exists():
        sys.exit(f"{corpus}/sources.csv is missing; name a folder of pages: CORPUS=folder")
    source_ids = list(read_corpus(corpus)["source_id"])
    rows = score_corpus(corpus, source_ids)
    pages = {source_id: (corpus / "pages" / f"{source_id}.html").read_bytes() for source_id in source_ids}
    between = score_further(make_pair_trials(pages, SEED))
    texts = {source_id: extract_page(page, favor_recall=True) for source_id, page in pages.items()}
    parted = score_further(make_passage_trials(texts, SEED))
    figures = [*list_figures(rows), *list_further("extractors", between, ">= 0.995")]
    is_met = write_figures("anchors", [*figures, *list_further("parted", parted, ">= 0.9")])
    by_condition = pd.concat([summarize_rows(rows), summarize_rows(between), summarize_rows(parted)]).reset_index()
    by_condition.to_csv("results/bench/anchors_by_condition.csv", index=False, float_format="%.6f", lineterminator="\n")
    print(by_condition.to_string(index=False))
    sys.exit(0 if is_met else 1)
