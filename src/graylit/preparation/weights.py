"""Weights of signs, as trained on pages that people labelled: what speaks for a kind of page, or for main text.

A file of weights has one row per sign, with the sign's mean and scale over the pages it was trained on, and one column
per kind of page. The first row holds what each kind starts from. `graylit bench extraction --train` makes them.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CONSTANT = "constant"
FURTHEST = 6.0  # scales from the mean that a sign counts at most, so that no odd page is judged by one sign alone


@dataclass(frozen=True)
class Weights:
    """Weights of signs: `mean` and `scale` (n_signs,), `weights` (n_signs, n_kinds), `constant` (n_kinds,)."""

    signs: tuple[str, ...]
    kinds: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    constant: np.ndarray

    def score(self, names: Sequence[str], signs: np.ndarray) -> np.ndarray:
        """Return the log odds of each kind, (n, n_kinds), from signs of those names, (n, n_signs)."""
        if tuple(names) != self.signs:
            raise ValueError(f"weights are of other signs: {sorted(set(names) ^ set(self.signs))[:5]}; train them anew")
        return np.clip((signs - self.mean) / self.scale, -FURTHEST, FURTHEST) @ self.weights + self.constant

    def score_named(self, signs: Mapping[str, float]) -> np.ndarray:
        """Return the log odds of each kind, (n_kinds,); a sign that nobody looked for counts as average."""
        looked_for = [name for name in self.signs if name in signs]
        if len(looked_for) < len(signs):
            raise ValueError(f"no weights for signs: {sorted(set(signs) - set(self.signs))[:5]}; train them anew")
        average = dict(zip(self.signs, self.mean.tolist(), strict=True))
        values = np.array([list((average | dict(signs)).values())])
        return self.score(self.signs, values)[0]


@dataclass(frozen=True)
class Trained:
    """The weights of the signs of page kinds and of those of blocks."""

    kind: Weights
    block: Weights


@functools.cache
def read_trained() -> Trained:
    """Return the weights in this folder."""
    return Trained(_read_weights("kind"), _read_weights("block"))


def _read_weights(name: str) -> Weights:
    with (Path(__file__).parent / f"{name}_weights.csv").open(encoding="utf-8", newline="") as lines:
        (_, _, _, *kinds), (_, _, _, *constant), *rows = csv.reader(lines)
    numbers = np.array([row[1:] for row in rows], dtype=float)
    return Weights(
        signs=tuple(row[0] for row in rows),
        kinds=tuple(kinds),
        mean=numbers[:, 0],
        scale=numbers[:, 1],
        weights=numbers[:, 2:],
        constant=np.array(constant, dtype=float),
    )
