"""Which blocks of a page stand in a text: in a reference text, for training, or in what another way found."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

RUN_OF_WORDS = 4
NEAR = 3  # blocks to each side, one of which must stand in the text if a short block is to


def cut_words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return re.findall(r"\w+", text.lower())


def match_blocks(blocks: Sequence[str], text: str) -> np.ndarray:
    """Return which blocks stand in a text with more than half of their runs of four words: (n_blocks,) of booleans."""
    words = cut_words(text)
    runs = {tuple(words[i : i + n]) for n in range(1, RUN_OF_WORDS + 1) for i in range(len(words) - n + 1)}
    lines = {tuple(cut_words(line)) for line in text.split("\n")}
    cut = [tuple(cut_words(block)) for block in blocks]
    found = np.array([_is_in(block, runs, lines) for block in cut], dtype=bool)
    near = [found[max(0, i - NEAR) : i + NEAR + 1].any() for i in range(len(cut))]
    short = [len(block) <= RUN_OF_WORDS and block in runs for block in cut]
    return found | (np.array(near, dtype=bool) & np.array(short, dtype=bool))


def _is_in(block: tuple[str, ...], runs: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> bool:
    n_runs = len(block) - RUN_OF_WORDS + 1
    if n_runs < 2:
        return block in lines
    return sum(block[i : i + RUN_OF_WORDS] in runs for i in range(n_runs)) > n_runs / 2
