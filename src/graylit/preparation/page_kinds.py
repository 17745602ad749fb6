"""The kind of a page, by its address and its structure, with a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from lxml.html import HtmlElement

from graylit.preparation.kind_signs import sign_inside, sign_outside
from graylit.preparation.page_blocks import Page, cut_page
from graylit.preparation.weights import Weights

# Chosen on WCXB's development pages and the Article Extraction Benchmark: with these both keep what
# trafilatura reaches on articles; with more pages read as articles, F1 falls on documentation and services.
ARTICLE = 0.5  # probability from which a page is read as an article
UNSURE = 0.42  # below this probability of every kind, too, unless it may well be documentation
MAY_BE_DOCUMENTATION = 0.1


# Probability from which a page is an article by its outer signs alone, the others taken as average: 41 % of WCXB's
# development pages, each an article by all signs too.
CERTAIN = 0.85
TABLES = 4  # times as long as all tables the paragraphs are in a page that tables surely do not lay out; not measured


@dataclass(frozen=True)
class Kind:
    """The likeliest kind of a page, its probability, and `shares`, the probabilities of all kinds in their order."""

    name: str
    probability: float
    shares: np.ndarray
    is_read_as_article: bool


def tell_page_kind(tree: HtmlElement, url: str, weights: Weights) -> tuple[Kind, Page | None]:
    """Return the kind of a page, and its blocks if it was cut into them to tell it."""
    outside = sign_outside(tree, url)
    kind = _weigh_signs(outside, weights)
    if kind.name == "article" and kind.probability >= CERTAIN and not _may_be_laid_out_in_tables(tree):
        return kind, None
    page = cut_page(tree)
    return _weigh_signs(outside | sign_inside(page), weights), page


def _may_be_laid_out_in_tables(tree: HtmlElement) -> bool:
    """Return whether tables may lay a page out, which its blocks tell: they hold words as paragraphs do."""
    in_tables = sum(len(str(table.text_content())) for table in tree.iter("table"))
    return in_tables > 0 and TABLES * in_tables > sum(len(str(words.text_content())) for words in tree.iter("p"))


def _weigh_signs(signs: Mapping[str, float], weights: Weights) -> Kind:
    scores = weights.score_named(signs)
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    likeliest = int(shares.argmax())
    share_of = dict(zip(weights.kinds, shares.tolist(), strict=True))
    is_unsure = shares[likeliest] < UNSURE and share_of["documentation"] < MAY_BE_DOCUMENTATION
    is_article = bool(share_of["article"] >= ARTICLE or is_unsure)
    return Kind(weights.kinds[likeliest], float(shares[likeliest]), shares, is_article)
