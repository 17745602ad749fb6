"""The search strategy by the sixteen items of PRISMA-S, as far as the tables tell them.

What no table holds is listed as not stated, so that the authors see what is left for them to write.

References
----------
Rethlefsen et al. 2021, PRISMA-S: an extension to the PRISMA statement for reporting literature searches in systematic
reviews, doi:10.1186/s13643-020-01542-z.
"""

from __future__ import annotations

from collections import Counter

from graylit.pages.wording import agree, count_among, count_things, count_who, join_words, start_sentence
from graylit.report.frames import Frames, Records
from graylit.tables.rows import list_rows
from graylit.tables.search_figures import TOGETHER

NAMES = (
    "Database name",
    "Searching several databases at once",
    "Study registries",
    "Online resources and browsing",
    "Citation searching",
    "Contacts",
    "Other methods",
    "Full search strategies",
    "Limits and restrictions",
    "Search filters",
    "Prior work",
    "Updates",
    "Dates of searches",
    "Peer review",
    "Total records",
    "Deduplication",
)
UNNAMED = "a place that is not stated"


def list_items(frames: Frames, log: Records) -> Records:
    """Return each item with what the tables tell of it; '' if they tell nothing."""
    told = {
        4: _tell_places([row for row in log if row["way"] != "citation"]),
        5: _tell_places([row for row in log if row["way"] == "citation"]),
        8: _tell_share(log, "query", "gives its query letter by letter", "give their query letter by letter"),
        9: _tell_limits(log),
        12: _tell_repeats(log),
        13: _tell_share(log, "searched_at", "has a date", "have a date"),
        15: _tell_records(log),
        16: _tell_duplicates(frames, log),
    }
    return [{"number": number, "name": name, "told": told.get(number, "")} for number, name in enumerate(NAMES, 1)]


def _tell_places(log: Records) -> str:
    """Return where searches were made, and how often in each place."""
    places = Counter(row["engine"] or UNNAMED for row in log)
    named = [f"{place} ({n:,})" for place, n in sorted(places.items())]
    return f"{count_things(len(log), 'search')}: {join_words(named)}." if log else ""


def _tell_share(log: Records, column: str, singular: str, plural: str) -> str:
    """Return how many searches fill a column; '' if none does."""
    n = sum(bool(row[column]) for row in log)
    return f"{start_sentence(count_among(n, len(log), 'search'))} {agree(n, singular, plural)}." if n else ""


def _tell_limits(log: Records) -> str:
    """Return the regions and languages that engines were asked for."""
    parts = []
    for column in ("region", "language"):
        named = Counter(row[column] for row in log if row[column])
        if named:
            parts.append(f"{column}: {join_words([f'{name} ({n:,})' for name, n in sorted(named.items())])}")
    return f"{start_sentence('; '.join(parts))}." if parts else ""


def _tell_repeats(log: Records) -> str:
    """Return how many questions were asked more than once; '' if none was."""
    asked = Counter((row["engine"], row["query"], row["region"], row["language"]) for row in log if row["query"])
    n_again = sum(n > 1 for n in asked.values())
    return f"{count_who(n_again, 'query was', 'queries were')} asked more than once." if n_again else ""


def _tell_records(log: Records) -> str:
    n_hits = sum(entry["counts"]["n_hits"] for entry in log)
    return (
        f"{count_things(n_hits, 'hit')} {agree(n_hits, 'is', 'are')} recorded, search by search above."
        if n_hits
        else ""
    )


def _tell_duplicates(frames: Frames, log: Records) -> str:
    """Return how hits became candidates."""
    together = {row["search_id"]: row for row in list_rows(frames["search_counts"])}[TOGETHER]
    n_kept = int(together["n_hits"]) - int(together["n_left_out"])
    if not n_kept:
        return ""
    n_pages = int(together["n_candidates"])
    found = f"{count_things(n_kept, 'hit')} of candidates {agree(n_kept, 'leads', 'lead')}"
    return (
        f"{found} to {count_things(n_pages, 'page')}: addresses of one page are one candidate, and so are those that "
        "people decided to be the same."
    )
