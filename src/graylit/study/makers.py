"""Who took the decisions of a review: how many people did, and how many models."""

from __future__ import annotations

from collections import Counter

from graylit.pages.wording import agree, count_things, join_words
from graylit.study.people import list_made, list_people
from graylit.study.study import Study
from graylit.tables.people import MODEL, OF_MODELS, PERSON, UNKNOWN

IN_SHORT = {PERSON: "people", MODEL: "models", UNKNOWN: "unknown makers"}
BY = {PERSON: "people", MODEL: "language models", UNKNOWN: "deciders of whom nothing is known"}


def count_makers(study: Study) -> list[tuple[str, int]]:
    """Return how many decisions people, models and deciders of unknown kind took, in words and numbers."""
    people, counts = list_people(study), Counter[str]()
    for one in list_made(study) if people else []:
        counts[people.get(one.decider, {}).get("kind", UNKNOWN)] += one.n_rows
    return [(words, counts[kind]) for kind, words in IN_SHORT.items() if counts[kind]]


def list_deciders(study: Study) -> list[dict[str, object]]:
    """Return each decider that made rows, with what is known of it and how many rows it made; none if unlisted."""
    counts = Counter[str]()
    for one in list_made(study):
        counts[one.decider] += one.n_rows
    told = ("kind", "roles", "model", "version")
    return [
        {"who": name, **{column: row[column] for column in told}, "n_rows": counts[name]}
        for name, row in list_people(study).items()
        if counts[name]
    ]


def describe_makers(study: Study) -> list[str]:
    """Return how many rows people and models made, and of how many models it is not recorded which; none unlisted."""
    people, made = list_people(study), list_made(study)
    if not people or not made:
        return []
    n_rows, names = Counter[str](), dict[str, set[str]]()
    for one in made:
        kind = people.get(one.decider, {}).get("kind", UNKNOWN)
        n_rows[kind] += one.n_rows
        names.setdefault(kind, set()).add(one.decider)
    parts = [f"{n_rows[kind]:,} by {BY[kind]} ({join_words(sorted(names[kind]))})" for kind in BY if n_rows[kind]]
    decisions = f"{count_things(n_rows.total(), 'decision')} {agree(n_rows.total(), 'was', 'were')} taken"
    return [f"{decisions}: {join_words(parts)}.", *_describe_unrecorded(study, names.get(MODEL, set()))]


def _describe_unrecorded(study: Study, models: set[str]) -> list[str]:
    """Return which models nobody named, and of which nothing else is recorded either; none if all are known."""
    people = list_people(study)
    unnamed = [name for name in sorted(models) if people[name]["model"] == UNKNOWN]
    unsaid = [name for name in unnamed if all(people[name][column] == UNKNOWN for column in OF_MODELS)]
    if not unnamed:
        return []
    if len(unsaid) == len(models) > 1:
        return ["Of none of these models is it recorded which it was, with which settings and prompts, and when."]
    if unsaid == unnamed:
        words = f"Which model {join_words(unsaid)} {agree(len(unsaid), 'was', 'were')}, with which settings and"
        return [f"{words} prompts, and when, is not recorded."]
    which = f"Which model {join_words(unnamed)} {agree(len(unnamed), 'was', 'were')} is not recorded."
    if len(unnamed) == len(models) > 1:
        which = "Of none of these models is it recorded which it was."
    return [
        which,
        *([f"Of {join_words(unsaid)}, settings, prompts and dates are not recorded either."] if unsaid else []),
    ]
