"""Train the weights of page kinds and of blocks on pages with reference texts.

A block is labelled as main text if more than half of it stands in the reference text. Each page
counts the same; within a page, blocks count by their words. The weights of a kind of page start from those of all
pages and may leave them at a cost, since there are few pages of some kinds. Everything is deterministic.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from graylit.preparation.weights import CONSTANT, FURTHEST, Trained, Weights

# Chosen by cross-validated F1 and accuracy, in coarse steps of about three.
KIND_STRENGTH = 0.01  # inverse regularization of the classifier of kinds
COST, COST_OF_KINDS = 3e-5, 1e-3  # of leaving zero, or the weights of all kinds
N_STEPS, N_STEPS_OF_KINDS = 60, 25


@dataclass(frozen=True)
class Sample:
    """What training knows of a page; `labels` say which blocks are main text."""

    kind: str
    kind_signs: dict[str, float]
    names: list[str]
    signs: np.ndarray
    n_words: np.ndarray
    labels: np.ndarray


def train(samples: Sequence[Sample]) -> Trained:
    """Return weights trained on pages."""
    page_kinds = np.array([sample.kind for sample in samples])
    kinds = tuple(sorted(set(page_kinds)))
    of_block = np.repeat(page_kinds, [len(sample.labels) for sample in samples])
    labels = np.concatenate([sample.labels for sample in samples])
    importance = np.concatenate([sample.n_words / sample.n_words.sum() for sample in samples])
    signs = np.vstack([sample.signs for sample in samples])
    block = _train_blocks(samples[0].names, signs, labels, importance, of_block, kinds)
    return Trained(_train_kinds(samples, page_kinds), block)


def _train_kinds(samples: Sequence[Sample], page_kinds: np.ndarray) -> Weights:
    names = tuple(samples[0].kind_signs)
    signs = np.array([list(sample.kind_signs.values()) for sample in samples])
    mean, scale = signs.mean(axis=0), signs.std(axis=0) + 1e-3
    model = LogisticRegression(C=KIND_STRENGTH, max_iter=1000)
    model.fit(np.clip((signs - mean) / scale, -FURTHEST, FURTHEST), page_kinds)
    return Weights(names, tuple(model.classes_), mean, scale, model.coef_.T, model.intercept_)


def _train_blocks(
    names: Sequence[str],
    signs: np.ndarray,
    labels: np.ndarray,
    importance: np.ndarray,
    of_block: np.ndarray,
    kinds: tuple[str, ...],
) -> Weights:
    mean, scale = signs.mean(axis=0), signs.std(axis=0) + 1e-3
    scaled = np.clip((signs - mean) / scale, -FURTHEST, FURTHEST).astype(np.float32)
    common = fit_weights(scaled, labels, importance, np.zeros(len(names) + 1), COST, N_STEPS)
    columns = []
    for kind in kinds:
        own = of_block == kind
        columns.append(fit_weights(scaled[own], labels[own], importance[own], common, COST_OF_KINDS, N_STEPS_OF_KINDS))
    weights = np.stack(columns, axis=1)
    return Weights(tuple(names), kinds, mean.astype(float), scale.astype(float), weights[:-1], weights[-1])


def fit_weights(
    signs: np.ndarray, labels: np.ndarray, importance: np.ndarray, start: np.ndarray, cost: float, n_steps: int
) -> np.ndarray:
    """Return the weights of a logistic regression, the constant last, drawn towards those it starts from."""
    share = (importance / importance.sum()).astype(np.float32)
    sides = np.where(labels, 1, -1).astype(np.float32)

    def lose(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sides * (signs @ weights[:-1].astype(np.float32) + np.float32(weights[-1]))
        pull = -sides * share / (1 + np.exp(np.clip(margin, -50, 50)))
        away = weights - start
        away[-1] = 0
        loss = float(share @ np.logaddexp(0, -margin)) + cost * float(away @ away) / 2
        return loss, np.append(pull @ signs, pull.sum()).astype(float) + cost * away

    return minimize(lose, start.copy(), jac=True, method="L-BFGS-B", options={"maxiter": n_steps}).x


def write_weights(trained: Trained, folder: Path) -> None:
    """Write the weights where the pipeline reads them."""
    for name, weights in vars(trained).items():
        with (folder / f"{name}_weights.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(["sign", "mean", "scale", *weights.kinds])
            writer.writerow([CONSTANT, "", "", *map(_round, weights.constant)])
            for place, sign in enumerate(weights.signs):
                numbers = (weights.mean[place], weights.scale[place], *weights.weights[place])
                writer.writerow([sign, *map(_round, numbers)])


def _round(number: float) -> str:
    return f"{number:.4g}"
