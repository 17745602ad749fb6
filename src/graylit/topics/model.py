"""The seam of topic models: what the pipeline asks of one, and the choice of the model that it uses.

Another topic model is a class in a module of its own with the methods named here, and one line below. Settings of its
own are added to the schema of the config (workflow/schemas) and to the study's config.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from graylit.topics.centred_topics import CentredTopics

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix


class TopicModel(Protocol):
    """Fitted topics: how counts of terms become vectors, and vectors find their topics."""

    @property
    def vocabulary(self) -> list[str]:
        """The terms whose counts the model reads."""

    @property
    def words(self) -> list[list[str]]:
        """The top words of topic 0, 1, …, strongest first."""

    @property
    def lack(self) -> str:
        """Why there are no topics; '' if there are some."""

    @property
    def centres(self) -> np.ndarray:
        """A vector for each topic, (n_topics, n_dimensions): topics alike in their words lie near each other."""

    @classmethod
    def fit(
        cls,
        cells: Sequence[str],
        terms: Sequence[str],
        settings: Mapping[str, Any],
        *,
        lack: str,
        seed: int,
        n_threads: int,
    ) -> Self:
        """Return the topics of segments, whose term counts are `cells`; `settings` are those of topics in the config.

        The same input gives the same model on every machine, whatever the number of threads. If `lack` says why topics
        cannot be formed, the model has none, and embeds counts all the same.
        """

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return a model that was written."""

    def write(self, path: str | Path) -> None:
        """Write the model; the same model gives the same bytes."""

    def embed(self, counts: csr_matrix) -> np.ndarray:
        """Return the vectors (n_segments, n_dimensions) of counts (n_segments, n_terms) of the vocabulary's terms.

        They have length one, or are zero for a segment without terms; suggestions of codes are learned from them too.
        """

    def place(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the topic of each vector, -1 for an outlier, and how near it is to the nearest topic, -1 to 1."""


# The choice: BERTopic on weighted terms with groups that hold still, after the trials of docs/decisions/0009.
CHOSEN: type[TopicModel] = CentredTopics


def fit_model(
    cells: Sequence[str],
    terms: Sequence[str],
    settings: Mapping[str, Any],
    *,
    seed: int,
    lack: str = "",
    n_threads: int = 1,
) -> TopicModel:
    """Return the topics of segments, whose term counts are `cells`; none if `lack` says why there can be none."""
    return CHOSEN.fit(cells, terms, settings, lack=lack, seed=seed, n_threads=n_threads)


def read_model(path: str | Path) -> TopicModel:
    """Return a model that was written."""
    return CHOSEN.read(path)
