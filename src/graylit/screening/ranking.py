"""What is left to screen, ranked by a model that learns from one screener's decisions.

The texts are made into vectors once; only the classifier learns anew after decisions. What it learns from, the seed and
the versions of the libraries have a digest, which stands with each decision, so that an order can be made again.
docs/decisions/0041-ranking.md says what was tried.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from graylit.languages.words import list_words
from graylit.tables.rows import Cells
from graylit.tables.screening import DRAWN, LISTED, RANKED

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

# Tried on published screenings (docs/decisions/0041-ranking.md). The views of a text weigh the same.
STEM, GRAM = 5, 4  # letters that stand for a word whatever its ending, and of the pieces of words
ADDRESS = 0.2  # weight of the words of host and path beside a view of the text. Chosen, not measured
C, RATIO = 0.5, 9.8  # of the classifier; all includes together weigh as many times what all excludes weigh
MOST_EXCLUDED = 3_000  # excludes that are learnt from, so that learning takes no longer however many there are
DECIMALS = 6  # of a score: more would depend on the processor
MOST_WORDS = 200  # taken of a page's text: as long as an abstract, on which the settings were tried
SETTINGS = {"form": 1, "stem": STEM, "gram": GRAM, "address": ADDRESS, "C": C, "ratio": RATIO, "decimals": DECIMALS}
SETTINGS |= {"most_excluded": MOST_EXCLUDED, "most_words": MOST_WORDS}
LIBRARIES = ("numpy", "scipy", "scikit-learn")


class CandidateWords(NamedTuple):
    """What is known of a candidate in words: its title, its snippets or the text of its page, and its address."""

    candidate_id: str
    title: str
    words: str
    address: str


@dataclass(frozen=True)
class Order:
    """What was left to screen after a screener's first `n_learnt` rows, first to last, and the digest of its inputs."""

    shown: str  # listed, ranked, drawn
    candidate_ids: tuple[str, ...]
    n_learnt: int
    sha256: str
    n_pages: int = 0  # how many pages' words a ranked order rests on, first captured first

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each candidate, from 1."""
        return {candidate_id: rank for rank, candidate_id in enumerate(self.candidate_ids, start=1)}


def digest_inputs(inputs: Mapping[str, object]) -> str:
    """Return the digest of what an order was made of."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def list_left(candidate_ids: Iterable[str], decided: Mapping[str, str]) -> tuple[str, ...]:
    """Return the candidates on which nothing is decided yet, in their order."""
    return tuple(candidate_id for candidate_id in candidate_ids if candidate_id not in decided)


def keep_listed(candidate_ids: Sequence[str], decided: Mapping[str, str], n_learnt: int) -> Order:
    """Return what is left in the order of the table."""
    left = list_left(candidate_ids, decided)
    return Order(LISTED, left, n_learnt, digest_inputs({"shown": LISTED, "left": left}))


def draw_order(
    candidate_ids: Sequence[str], decided: Mapping[str, str], n_learnt: int, *, seed: int, screener: str
) -> Order:
    """Return what is left in a random order of this screener's own: the first of it are a random sample of the rest.

    The place of two candidates beside each other depends on the seed, the screener and their ids alone.
    """
    left = tuple(sorted(list_left(candidate_ids, decided), key=lambda name: draw_place(seed, screener, name)))
    return Order(DRAWN, left, n_learnt, digest_inputs({"shown": DRAWN, "left": left, "seed": seed, "who": screener}))


class Ranker:
    """Candidates as vectors, and the orders that a model gives them."""

    def __init__(self, texts: Iterable[CandidateWords], seed: int, n_pages: int = 0) -> None:
        """Take the candidates in the order in which they are listed; `n_pages` of them with the words of their page."""
        self.texts = list(texts)
        self.candidate_ids = [text.candidate_id for text in self.texts]
        self.seed, self.n_pages = seed, n_pages
        self._row_of = {candidate_id: row for row, candidate_id in enumerate(self.candidate_ids)}
        self._sha256 = digest_inputs(
            {"texts": self.texts, "seed": seed, "settings": SETTINGS, "versions": name_versions()}
        )

    @cached_property
    def vectors(self) -> csr_matrix:
        """The vectors of the candidates (n_candidates, n_terms), made when they are first asked for."""
        return make_vectors(self.texts)

    def make(self, shown: str, decided: Mapping[str, str], n_learnt: int, screener: str) -> Order:
        """Return what is left in the order asked for: as listed, as ranked, or drawn at random."""
        if shown == RANKED:
            return self.rank(decided, n_learnt)
        if shown == DRAWN:
            return draw_order(self.candidate_ids, decided, n_learnt, seed=self.seed, screener=screener)
        return keep_listed(self.candidate_ids, decided, n_learnt)

    def rank(self, decided: Mapping[str, str], n_learnt: int) -> Order:
        """Return what is left, the likeliest to be included first; as it is listed until there is something to learn.

        `decided` says what was decided on each candidate; from unsure decisions nothing is learnt.
        """
        taught = [
            (candidate_id, decided[candidate_id]) for candidate_id in self.candidate_ids if candidate_id in decided
        ]
        is_known = self._choose_taught(taught)
        if len(set(is_known.values())) < 2:
            return keep_listed(self.candidate_ids, decided, n_learnt)
        scores = score(self.vectors, is_known, self.seed)
        left = list_left(self.candidate_ids, decided)
        ordered = tuple(sorted(left, key=lambda candidate_id: (-scores[self._row_of[candidate_id]], candidate_id)))
        digest = digest_inputs({"shown": RANKED, "of": self._sha256, "taught": taught})
        return Order(RANKED, ordered, n_learnt, digest, self.n_pages)

    def _choose_taught(self, taught: Iterable[tuple[str, str]]) -> dict[int, bool]:
        """Return the rows to learn from, and whether each was included: all includes, and a draw of the excludes."""
        made: dict[str, list[str]] = {"include": [], "exclude": [], "unsure": []}
        for name, decision in taught:
            made[decision].append(name)
        drawn = sorted(made["exclude"], key=lambda name: draw_place(self.seed, "excluded", name))[:MOST_EXCLUDED]
        kept = {**dict.fromkeys(made["include"], True), **dict.fromkeys(drawn, False)}
        return {self._row_of[name]: is_included for name, is_included in sorted(kept.items())}


def draw_place(seed: int, who: str, candidate_id: str) -> str:
    """Return what candidates are sorted by to stand in a random order; it does not depend on which others there are."""
    return hashlib.sha256(f"{seed}\n{who}\n{candidate_id}".encode()).hexdigest()


def gather_texts(candidates: Iterable[Cells], hits: Iterable[Cells], pages: Mapping[str, str]) -> list[CandidateWords]:
    """Return the words of each candidate in the order of the table, duplicates among them.

    Which candidates are one page is decided while they are screened; an order of all does not depend on it. `pages`
    holds the text of captured pages by candidate.
    """
    snippets: dict[str, list[str]] = {}
    for hit in hits:
        if hit["candidate_id"] and hit.get("snippet"):
            snippets.setdefault(hit["candidate_id"], []).append(hit["snippet"])
    texts = []
    for row in candidates:
        name = row["candidate_id"]
        page = " ".join(pages.get(name, "").split()[:MOST_WORDS])
        words = [row.get("publisher", ""), *dict.fromkeys(snippets.get(name, ())), page]
        texts.append(CandidateWords(name, row["title"], "\n".join(filter(None, words)), row["url"]))
    return texts


def name_versions() -> dict[str, str]:
    """Return the versions of the libraries that an order rests on."""
    from importlib.metadata import version

    return {name: version(name) for name in LIBRARIES}


def make_vectors(texts: Sequence[CandidateWords]) -> csr_matrix:
    """Return a vector of length one for each candidate (n_candidates, n_terms); zero if it shares no term."""
    from scipy.sparse import hstack
    from sklearn.preprocessing import normalize

    words = [list_words(f"{text.title}\n{text.words}".casefold()) for text in texts]
    places = [list_words(read_place(text.address)) for text in texts]
    views = [
        _weigh([pair_words(listed) for listed in words]),
        _weigh([pair_words([word[:STEM] for word in listed]) for listed in words]),
        _weigh([cut_words(listed) for listed in words], least=2),
    ]
    return normalize(hstack([*views, _weigh(places, least=2) * ADDRESS], format="csr"))


def pair_words(words: Sequence[str]) -> list[str]:
    """Return words, and each pair of neighbours."""
    return [*words, *(f"{first} {second}" for first, second in itertools.pairwise(words))]


def cut_words(words: Sequence[str]) -> list[str]:
    """Return the pieces of words of `GRAM` letters, where a blank stands for the start and the end of a word."""
    spaced = [f" {word} " for word in words]
    return [word[at : at + GRAM] for word in spaced for at in range(max(1, len(word) - GRAM + 1))]


def read_place(address: str) -> str:
    """Return the host and the path of an address in lower case, without marks between their words."""
    parts = urlsplit(address)
    return unquote(f"{parts.netloc.removeprefix('www.')} {parts.path}").replace("_", " ").casefold()


def _weigh(terms: Sequence[Sequence[str]], least: int = 1) -> csr_matrix:
    """Return the terms of texts as TF-IDF vectors of length one; terms of fewer than `least` texts say nothing."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=lambda listed: listed, sublinear_tf=True, min_df=least, max_df=0.95)
    try:
        return vectorizer.fit_transform(terms)
    except ValueError:  # no term is in as many texts
        return csr_matrix((len(terms), 1))


def score(vectors: csr_matrix, is_known: Mapping[int, bool], seed: int) -> np.ndarray:
    """Return how likely each candidate is to be included, (n_candidates,), learnt from rows that are decided."""
    import numpy as np
    from sklearn.svm import LinearSVC

    rows = np.array(list(is_known))
    is_included = np.array(list(is_known.values()))
    # One thread, and random steps of the library's own that are the same everywhere for a seed.
    model = LinearSVC(C=C, random_state=seed).fit(vectors[rows], is_included, sample_weight=balance(is_included))
    scores: np.ndarray = model.decision_function(vectors)
    return np.round(scores, DECIMALS)


def balance(is_included: np.ndarray) -> np.ndarray:
    """Return the weight of each decision (n_decisions,), 1 on average; includes outweigh excludes."""
    import numpy as np

    n_included = is_included.sum()
    weights = np.where(is_included, 1.0, n_included / (RATIO * (~is_included).sum()))
    return weights * len(weights) / weights.sum()
