"""Pages that are offered to a web archive: which may be, under which addresses they are known, how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from graylit.captures.choosing import list_pages
from graylit.captures.page_keys import page_key
from graylit.collection.gate import ForbiddenAddressError, Gate
from graylit.tables.addresses import host_of
from graylit.tables.rows import Cells


def tell_state(rows: Iterable[Cells]) -> dict[tuple[str, str], Cells]:
    """Return the row in force of each address: the last one."""
    return {(row["source_id"], row["url"]): row for row in rows}


def is_public(url: str) -> bool:
    """Return whether an address may be told to an archive: one of this machine or its network may not."""
    try:
        Gate().admit_literal(host_of(url))
    except (ForbiddenAddressError, OSError, UnicodeError, ValueError):
        return False
    return True


def list_known(captures: Iterable[Cells]) -> dict[tuple[str, str], frozenset[str]]:
    """Return, for each page, the keys of the addresses at which captures found it."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in captures:
        if row["final_url"] and row["sha256"]:
            found.setdefault((row["source_id"], row["url"]), set()).add(page_key(row["final_url"]))
    return {page: frozenset(keys) for page, keys in found.items()}


def describe_state(state: Mapping[tuple[str, str], Cells], sources: Sequence[Cells]) -> str:
    """Return how many addresses stand how, in words."""
    pages = [(page["source_id"], page["url"]) for source in sources for page in list_pages(source)]
    counts = Counter(state[page]["outcome"] if page in state else "not asked" for page in pages)
    return ", ".join(f"{n:,} {outcome.replace('_', ' ')}" for outcome, n in sorted(counts.items()))
