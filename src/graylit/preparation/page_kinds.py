"""The kind of a page, by its address and its structure, with a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lxml.html import HtmlElement

from graylit.preparation.kind_signs import sign_kind
from graylit.preparation.page_blocks import Page
from graylit.preparation.weights import Weights

# Chosen on WCXB's development pages and the Article Extraction Benchmark: with these both keep what
# trafilatura reaches on articles; with more pages read as articles, F1 falls on documentation and services.
ARTICLE = 0.5  # probability from which a page is read as an article
UNSURE = 0.42  # below this probability of every kind, too, unless it may well be documentation
MAY_BE_DOCUMENTATION = 0.1


@dataclass(frozen=True)
class Kind:
    """The likeliest kind of a page, its probability, and `shares`, the probabilities of all kinds in their order."""

    name: str
    probability: float
    shares: np.ndarray
    is_read_as_article: bool


def tell_page_kind(tree: HtmlElement, url: str, page: Page, weights: Weights) -> Kind:
    """Return the kind of a page."""
    signs = sign_kind(tree, url, page)
    scores = weights.score(list(signs), np.array([list(signs.values())]))[0]
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    likeliest = int(shares.argmax())
    share_of = dict(zip(weights.kinds, shares.tolist(), strict=True))
    is_unsure = shares[likeliest] < UNSURE and share_of["documentation"] < MAY_BE_DOCUMENTATION
    is_article = bool(share_of["article"] >= ARTICLE or is_unsure)
    return Kind(weights.kinds[likeliest], float(shares[likeliest]), shares, is_article)
