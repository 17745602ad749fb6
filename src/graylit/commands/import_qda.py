"""Show what a REFI-QDA project coded elsewhere would change, and add it to a coder's table (`make import-qda`).

Rows are only added: a coding that moved or got another code or memo is a new row that replaces the old one, one that
was removed is a row that withdraws it. Nothing is written without --yes.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from graylit.exchange.changes import CodingChange
from graylit.exchange.claims import Span
from graylit.exchange.import_plan import Asked, Plan, plan_import, write_plan
from graylit.exchange.refi import clean_name
from graylit.study.locks import hold_study, hold_table
from graylit.study.writing import read_clock
from graylit.tables.faults import InputError

MAX_LINES = 200  # of each list shown


def describe_plan(plan: Plan) -> list[str]:
    """Return what an import would do, in lines for its coder."""
    project = plan.project
    who = project.users.get(plan.user, "its only user")
    lines = [f"Codings of {who!r} in {plan.asked.qdpx.name}, written by {project.origin or 'a tool'}:"]
    changes = [_describe_change(change, plan) for change in plan.difference.changes]
    lost = [f"not placed  {one.source_id}  {_name_code(one.code_id, plan)}: {why}" for one, why in plan.claims.lost]
    for part in (list(_describe_codes(plan)), changes, lost):
        lines += [f"  {line}" for line in part[:MAX_LINES]]
        lines += [f"  … and {len(part) - MAX_LINES} more"] * (len(part) > MAX_LINES)
    return lines + list(_summarize(plan))


def _describe_codes(plan: Plan) -> Iterator[str]:
    """Yield the codes that are new, and those that are called otherwise there."""
    for code_id, row in sorted({row["code_id"]: row for row in plan.new_codes.values()}.items()):
        yield f"new code    {code_id}  {row['name']}"
    for guid, code_id in plan.code_of.items():
        there, here = plan.project.codes[guid].name, plan.codebook.get(code_id, {}).get("name", "")
        if here and clean_name(here).casefold() not in there.casefold():
            yield f"same code   {code_id}  {here}, called {there!r} there; the codebook stays as it is"


def _name_code(code_id: str, plan: Plan) -> str:
    names = {row["code_id"]: row["name"] for row in [*plan.codebook.values(), *plan.new_codes.values()]}
    return f"{code_id} {names.get(code_id, '')}".strip()


def _describe_change(change: CodingChange, plan: Plan) -> str:
    """Return a change as one line: what, whose row, where, which code, and what it was."""
    old, new = change.own, change.claim
    source_id, span, code_id = change.key
    line = f"{change.kind:<11} {source_id} {_describe_span(span)}  {_name_code(code_id, plan)}"
    if old is None:
        return line + (f"  (found by {new.method})" if new and new.method != "same_place" else "")
    was = [old.row["coding_id"]]
    was += [_describe_span(old.span)] if new and old.span != new.span else []
    was += [_name_code(old.code_id, plan)] if new and old.code_id != new.code_id else []
    return f"{line}  (was {', '.join(was)})" if new else f"{line}  ({was[0]})"


def _describe_span(span: Span) -> str:
    return f"{span[0]}-{span[1]}" if span else "whole source"


def _summarize(plan: Plan) -> Iterator[str]:
    """Yield the counts: what changes, what stays, and what was left out, by reason."""
    counts = plan.difference.count()
    n_new = len({row["code_id"] for row in plan.new_codes.values()})
    changes = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    yield f"{changes}; {n_new} new codes; {plan.difference.n_same} the same, {len(plan.claims.lost)} not placed"
    for reason, n in sorted(plan.difference.kept.items()):
        yield f"  kept: {n} {reason}"
    for reason, n in sorted(plan.claims.skipped.items()):
        yield f"  left out: {n} {reason}"
    if plan.project.sources and not plan.claims.source_ids:
        yield "None of the project's sources, with their texts, is one of this study."
    if counts["removed"] and not plan.difference.n_same:
        yield "None of the coder's codings is in the project. If it is another round, KEEP=1 adds without withdrawing."


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", type=Path, default=Path())
    parser.add_argument("--qdpx", type=Path, required=True, help="the project coded elsewhere")
    parser.add_argument("--coder", required=True, help="the table of codings it goes to, such as B")
    parser.add_argument("--user", default="", help="whose codings of the project; else the coder's, or its only user's")
    parser.add_argument("--round", default="", help="the round of coding of new rows; 1 where nothing is said")
    parser.add_argument("--keep", action="store_true", help="withdraw nothing that the project lacks")
    parser.add_argument("--yes", action="store_true", help="add the rows; without it they are only shown")
    arguments = parser.parse_args()
    asked = Asked(arguments.qdpx, arguments.coder, arguments.user, arguments.round, arguments.keep)
    try:
        if arguments.yes:
            with hold_study(arguments.study), hold_table(arguments.study, asked.coder):
                plan = plan_import(arguments.study, asked, read_clock())
                write_plan(arguments.study, plan)
        else:
            plan = plan_import(arguments.study, asked, read_clock())
    except InputError as error:
        sys.exit(str(error))
    print("\n".join(describe_plan(plan)))
    if not plan.files:
        print("Nothing to add.")
    elif arguments.yes:
        print(f"Rows added to {', '.join(sorted(plan.files))}; `make review` takes them up.")
    else:
        print("Nothing was written. To add these rows: the same command with YES=1.")
