"""Candidate codes for segments: learned from people's codings, tried on sources held out, kept if exact enough.

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
# With the code, without it, and tried. Chosen, not measured: a share of fewer than five segments says nothing.
MIN_SEGMENTS = 5
# With the code. Of fewer, nothing is left to learn from once one is held out to try and one to choose the threshold.
MIN_SOURCES = 3
# A score up to this is none: segments without a common term have 0, but for what rounding makes of vectors with five
# decimals, which depends on the processor.
CHANCE = 1e-4
MAX_FOLDS = 10  # the usual number; each fold costs one more learning
N_AT_ONCE = 20_000  # segments scored at a time: about 5 MB of scores for 34 codes, whatever the size of the study


@dataclass(frozen=True)
class Examples:
    """Segments that people have decided on.

    `vectors` (n_segments, n_dimensions) are of length one or zero. `has_code` and `is_known` (n_segments, n_codes) say
    whether the segment has the code, and whether somebody decided on it. `sources` and `folds` are (n_segments,).
    """

    vectors: np.ndarray
    has_code: np.ndarray
    is_known: np.ndarray
    sources: np.ndarray
    folds: np.ndarray

    @functools.cached_property
    def sums(self) -> np.ndarray:
        """The sums of the vectors of each code's segments, fold by fold: (n_folds, n_codes, n_dimensions)."""
        sums = np.zeros((self.folds.max(initial=-1) + 1, self.has_code.shape[1], self.vectors.shape[1]))
        for fold in range(len(sums)):
            rows = self.folds == fold
            sums[fold] = self.has_code[rows].T.astype(np.float64) @ self.vectors[rows].astype(np.float64)
        return sums


def assign_folds(source_ids: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each row. Sources stay whole, and their random order depends on their ids only."""
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
    """Return the segments that people decided on, and which segments (n_segments,) nobody has decided on.

    `vectors` (n_segments, n_dimensions) are as `read_vectors` returns them. Codings that are no evidence teach nothing,
    but somebody has looked at their segments.
    """
    located = codings[codings["segment_id"].isin(segments["segment_id"])]
    finished = set(list_finished(located, passes, set(segments["source_id"]))["source_id"])
    is_read = segments["source_id"].isin(finished).to_numpy(bool)
    evidence = located[(located["is_evidence"] == "yes") & located["code_id"].isin(codes)]
    has_code = np.zeros((len(segments), len(codes)), bool)
    rows = pd.Index(segments["segment_id"]).get_indexer(pd.Index(evidence["segment_id"]))
    has_code[rows, pd.Index(codes).get_indexer(pd.Index(evidence["code_id"]))] = True
    is_known = has_code | is_read[:, None]
    chosen = is_known.any(axis=1) if codes else is_read
    sources = segments["source_id"].to_numpy(str)[chosen]
    folds = assign_folds(sources, seed)
    examples = Examples(vectors[chosen], has_code[chosen], is_known[chosen], sources, folds)
    return examples, ~(is_read | segments["segment_id"].isin(located["segment_id"]).to_numpy(bool))


def learn_codes(examples: Examples, without: Collection[int] = ()) -> np.ndarray:
    """Return the mean direction of each code, (n_codes, n_dimensions); zero for a code without segments.

    `without` names the folds that are left out.
    """
    sums = np.delete(examples.sums, list(without), axis=0).sum(axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)


def score_vectors(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the score of each segment for each code, (n_segments, n_codes), as precise as it is written."""
    return np.round(vectors.astype(np.float64) @ directions.T, 6)


def score_held_out(examples: Examples, without: Collection[int] = ()) -> np.ndarray:
    """Return the scores of the segments, each learned from the other folds; 0 in the folds left out."""
    scores = np.zeros(examples.has_code.shape)
    for fold in set(range(len(examples.sums))) - set(without):
        rows = examples.folds == fold
        scores[rows] = score_vectors(examples.vectors[rows], learn_codes(examples, {*without, fold}))
    return scores


def choose_threshold(scores: np.ndarray, has_code: np.ndarray, floor: float) -> float:
    """Return the lowest score from which on at least the share `floor` has the code; infinity if there is none."""
    order = np.argsort(-scores, kind="stable")
    ordered, n_right = scores[order], np.cumsum(has_code[order])
    is_last = np.append(ordered[1:] < ordered[:-1], True)[: len(ordered)]  # of equal scores all or none
    holds = (n_right / np.arange(1, len(ordered) + 1) >= floor) & is_last & (ordered > CHANCE)
    return float(ordered[holds][-1]) if holds.any() else np.inf


def choose_thresholds(examples: Examples, floor: float, without: Collection[int] = ()) -> np.ndarray:
    """Return the threshold of each code (n_codes,), chosen by held-out scores; the folds `without` are left out."""
    scores, thresholds, rows = score_held_out(examples, without), [], ~np.isin(examples.folds, list(without))
    for code in range(scores.shape[1]):
        known = rows & examples.is_known[:, code]
        thresholds.append(choose_threshold(scores[known, code], examples.has_code[known, code], floor))
    return np.array(thresholds)


def try_codes(examples: Examples, floor: float) -> np.ndarray:
    """Return the codes that each segment would get, (n_segments, n_codes), if its fold's sources were not coded.

    The threshold too is chosen without them.
    """
    tried = np.zeros(examples.has_code.shape, bool)
    for fold in range(len(examples.sums)):
        rows = examples.folds == fold
        scores = score_vectors(examples.vectors[rows], learn_codes(examples, {fold}))
        tried[rows] = scores >= choose_thresholds(examples, floor, {fold})
    return tried & examples.is_known


def measure_codes(examples: Examples, codes: list[str], floor: float) -> pd.DataFrame:
    """Return one row per code: how much there was to learn from, how exact it proved, and whether it is suggested."""
    tried = try_codes(examples, floor)
    thresholds = choose_thresholds(examples, floor)
    rows = []
    for number, code_id in enumerate(codes):
        has_code, is_tried = examples.has_code[:, number], tried[:, number]
        n_positive, n_sources = int(has_code.sum()), len(set(examples.sources[has_code]))
        learned_from = {"code_id": code_id, "n_positive": n_positive, "n_sources": n_sources}
        n_negative = int(examples.is_known[:, number].sum()) - n_positive
        if min(n_positive, n_negative) < MIN_SEGMENTS or n_sources < MIN_SOURCES:
            rows.append({**learned_from, "n_tried": 0, "outcome": "too_little_data", "is_suggested": "no"})
            continue
        n_right, n_tried = int((is_tried & has_code).sum()), int(is_tried.sum())
        threshold = float(thresholds[number]) if np.isfinite(thresholds[number]) else None
        outcome = judge_code(n_right, n_tried, threshold, floor)
        proved = {
            "n_tried": n_tried,
            "recall": n_right / n_positive,
            "precision": n_right / n_tried if n_tried else None,
            "threshold": threshold,
            "outcome": outcome,
            "is_suggested": "yes" if outcome == "suggested" else "no",
        }
        rows.append({**learned_from, **proved})
    return pd.DataFrame(rows, columns=SUGGESTION_QUALITY.names)


def judge_code(n_right: int, n_tried: int, threshold: float | None, floor: float) -> str:
    """Return the outcome for a code that could be learned."""
    if n_tried < MIN_SEGMENTS:
        return "too_few_tried"
    return "suggested" if threshold is not None and n_right / n_tried >= floor else "below_floor"


def list_suggestions(
    candidates: pd.DataFrame, vectors: np.ndarray, examples: Examples, quality: pd.DataFrame, max_suggestions: int
) -> pd.DataFrame:
    """Return the segments nearest to each code that is suggested, at most `max_suggestions` per code, best first.

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
    """Return the mean average precision of ranking held-out segments for codes, and what chance would reach.

    `numbers` are the places of the codes among the columns of `examples`.
    """
    from sklearn.metrics import average_precision_score  # a second to import, and only this needs it

    scores = score_held_out(examples)
    found, chance = [], []
    for number in numbers:
        known = examples.is_known[:, number]
        has_code = examples.has_code[known, number]
        found.append(average_precision_score(has_code, scores[known, number]))
        chance.append(has_code.mean())
    return float(np.mean(found)), float(np.mean(chance))
