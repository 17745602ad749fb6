"""Computing on one thread: sums of floating-point numbers depend on how threads share them out."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the numeric libraries to one thread until the block ends.

    A limit reaches only the libraries that are loaded. scipy and scikit-learn have pools of their own and are imported
    where they are used, so they are loaded first.
    """
    from threadpoolctl import threadpool_limits

    for library in ("scipy.linalg", "sklearn.cluster"):
        importlib.import_module(library)
    with threadpool_limits(limits=1):
        yield
