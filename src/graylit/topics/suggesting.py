"""Candidate codes for segments: learned from people's codings, tried on sources that were held out, kept where exact.

A code is the mean direction of its segments, and a segment's score its cosine to that. Of what was tried on the pilot
(docs/decisions/0006-suggestions.md) this simple rule ranked unread segments best. ASSUME: a segment without a code, in
a source that a coder has read to the end, is one that the code does not fit.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graylit.study.units import list_finished
from graylit.tables.topics import SUGGESTION_QUALITY, SUGGESTIONS

MODEL = "model"
MIN_SEGMENTS = 5  # with the code, without it, and tried: below that a share of them says nothing
MIN_SOURCES = 3  # with the code: fewer leave nothing to learn from once one is held out to try and one to set the floor
MAX_FOLDS = 10
N_AT_ONCE = 20_000  # segments scored at a time, so that memory grows little with the study


@dataclass(frozen=True)
class Examples:
    """Segments that people have decided on.

    `vectors` (n_segments, n_dimensions) of length one or zero; `is_given` and `is_known` (n_segments, n_codes): whether
    the segment has the code, and whether somebody decided on it; `sources` and `folds` (n_segments,).
    """

    vectors: np.ndarray
    is_given: np.ndarray
    is_known: np.ndarray
    sources: np.ndarray
    folds: np.ndarray

    @functools.cached_property
    def sums(self) -> np.ndarray:
        """The sums of the vectors of each code's segments, fold by fold: (n_folds, n_codes, n_dimensions)."""
        sums = np.zeros((self.folds.max(initial=-1) + 1, self.is_given.shape[1], self.vectors.shape[1]))
        for fold in range(len(sums)):
            rows = self.folds == fold
            sums[fold] = self.is_given[rows].T.astype(np.float64) @ self.vectors[rows].astype(np.float64)
        return sums


def assign_folds(source_ids: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each row: whole sources, dealt out in a random order that depends on their ids only."""
    sources = np.unique(source_ids)
    order = np.random.default_rng(seed).permutation(len(sources))
    return (order % MAX_FOLDS)[np.searchsorted(sources, source_ids)].astype(int)


def gather_examples(
    segments: pd.DataFrame,
    vectors: np.ndarray,
    codings: pd.DataFrame,
    passes: pd.DataFrame,
    *,
    codes: list[str],
    seed: int,
) -> tuple[Examples, np.ndarray]:
    """Return what people decided, and which segments (n_segments,) nobody has decided on.

    `vectors` (n_segments, n_dimensions) are as `read_vectors` returns them.
    Codings that are no evidence teach nothing, but their segments count as looked at.
    """
    located = codings[codings["segment_id"].isin(segments["segment_id"])]
    finished = set(list_finished(located, passes)["source_id"])
    is_read = segments["source_id"].isin(finished).to_numpy(bool)
    given = located[(located["is_evidence"] == "yes") & located["code_id"].isin(codes)]
    is_given = np.zeros((len(segments), len(codes)), bool)
    rows = pd.Index(segments["segment_id"]).get_indexer(given["segment_id"])
    is_given[rows, pd.Index(codes).get_indexer(given["code_id"])] = True
    is_known = is_given | is_read[:, None]
    chosen = is_known.any(axis=1) if codes else is_read
    sources = segments["source_id"].to_numpy(str)[chosen]
    folds = assign_folds(sources, seed)
    examples = Examples(vectors[chosen], is_given[chosen], is_known[chosen], sources, folds)
    return examples, ~(is_read | segments["segment_id"].isin(located["segment_id"]).to_numpy(bool))


def learn_codes(examples: Examples, without: Collection[int] = ()) -> np.ndarray:
    """Return the mean direction of each code, (n_codes, n_dimensions), zero without segments.

    `without` names the folds that teach nothing.
    """
    sums = np.delete(examples.sums, list(without), axis=0).sum(axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)


def score_vectors(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the score of each segment for each code, (n_segments, n_codes), as precise as it is written."""
    return np.round(vectors.astype(np.float64) @ directions.T, 6)


def score_held_out(examples: Examples, without: Collection[int] = ()) -> np.ndarray:
    """Return scores of the segments, each by what the other folds teach; of the folds left out 0."""
    scores = np.zeros(examples.is_given.shape)
    for fold in set(range(len(examples.sums))) - set(without):
        is_held = examples.folds == fold
        scores[is_held] = score_vectors(examples.vectors[is_held], learn_codes(examples, {*without, fold}))
    return scores


def choose_threshold(scores: np.ndarray, is_given: np.ndarray, floor: float) -> float:
    """Return the lowest score from which on at least the share `floor` has the code; infinity where there is none."""
    order = np.argsort(-scores, kind="stable")
    ordered, n_right = scores[order], np.cumsum(is_given[order])
    is_last = np.append(ordered[1:] < ordered[:-1], True)[: len(ordered)]  # of equal scores all or none
    holds = (n_right / np.arange(1, len(ordered) + 1) >= floor) & is_last & (ordered > 0)
    return float(ordered[holds][-1]) if holds.any() else np.inf


def choose_thresholds(examples: Examples, floor: float, without: Collection[int] = ()) -> np.ndarray:
    """Return the threshold of each code (n_codes,), chosen by scores from held-out sources; `without` some folds."""
    scores, thresholds, rows = score_held_out(examples, without), [], ~np.isin(examples.folds, list(without))
    for code in range(scores.shape[1]):
        known = rows & examples.is_known[:, code]
        thresholds.append(choose_threshold(scores[known, code], examples.is_given[known, code], floor))
    return np.array(thresholds)


def try_codes(examples: Examples, floor: float) -> np.ndarray:
    """Return which codes each segment would get, (n_segments, n_codes), had its fold's sources not been coded.

    The threshold too is chosen without them.
    """
    tried = np.zeros(examples.is_given.shape, bool)
    for fold in range(len(examples.sums)):
        is_held = examples.folds == fold
        scores = score_vectors(examples.vectors[is_held], learn_codes(examples, {fold}))
        tried[is_held] = scores >= choose_thresholds(examples, floor, {fold})
    return tried & examples.is_known


def measure_codes(examples: Examples, codes: list[str], floor: float) -> pd.DataFrame:
    """Return one row per code: what there was to learn from, how exact it proved, and whether it is suggested."""
    tried = try_codes(examples, floor)
    thresholds = choose_thresholds(examples, floor)
    rows = []
    for number, code_id in enumerate(codes):
        given, known = examples.is_given[:, number], examples.is_known[:, number]
        n_right, n_tried = int((tried[:, number] & given).sum()), int(tried[:, number].sum())
        row = {"code_id": code_id, "n_positive": int(given.sum()), "n_sources": len(set(examples.sources[given]))}
        n_negative = int(known.sum()) - row["n_positive"]
        if min(row["n_positive"], n_negative) < MIN_SEGMENTS or row["n_sources"] < MIN_SOURCES:
            rows.append({**row, "n_tried": 0, "outcome": "too_little_data", "is_suggested": "no"})
            continue
        row |= {"n_tried": n_tried, "recall": n_right / row["n_positive"]}
        row |= {"precision": n_right / n_tried if n_tried else None}
        row |= {"threshold": thresholds[number] if np.isfinite(thresholds[number]) else None}
        outcome = judge_code(n_right, n_tried, row["threshold"], floor)
        rows.append({**row, "outcome": outcome, "is_suggested": "yes" if outcome == "suggested" else "no"})
    return pd.DataFrame(rows, columns=SUGGESTION_QUALITY.names)


def judge_code(n_right: int, n_tried: int, threshold: float | None, floor: float) -> str:
    """Return what becomes of a code that could be learned."""
    if n_tried < MIN_SEGMENTS:
        return "too_few_tried"
    return "suggested" if threshold is not None and n_right / n_tried >= floor else "below_floor"


def list_suggestions(
    candidates: pd.DataFrame, vectors: np.ndarray, examples: Examples, quality: pd.DataFrame, max_suggestions: int
) -> pd.DataFrame:
    """Return for each code that is suggested the segments nearest to it, at most `max_suggestions`, best first.

    `vectors` are those of the candidates, as `read_vectors` returns them.
    """
    directions = learn_codes(examples)
    suggested = [(number, row) for number, row in enumerate(quality.itertuples()) if row.is_suggested == "yes"]
    best = {row.code_id: candidates[["segment_id", "source_id"]].head(0).assign(score=0.0) for _, row in suggested}
    for first in range(0, len(vectors) if suggested else 0, N_AT_ONCE):
        part = candidates[["segment_id", "source_id"]].iloc[first : first + N_AT_ONCE]
        scores = score_vectors(vectors[first : first + N_AT_ONCE], directions)
        for number, row in suggested:
            above = part.assign(score=scores[:, number])[scores[:, number] >= row.threshold]
            found = pd.concat([best[row.code_id], above]).sort_values(["score", "segment_id"], ascending=[False, True])
            best[row.code_id] = found.head(max_suggestions)
    tables = [
        table.assign(code_id=code_id, coder=MODEL, rank=range(1, len(table) + 1)) for code_id, table in best.items()
    ]
    return pd.concat(tables)[SUGGESTIONS.names] if tables else SUGGESTIONS.to_frame([])


def measure_ranking(examples: Examples, numbers: list[int]) -> tuple[float, float]:
    """Return how well held-out segments are ranked, over the codes numbered: mean average precision, and by chance."""
    from sklearn.metrics import average_precision_score  # a second to import, and only this needs it

    scores = score_held_out(examples)
    found, chance = [], []
    for number in numbers:
        known = examples.is_known[:, number]
        given = examples.is_given[known, number]
        found.append(average_precision_score(given, scores[known, number]))
        chance.append(given.mean())
    return float(np.mean(found)), float(np.mean(chance))
