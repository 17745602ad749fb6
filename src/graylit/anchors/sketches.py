"""Sketches of sets of words: 16 MinHash values of two bits each, and how many of them are equal.

References
----------
Broder 1997, On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900.
Li and König 2010, b-bit minwise hashing, doi:10.1145/1772690.1772759.
"""

from __future__ import annotations

import hashlib

import numpy as np

N_VALUES = 16  # of two bits: 32 bits a sketch
_SEEDS = np.array(
    [int.from_bytes(hashlib.sha256(f"graylit sketch {i}".encode()).digest()[:8], "big") | 1 for i in range(N_VALUES)],
    dtype=np.uint64,
)


def mix_hashes(hashes: np.ndarray) -> np.ndarray:
    """Return 16 hashes of 32 bits made of each hash of 64 bits: (16, n_hashes)."""
    mixed = (hashes[None, :] ^ _SEEDS[:, None]) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _SEEDS[:, None]
    return (mixed >> np.uint64(32)).astype(np.uint32)


def pack_values(smallest: np.ndarray) -> int:
    """Return the last two bits of 16 values as one number of 32 bits."""
    return int(sum(int(value & 3) << (2 * i) for i, value in enumerate(smallest)))


def count_equal_values(first: int, second: int) -> int:
    """Return how many of the 16 values of two sketches are equal."""
    different = first ^ second
    return N_VALUES - sum(1 for i in range(N_VALUES) if (different >> (2 * i)) & 3)


def slide_minimum(values: np.ndarray, width: int) -> np.ndarray:
    """Return the minimum of each run of `width` columns, by doubling."""
    reach = 1
    while reach * 2 <= width:
        values = np.minimum(values[:, :-reach], values[:, reach:])
        reach *= 2
    rest = width - reach
    return np.minimum(values[:, : values.shape[1] - rest], values[:, rest:]) if rest else values


def _unpack(sketch: int) -> np.ndarray:
    return np.array([(sketch >> (2 * i)) & 3 for i in range(N_VALUES)], dtype=np.uint8)


def count_equal(values: np.ndarray, sketch: int) -> np.ndarray:
    """Return for each column of values, (16, n), how many equal the sketch's: (n,)."""
    return (values == _unpack(sketch)[:, None]).sum(axis=0, dtype=np.int8)
