"""Ways from segments to topics, for the benchmark: the shipped one, what was tried instead, and BERTopic's usual one.

All but the usual ones get the rows sorted and one thread, as the shipped one does. The usual ones are run as their
users run them: BERTopic's own settings of UMAP and HDBSCAN, the rows as they come, all threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from graylit.topics.centred_topics import place_vectors
from graylit.topics.grouping import N_RUNS, find_centres
from graylit.topics.projection import DECIMALS, Projection, fit_projection


@dataclass(frozen=True)
class Segments:
    """What is grouped: `counts` (n_segments, n_terms), the `terms`, each segment's source, and sentence vectors.

    Sorted, the segments of a source stand in the order of its text. `embedded` (n_segments, 384) has no rows if no
    words are at hand.
    """

    counts: csr_matrix
    terms: np.ndarray
    sources: np.ndarray
    embedded: np.ndarray

    def take(self, rows: np.ndarray) -> Segments:
        """Return the segments of some rows, in their order."""
        embedded = self.embedded[rows] if len(self.embedded) else self.embedded
        return replace(self, counts=self.counts[rows], sources=self.sources[rows], embedded=embedded)

    def count_sources(self) -> np.ndarray:
        """Return in how many sources each term occurs, (n_terms,)."""
        _, numbers = np.unique(self.sources, return_inverse=True)
        rows = csr_matrix((np.ones(len(numbers)), (numbers, np.arange(len(numbers)))))
        return np.asarray(((rows @ self.counts) > 0).sum(axis=0)).ravel()

    def keep_terms(self, is_kept: np.ndarray) -> Segments:
        """Return the segments with some of the terms."""
        kept = np.flatnonzero(is_kept)
        return replace(self, counts=self.counts[:, kept], terms=self.terms[kept])

    def leave_out(self, source: str, min_sources: int) -> tuple[np.ndarray, Segments]:
        """Return the rows and segments of the other sources, without the terms that are in too few sources then.

        A term of the vocabulary may show in fewer: short segments keep their terms to themselves.
        """
        rows = np.flatnonzero(self.sources != source)
        rest = self.take(rows)
        return rows, rest.keep_terms(rest.count_sources() >= np.minimum(self.count_sources(), min_sources))


@dataclass(frozen=True)
class Settings:
    """The config's settings of topics."""

    n_topics: int
    n_dimensions: int
    min_similarity: float
    min_sources: int
    n_words: int
    seed: int


Embed = Callable[[Segments, Settings, int], np.ndarray]
Find = Callable[[np.ndarray, int, int], np.ndarray]


@dataclass(frozen=True)
class Way:
    """A way to topics: what it does, and the function that returns each segment's topic, -1 for outliers."""

    meaning: str
    group: Embed
    is_controlled: bool = True  # rows sorted, one thread
    is_embedded: bool = False  # needs sentence vectors
    is_everywhere: bool = False  # also tried on other cores and processors
    embed: Embed | None = None  # if its vectors are to be tried on codes


# How segments become vectors ------------------------------------------------------------------------------------


def embed_terms(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return the shipped vectors: weighted terms, reduced."""
    return fit_projection(segments.counts, settings.n_dimensions, seed).embed(segments.counts)


def embed_sentences(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return the vectors of the language model, rounded as the shipped ones are."""
    return np.round(segments.embedded, DECIMALS) + 0.0


def embed_with_neighbours(segments: Segments, settings: Settings, seed: int, is_near: bool = True) -> np.ndarray:
    """Return vectors to which the segments before and after lend half of their weights.

    As a control, any two segments of the same source lend theirs instead.
    """
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(segments.counts)
    order = np.random.default_rng(seed).permutation(len(segments.sources))
    dealt = order[np.argsort(segments.sources[order], kind="stable")]  # within sources, as these are sorted
    lent = (_sum_windows(segments.sources, reach=1) @ (weights if is_near else weights[dealt])) / 2
    return _reduce(normalize(weights + lent), settings.n_dimensions, seed)


def embed_by_windows(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return vectors of a segment's own terms, in directions learned from windows of 17 segments."""
    transformer = TfidfTransformer(sublinear_tf=True)
    weights = transformer.fit_transform(segments.counts)
    windows = normalize(weights + _sum_windows(segments.sources, reach=8) @ weights)
    reducer = TruncatedSVD(settings.n_dimensions, random_state=seed, n_iter=7).fit(windows)
    return Projection(transformer.idf_, reducer.components_).embed(segments.counts)


def _sum_windows(sources: np.ndarray, reach: int) -> csr_matrix:
    """Return the matrix that adds up the segments at most `reach` places away in the same source."""
    bands = {}
    for step in range(1, reach + 1):
        bands[step] = bands[-step] = (sources[step:] == sources[:-step]).astype(float)
    return csr_matrix(diags_array(list(bands.values()), offsets=list(bands), shape=(len(sources),) * 2))


def _reduce(weights: csr_matrix, n_dimensions: int, seed: int) -> np.ndarray:
    reducer = TruncatedSVD(n_dimensions, random_state=seed, n_iter=7)
    return np.round(normalize(reducer.fit_transform(weights)), DECIMALS) + 0.0


# How vectors become groups --------------------------------------------------------------------------------------


def run_kmeans(vectors: np.ndarray, n_groups: int, seed: int, n_init: int = 5) -> np.ndarray:
    """Return the centres of the best of a few runs of k-means."""
    return normalize(KMeans(n_groups, n_init=n_init, random_state=seed).fit(vectors).cluster_centers_)


def run_ward(vectors: np.ndarray, n_groups: int, seed: int) -> np.ndarray:
    """Return the centres of agglomerative clustering (Ward)."""
    return _average(vectors, AgglomerativeClustering(n_groups, linkage="ward").fit_predict(vectors))


def run_consensus(vectors: np.ndarray, n_groups: int, seed: int) -> np.ndarray:
    """Return the centres of average linkage over how often runs of k-means put two segments together."""
    together = np.zeros((len(vectors),) * 2, np.float32)
    for number in range(N_RUNS):
        labels = KMeans(n_groups, n_init=1, random_state=seed + number).fit_predict(vectors)
        together += labels[:, None] == labels
    model = AgglomerativeClustering(n_groups, metric="precomputed", linkage="average")
    return _average(vectors, model.fit_predict(1 - together / N_RUNS))


def _average(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return normalize(np.array([vectors[labels == label].mean(axis=0) for label in range(labels.max() + 1)]))


# Whole paths ----------------------------------------------------------------------------------------------------


def join(embed: Embed, find: Find = find_centres) -> Embed:
    """Return the path that embeds, finds centres, and places segments as the shipped one does."""

    def group(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
        vectors = embed(segments, settings, seed)
        centres = find(vectors, settings.n_topics, seed)
        return place_vectors(vectors, centres, settings.min_similarity)[0]

    return group


def change(group: Embed, **settings: int) -> Embed:
    """Return the path with other settings."""
    return lambda segments, known, seed: group(segments, replace(known, **settings), seed)


def decompose(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return each segment's strongest part of non-negative matrix factorization."""
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(segments.counts)
    parts = NMF(settings.n_topics, init="nndsvda", random_state=seed, max_iter=600).fit_transform(weights)
    return np.where(parts.max(axis=1) > 0, parts.argmax(axis=1), -1)


def allocate(segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return each segment's most probable topic of latent Dirichlet allocation."""
    model = LatentDirichletAllocation(settings.n_topics, max_iter=20, random_state=seed)
    shares = model.fit_transform(segments.counts)
    return np.where(segments.counts.sum(axis=1).A1 > 0, shares.argmax(axis=1), -1)


def run_usual(segments: Segments, settings: Settings, seed: int, embed: Embed = embed_sentences) -> np.ndarray:
    """Return the topics of BERTopic as it is: UMAP and HDBSCAN with its settings, and a seed for UMAP."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    vectors = embed(segments, settings, seed)
    reducer = UMAP(15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed, n_jobs=1)
    counter = CountVectorizer(analyzer=str.split, vocabulary=segments.terms)
    documents = [" ".join(np.repeat(segments.terms[row.indices], row.data)) for row in segments.counts]
    model = BERTopic(embedding_model=BaseEmbedder(), umap_model=reducer, vectorizer_model=counter)
    return np.array(model.fit_transform(documents, vectors)[0])


SHIPPED = join(embed_terms)
PATHS = {
    "shipped": Way("weighted terms, SVD, 30 runs of k-means, Ward", SHIPPED, is_everywhere=True, embed=embed_terms),
    "kmeans": Way("the same vectors; k-means, best of 5 runs", join(embed_terms, run_kmeans), is_everywhere=True),
    "consensus": Way("the same vectors; how often 30 runs of k-means agree", join(embed_terms, run_consensus)),
    "ward": Way("the same vectors; agglomerative clustering (Ward)", join(embed_terms, run_ward)),
    "dimensions_50": Way("shipped, with 50 dimensions", change(SHIPPED, n_dimensions=50)),
    "topics_20": Way("shipped, with 20 topics", change(SHIPPED, n_topics=20)),
    "windows": Way(
        "shipped, directions learned from windows of 17 segments", join(embed_by_windows), embed=embed_by_windows
    ),
    "neighbours": Way(
        "shipped, with half of the weights of the segments beside",
        join(embed_with_neighbours),
        embed=embed_with_neighbours,
    ),
    "same_source": Way(
        "control: half of the weights of any two segments of the same source",
        join(partial(embed_with_neighbours, is_near=False)),
    ),
    "nmf": Way("weighted terms, non-negative matrix factorization", decompose),
    "lda": Way("counts, latent Dirichlet allocation", allocate),
    "embedding": Way(
        "MiniLM sentence vectors, grouped as shipped", join(embed_sentences), is_embedded=True, embed=embed_sentences
    ),
    "usual": Way(
        "BERTopic: MiniLM sentence vectors, UMAP, HDBSCAN",
        run_usual,
        is_controlled=False,
        is_embedded=True,
        is_everywhere=True,
    ),
    "usual_terms": Way(
        "BERTopic: shipped vectors, UMAP, HDBSCAN", partial(run_usual, embed=embed_terms), False, False, True
    ),
}
