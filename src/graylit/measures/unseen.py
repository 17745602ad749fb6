"""How many things several searches have left unseen, told from how many of them found each thing.

References
----------
Chao 1987, Estimating the population size for capture-recapture data with unequal catchability, doi:10.2307/2531532: the
estimate for three samples and more, and the log-normal interval. Chapman 1951, Some properties of the hypergeometric
distribution, and Seber 1970, The effects of trap response on tag recapture estimates, doi:10.2307/2528651: the estimate
for two samples, and its variance. Colwell et al. 2012, doi:10.1093/jpe/rtr044: samples as such, with no count in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964  # of a normal distribution, for 95 %


@dataclass(frozen=True)
class Estimate:
    """A number of things, seen and unseen, with its 95 % interval; no interval if nothing is thought to be unseen."""

    value: float
    low: float | None = None
    high: float | None = None


def estimate_chao(n_seen: int, *, n_once: int, n_twice: int, n_samples: int) -> Estimate:
    """Return the lower bound of Chao for `n_samples` samples, `n_once` of the things being in one of them only.

    Without a thing in exactly two samples, the bias-corrected form takes the place of the classic one.
    """
    share = (n_samples - 1) / n_samples
    if n_twice:
        ratio = n_once / n_twice
        unseen = share * n_once * ratio / 2
        variance = n_twice * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
        return _bound(n_seen, unseen, variance)
    unseen = share * n_once * (n_once - 1) / 2
    if not unseen:
        return Estimate(n_seen)
    variance = unseen + share**2 * n_once * (2 * n_once - 1) ** 2 / 4
    variance -= share**2 * n_once**4 / (4 * (n_seen + unseen))
    return _bound(n_seen, unseen, variance)


def estimate_chapman(n_first: int, n_second: int, *, n_both: int) -> Estimate:
    """Return the estimate of Chapman for two samples of `n_first` and `n_second` things, `n_both` of them the same."""
    value = (n_first + 1) * (n_second + 1) / (n_both + 1) - 1
    variance = (n_first + 1) * (n_second + 1) * (n_first - n_both) * (n_second - n_both)
    n_seen = n_first + n_second - n_both
    return _bound(n_seen, value - n_seen, variance / ((n_both + 1) ** 2 * (n_both + 2)))


def _bound(n_seen: int, unseen: float, variance: float) -> Estimate:
    """Return an estimate with the interval of Chao 1987, which never lies below what was seen."""
    if unseen <= 0:
        return Estimate(n_seen)
    width = math.exp(Z * math.sqrt(math.log1p(variance / unseen**2)))
    return Estimate(n_seen + unseen, n_seen + unseen / width, n_seen + unseen * width)
