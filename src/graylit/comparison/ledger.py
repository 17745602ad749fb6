"""How sources stand on the web and with us, by the attempts to capture them; and how many addresses have rotted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from graylit.captures.choosing import choose_pages, choose_telling, is_held, list_pages
from graylit.captures.page_keys import key_of, page_keys
from graylit.tables.collection import (
    ANSWERED,
    GONE,
    HELD_OUTCOMES,
    LINK_ROT,
    SHUT,
    STANDING_OF_ORIGIN,
    STANDING_RANKS,
    SUBSTITUTES,
)
from graylit.tables.rows import Row

AGES = ((1, "under 1 year"), (3, "1 to 2 years"), (6, "3 to 5 years"), (1000, "6 years and more"))


def list_attempts(source: Mapping[str, str], captures: Iterable[Row]) -> list[Row]:
    """Return those of a source's attempts that were for its present addresses, in their order."""
    key, keys = key_of(source), set(page_keys(source))
    return [row for row in captures if key(row["url"]) in keys]


def tell_standing(attempts: list[Row], used: Mapping[str, str], is_frozen: bool, is_changed: bool = False) -> str:
    """Return how a page stands, by the attempts for it and the capture that serves it."""
    lives = [row for row in attempts if row["origin"] == "live"]
    if lives and lives[-1]["outcome"] in ANSWERED:
        with_body = [row for row in lives if row["outcome"] in HELD_OUTCOMES]
        if with_body and with_body[-1]["outcome"] == "moved":
            return "moved"
        return "changed" if is_changed else "live"
    if used.get("outcome") in HELD_OUTCOMES:
        return STANDING_OF_ORIGIN.get(used["origin"]) or ("archived_only" if lives else "archived")
    if is_frozen:
        return "frozen_only"
    return "lost" if attempts else "not_tried"


def describe_source(source: Mapping[str, str], captures: list[Row], is_frozen: bool, is_changed: bool = False) -> Row:
    """Return the row of a source in the collection, by its attempts: what serves it, and how it stands.

    A source of several pages stands as its worst page.
    """
    attempts = [list_attempts(page, captures) for page in list_pages(source)]
    chosen = choose_pages([source], captures)[source["source_id"]]
    standings = [
        tell_standing(tried, used, is_frozen, is_changed) for tried, used in zip(attempts, chosen, strict=True)
    ]
    standing, used = max(standings, key=STANDING_RANKS.__getitem__), choose_telling(chosen)
    origin = "frozen" if standing == "frozen_only" else used.get("origin", "")
    return {
        "source_id": source["source_id"],
        "outcome": used.get("outcome", "not_tried"),
        "origin": origin,
        "state": standing,
        "is_substitution": "yes" if origin in SUBSTITUTES and (is_held(used) or standing == "frozen_only") else "no",
        "captured_at": used.get("captured_at", "") if is_held(used) else "",
        "n_attempts": str(sum(map(len, attempts))),
    }


def tell_age(source: Mapping[str, str], attempts: list[Row]) -> str:
    """Return how old a page was when its address was last asked, in words; 'undated' if it has no date."""
    asked = [row["attempted_at"] for row in attempts if row["origin"] == "live"]
    if not source.get("published") or not asked:
        return "undated" if not source.get("published") else "not asked"
    years = int(asked[-1][:4]) - int(source["published"][:4])
    return next(words for bound, words in AGES if years < bound)


def tell_answer(attempts: list[Row]) -> str:
    """Return what a source's address last said, as a column of the table of link rot; '' if it was not asked."""
    outcomes = [row["outcome"] for row in attempts if row["origin"] == "live"]
    if not outcomes:
        return ""
    last = outcomes[-1]
    return "n_live" if last in ANSWERED else "n_gone" if last in GONE else "n_shut" if last in SHUT else "n_failed"


def measure_rot(
    sources: list[dict[str, str]], captures: Mapping[str, list[Row]], standings: Mapping[str, str]
) -> list[Row]:
    """Return the link rot of all sources, by age and by source type; `captures` are their attempts by source.

    A source of several pages counts once, by its own address.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    for source in sources:
        attempts = list_attempts(list_pages(source)[0], captures[source["source_id"]])
        answer, standing = tell_answer(attempts), standings[source["source_id"]]
        found = ["n_sources", *(["n_asked", answer] if answer else [])]
        found += [f"n_{standing}"] if standing in ("moved", "changed") else []
        groups = (("all", "all"), ("age", tell_age(source, attempts)), ("source_type", source["source_type"]))
        for group in groups:
            counts.setdefault(group, Counter()).update(found)
    return [_describe_group(*group, count) for group, count in counts.items()]


def _describe_group(variable: str, value: str, count: Counter[str]) -> Row:
    figures = {name: str(count[name]) for name in LINK_ROT.names if name.startswith("n_")}
    share = f"{count['n_gone'] / count['n_asked']:.6g}" if count["n_asked"] else ""
    return {"variable": variable, "value": value, **figures, "rot_share": share}
