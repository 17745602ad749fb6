"""What a screening that stops early says of itself: for the desk's page, the report and PRISMA."""

from __future__ import annotations

from typing import TypedDict

from graylit.pages.wording import agree, count_things, join_words
from graylit.screening.stopping import HINT, Standing, draw_curve
from graylit.tables.screening import DRAWN, LISTED, RANKED

WAYS = {
    LISTED: "in the order of the list",
    RANKED: "ranked by a model that learnt from this screener’s own decisions",
    DRAWN: "drawn at random from what was left",
    "": "in an order that the rows do not state",
}


class Progress(TypedDict):
    """What a page shows of one screener's progress, ready for JSON."""

    n_candidates: int
    n_screened: int
    n_found: int
    n_left: int
    curve: list[tuple[int, int]]
    sample: dict[str, int] | None
    estimate: dict[str, float] | None
    p_order: float
    rule: dict[str, float | bool | None]
    can_draw: bool
    sentences: list[str]


def describe_progress(standing: Standing) -> Progress:
    """Return the curve, the estimate of recall and the rule of one screener, with sentences that say them."""
    sample, estimate, rule = standing.sample, standing.estimate, standing.rule
    n_screened = len(standing.marks)
    return {
        "n_candidates": standing.n_all,
        "n_screened": n_screened,
        "n_found": sum(standing.marks),
        "n_left": standing.n_all - n_screened,
        "curve": draw_curve(standing.marks),
        "sample": None
        if sample is None
        else {"n_left": sample.n_left, "n_drawn": sample.n_drawn, "n_found": sample.n_found},
        "estimate": None
        if estimate is None
        else {
            "value": round(estimate.value, 4),
            "low": round(estimate.low, 4),
            "high": round(estimate.high, 4),
            "n_missed": round(estimate.n_missed, 1),
            "n_missed_most": estimate.n_missed_most,
        },
        "p_order": round(standing.p_order, 4),
        "rule": {
            "recall": rule.recall,
            "confidence": rule.confidence,
            "p": None if standing.p_sample is None else round(standing.p_sample, 4),
            "holds": standing.holds,
        },
        "can_draw": sum(standing.marks) > 0 and n_screened < standing.n_all,
        "sentences": [*tell_estimate(standing), *tell_rule(standing), *tell_hint(standing)],
    }


def tell_order(standing: Standing, screener: str) -> str:
    """Return in which order a screener read, and how much was never looked at."""
    n_screened = len(standing.marks)
    n_left = standing.n_all - n_screened
    ways = [f"{n:,} {WAYS[how]}" for how, n in standing.n_shown.items()]
    only = next(iter(standing.n_shown), "")
    said = WAYS[only] if len(ways) == 1 else f"{join_words(ways)}"
    left = f"; {n_left:,} {agree(n_left, 'was', 'were')} never looked at by {screener}" if n_left else ""
    sign = ", " if len(ways) == 1 else ": "
    return f"{screener} screened {n_screened:,} of {count_things(standing.n_all, 'candidate')}{sign}{said}{left}."


def tell_estimate(standing: Standing) -> list[str]:
    """Return the estimate of recall in words; none without a sample."""
    sample, estimate = standing.sample, standing.estimate
    if sample is None:
        return []
    drawn = (
        f"Of {count_things(sample.n_left, 'candidate')} left, {sample.n_drawn:,} "
        f"{agree(sample.n_drawn, 'was', 'were')} drawn at random, and {sample.n_found:,} of these may be relevant."
    )
    if estimate is None:
        return [drawn, "Nothing relevant was found yet, so recall cannot be estimated."]
    interval = f"{tell_percent(standing.rule.confidence)} interval {tell_percent(estimate.low)}"
    return [
        drawn,
        f"Recall is estimated at {tell_percent(estimate.value)} ({interval} to {tell_percent(estimate.high)}): "
        f"among those left, about {estimate.n_missed:.0f} more may be relevant, at most {estimate.n_missed_most:,}.",
    ]


def tell_rule(standing: Standing) -> list[str]:
    """Return the protocol's rule in words, and whether it holds."""
    rule = standing.rule
    stated = (
        f"The rule: stop once a random sample of what is left shows a recall of at least {tell_percent(rule.recall)} "
        f"with a confidence of {tell_percent(rule.confidence)} (hypergeometric test)."
    )
    if len(standing.marks) == standing.n_all:
        return [stated, "Nothing is left."]
    if standing.p_sample is None:
        needed = f"; at least {standing.n_planned:,} must be drawn" if any(standing.marks) else ""
        return [stated, f"It cannot hold before a sample is drawn{needed}."]
    p_value = f"p = {standing.p_sample:.3f}"
    if standing.holds:
        return [stated, f"It holds ({p_value})."]
    more = standing.n_planned - (standing.sample.n_drawn if standing.sample else 0)
    return [stated, f"It does not hold ({p_value}); at least {more:,} more must be drawn."]


def tell_hint(standing: Standing) -> list[str]:
    """Return whether it is time to draw a sample; none if one is being drawn or nothing was found."""
    if standing.sample or not any(standing.marks) or len(standing.marks) == standing.n_all:
        return []
    if standing.p_order <= HINT:
        return ["The last candidates brought little: it is time to draw a sample."]
    return ["The last candidates still bring relevant ones, or are too few: a sample would be too early."]


def tell_percent(share: float) -> str:
    """Return a share as percent, with a decimal if it has one; neither 0 nor 100 is said of what is only near."""
    percent = min(max(round(100 * share, 1), 0.1 if share > 0 else 0.0), 99.9 if share < 1 else 100.0)
    return f"{percent:g} %"
