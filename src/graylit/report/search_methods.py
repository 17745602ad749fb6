"""The paragraph of the methods on the search: each figure with what it is a part of, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graylit.pages.wording import agree, count_among, count_things, count_who, join_words, tell_share
from graylit.report import counts
from graylit.report.frames import Frames, list_records
from graylit.tables.rows import Cells, list_rows
from graylit.tables.search_figures import TOGETHER

NO_LOG = "No search log is kept, so the tables do not say what was searched, where, when and by whom."
WAYS = {"website": "on the web", "organisation": "at organisations", "citation": "by citations"}
METHODS = {"chao": "Chao 1987", "chapman": "Chapman 1951"}
# Why an estimate is a bound at best; said wherever one is shown.
LIMITS = (
    "Searches are not independent of each other: those that share engines or words find the same pages, so more is "
    "missing than the estimate says. It counts what such searches could find, and nothing beyond."
)
THINGS = {"candidates": "candidate", "included": "included candidate"}


def describe_search(frames: Frames, config: Mapping[str, Any]) -> str:
    """Return what was searched, what hits brought, whether the rule to stop held, and what was not found."""
    figures = {row["search_id"]: row for row in list_records(frames["search_counts"])}
    if not figures:
        return NO_LOG
    searches, together = list_rows(frames["searches"]), figures.pop(TOGETHER)
    words = [_tell_searches(searches)]
    if not together["n_hits"]:
        return f"{words[0]} No hits are recorded, so nothing can be said of their order, overlap or number."
    words += [_tell_hits(frames, together), _tell_finds(figures, together), tell_rule(figures, config)]
    return " ".join([*words, *_tell_estimates(frames)])


def _tell_searches(searches: Sequence[Cells]) -> str:
    n_of = {name: sum(row["way"] == way for row in searches) for way, name in WAYS.items()}
    ways = join_words([f"{n:,} {name}" for name, n in n_of.items() if n])
    dates = [row["searched_at"][:10] for row in searches]
    span, n_undated = counts.name_span(dates), dates.count("")
    words = f"The search log has {count_things(len(searches), 'search')}: {ways}"
    words += f", made {'from' if ' to ' in span else 'on'} {span}" if span else ""
    words += f"; {count_who(n_undated, 'is', 'are')} undated" if n_undated else ""
    n_silent = sum(not row["query"] for row in searches)
    return words + (f"; {count_who(n_silent, 'states', 'state')} no query" if n_silent else "") + "."


def _tell_hits(frames: Frames, together: Mapping[str, Any]) -> str:
    n_hits, n_out = int(together["n_hits"]), int(together["n_left_out"])
    n_kept, n_found = n_hits - n_out, int(together["n_candidates"])
    left_out = frames["search_left_out"]
    why = ", ".join(
        f"{row['left_out']}: {int(row['n_hits']):,}"
        for row in list_rows(left_out[left_out["search_id"] == TOGETHER].sort_values("left_out"))
    )
    words = f"Of {count_things(n_hits, 'hit')}, "
    words += f"{count_who(n_out, 'was', 'were')} left out ({why}) and " if n_out else ""
    words += f"{count_who(n_kept, 'leads', 'lead')} to {count_things(n_found, 'candidate')}, duplicates counted once."
    return words


def _tell_finds(figures: Mapping[str, Mapping[str, Any]], together: Mapping[str, Any]) -> str:
    n_found = int(together["n_candidates"])
    if len(figures) < 2 or not n_found:
        return ""
    n_again = n_found - int(together["n_alone"])
    return f"{tell_share(n_again, n_found, 'candidate', 'was', 'were')} found by more than one search."


def tell_rule(figures: Mapping[str, Mapping[str, Any]], config: Mapping[str, Any]) -> str:
    """Return the rule to stop reading hits, and in which searches it held; `figures` are their counts."""
    rule = config.get("search", {}).get("stop_after")
    if rule is None:
        return "The protocol states no rule to stop reading hits."
    held = [int(row["stopped_at"]) for row in figures.values() if row["stopped_at"] is not None]
    new = f"new {rule['of'].removesuffix('s')}" if rule["of"] == "candidates" else "newly included candidate"
    most = f"at most {count_things(rule['new'], new)}" if rule["new"] else f"no {new}"
    words = f"The rule to stop, {count_things(rule['hits'], 'hit')} in a row with {most}, held in "
    words += count_among(len(held), len(figures), "search")
    after = join_words([f"{n:,}" for n in sorted(held)])
    return f"{words}, after {after} {agree(len(held), 'hit', 'hits')}." if held else f"{words}."


def _tell_estimates(frames: Frames) -> list[str]:
    rows = list_records(frames["search_estimates"])
    return [*map(_tell_estimate, rows), *([LIMITS] if any(row["value"] is not None for row in rows) else [])]


def _tell_estimate(row: Mapping[str, Any]) -> str:
    thing = THINGS[row["scope"]]
    if row["value"] is None:
        return f"How many {thing}s no search found cannot be estimated: {row['why_none']}."
    searches = count_things(int(row["n_searches"]), "search")
    span = (
        f", 95 % interval {row['low']:.1f} to {row['high']:.1f}" if row["low"] is not None else f"; {row['why_none']}"
    )
    return (
        f"By the overlap of {searches}, which found {count_things(int(row['n_found']), thing)}, there are about "
        f"{row['value']:.1f} ({METHODS[row['method']]}{span})."
    )
