"""Numbers of who decided: people and models, and how many decisions each took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graylit.pages.number_forms import Number, count, join_name
from graylit.report.numbers.tabulating import block, escape_words, format_table
from graylit.study.makers import IN_SHORT, count_makers
from graylit.study.people import list_made, list_people
from graylit.study.study import Study
from graylit.tables.people import MODEL, OF_MODELS, PERSON, UNKNOWN


def list_numbers(study: Study) -> Iterator[Number]:
    """Yield how many decisions were taken by whom, how many deciders are listed, and tables of both."""
    makers, people, n_rows = count_makers(study), list_people(study), Counter[str]()
    for made in list_made(study):
        n_rows[made.decider] += made.n_rows
    counted = dict(makers)
    yield count("decisions", sum(counted.values()), "decisions of deciders that are listed: their rows in all tables")
    yield count("deciders", len(people), f"deciders that are listed: {PERSON}, {MODEL} or {UNKNOWN}")
    for kind, words in IN_SHORT.items():
        name = words.replace(" ", "_")
        n_listed = sum(row["kind"] == kind for row in people.values())
        yield count(f"decisions.{name}", counted.get(words, 0), f"decisions by {words}")
        yield count(f"deciders.{name}", n_listed, f"deciders that are {words}")
    models = [row for row in people.values() if row["kind"] == MODEL]
    n_unsaid = sum(all(row[column] == UNKNOWN for column in OF_MODELS) for row in models)
    yield count("deciders.models.unrecorded", n_unsaid, "models of which nothing is recorded")
    for decider, row in people.items():
        meaning = f"decisions of {decider} ({row['kind']}; {row['roles']})"
        yield count(join_name("decisions", "of", decider), n_rows[decider], meaning)
    yield block("table.decisions", format_table(("taken by", "decisions"), makers, n_words=1), "decisions by kind")
    rows = [
        (escape_words(decider), row["kind"], row["roles"], escape_words(row["model"]) or "–", n_rows[decider])
        for decider, row in people.items()
        if n_rows[decider]
    ]
    head = ("who", "kind", "roles", "model", "decisions")
    yield block("table.deciders", format_table(head, rows, n_words=4), "who decided, with what, and how many decisions")
