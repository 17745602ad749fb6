"""How far a group of coders agrees on units as wholes: what the review measures, and the desk while they settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from graylit.measures.agreement import (
    Estimate,
    Ratings,
    measure_cohen,
    measure_fleiss,
    measure_nominal_alpha,
    measure_set_alphas,
    set_distances,
    share_agreed,
)
from graylit.study.units import RatedSets

Named = TypeVar("Named")


def measure_categories(ratings: Ratings) -> dict[str, Estimate]:
    """Return the measures of a yes-or-no question by name: per cent, a kappa for two or for many, and alpha."""
    kappa: tuple[str, Callable[[Ratings], Estimate]] = ("fleiss_kappa", measure_fleiss)
    if len(ratings.values) == 2:
        kappa = ("cohen_kappa", measure_cohen)
    return {
        "share_agreed": share_agreed(ratings),
        kappa[0]: kappa[1](ratings),
        "alpha_nominal": measure_nominal_alpha(ratings),
    }


def measure_sets(ratings: Ratings, distances: dict[str, np.ndarray]) -> dict[str, Estimate]:
    """Return the measures of sets of codes by name; `distances` are those between sets, of each alpha."""
    return {"share_agreed": share_agreed(ratings), **measure_set_alphas(ratings, distances)}


def measure_wholes(rated: RatedSets) -> dict[str, Estimate]:
    """Return the measures of one group of coders over sets of codes, a unit that was left having the empty one."""
    return measure_sets(rated.ratings, _prefix("alpha", set_distances(rated.members)))


def measure_overall(rated: RatedSets) -> dict[str, Estimate]:
    """Return the measures of one group of coders over sets of codes, by name: whole, and its two questions apart."""
    ratings, members = rated.ratings, rated.members
    distances = _prefix("alpha", set_distances(members))
    is_coded = members.any(axis=1)
    coded = ratings.recode(np.where(is_coded, np.arange(len(members)), -1), len(members)).keep_pairable()
    return {
        **measure_wholes(rated),
        **_prefix("unitizing", measure_categories(ratings.recode(is_coded.astype(int), 2))),
        **_prefix("coding", measure_sets(coded, distances)),
    }


def _prefix(part: str, named: dict[str, Named]) -> dict[str, Named]:
    return {f"{part}_{name}": found for name, found in named.items()}
