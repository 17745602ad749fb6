"""Counts in words: each with what is counted, in the singular or plural, and what it is a part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

N_NAMED = 8  # ids that a sentence names, so that it stays a line or two: chosen, not measured


def count_things(n: int | str, thing: str) -> str:
    """Return a count with what is counted: '1 source', '1,200 sources'; `thing` is in the singular."""
    return f"{int(n):,} {thing if int(n) == 1 else name_many(thing)}"


def name_many(thing: str) -> str:
    """Return a word in the plural."""
    if thing.endswith("criterion"):
        return f"{thing[:-2]}a"
    if thing.endswith("y") and thing[-2:-1] not in "aeiou":
        return f"{thing[:-1]}ies"
    return f"{thing}es" if thing.endswith(("s", "ch")) else f"{thing}s"


def count_among(n: int, n_all: int, thing: str) -> str:
    """Return a count with what it is a part of: 'all 16 sources', '12 of 16 sources', 'none of the 16 sources'."""
    if n_all == 0:
        return f"no {name_many(thing)}"
    if n == n_all:
        few = {1: f"the only {thing}", 2: f"both {name_many(thing)}"}
        return few.get(n, f"all {count_things(n, thing)}")
    is_none = n == 0 and n_all > 1
    return f"none of the {count_things(n_all, thing)}" if is_none else f"{n:,} of {count_things(n_all, thing)}"


def agree(n: int, singular: str, plural: str) -> str:
    """Return the form of a word that goes with a count."""
    return singular if n == 1 else plural


def count_who(n: int, singular: str, plural: str) -> str:
    """Return a count with what those counted do: '1 was lost', '3 were lost'."""
    return f"{n:,} {agree(n, singular, plural)}"


def tell_share(n: int, n_all: int, thing: str, singular: str, plural: str) -> str:
    """Return how many of all do something, as the start of a sentence: 'All 16 sources have', 'No sources have'."""
    words = count_among(n, n_all, thing)
    return f"{start_sentence(words)} {singular if n == 1 or (n == 0 and n_all) else plural}"


def join_words(parts: Sequence[str]) -> str:
    """Return parts of a sentence as a list in words: 'a, b and c'."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def start_sentence(words: str) -> str:
    """Return words with a capital letter at their start."""
    return words[:1].upper() + words[1:]


def name_some(ids: Iterable[str]) -> str:
    """Return the first ids, and how many more there are."""
    ids = sorted(ids)
    return ", ".join(ids[:N_NAMED]) + (f" and {len(ids) - N_NAMED:,} more" if len(ids) > N_NAMED else "")
