"""Describe what an import of a project coded elsewhere would change, in words for its coder."""

from collections.abc import Iterator

from graylit.exchange.changes import CodingChange
from graylit.exchange.claims import Claim, Span
from graylit.exchange.import_plan import Plan
from graylit.exchange.refi import clean_name
from graylit.exchange.refi_reading import WITHOUT_CODE
from graylit.pages.wording import count_things

MAX_LINES = 200  # of each list; chosen, not measured: what a terminal keeps to scroll back to


def describe_plan(plan: Plan, has_every_coding: bool = False) -> list[str]:
    """Return what an import would do, in lines for its coder; with `has_every_coding` each that is left out, too."""
    project = plan.project
    who = project.users.get(plan.user, "its only user")
    lines = [f"Codings of {who!r} in {plan.asked.qdpx.name}, written by {project.origin or 'a tool'}:"]
    changes = [_describe_change(change, plan) for change in plan.difference.changes]
    lost = [_describe_lost(claim, why, plan) for claim, why in plan.claims.lost]
    left_out = [f"left out    line {line} of project.qde: {why}" for line, why in sorted(plan.claims.left_out)]
    for part in (list(_describe_codes(plan)), changes, lost, left_out if has_every_coding else []):
        shown = part if has_every_coding else part[:MAX_LINES]
        lines += [f"  {line}" for line in shown]
        lines += [f"  … and {len(part) - len(shown)} more; --all lists each"] * (len(part) > len(shown))
    return lines + list(_summarize(plan))


def _describe_lost(claim: Claim, why: str, plan: Plan) -> str:
    return f"not placed  {claim.source_id}  {_name_code(claim.code_id, plan)}: {why}"


def _describe_codes(plan: Plan) -> Iterator[str]:
    """Yield the new codes, and those that have another name in the project."""
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
    """Return a change as one line: its kind, source, place and code, and the row that it replaces."""
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


def _account_codings(plan: Plan) -> str:
    """Return what became of every coding of the project."""
    n_left_out = sum(n for reason, n in plan.claims.skipped.items() if reason != WITHOUT_CODE)
    placed, lost = len(plan.claims.placed), len(plan.claims.lost)
    fates = f"{placed:,} taken over, {lost:,} not placed, {n_left_out:,} left out"
    return f"{count_things(plan.project.n_codings, 'coding')} in the project: {fates}"


def _summarize(plan: Plan) -> Iterator[str]:
    """Yield the counts: what changes, what stays, and what was left out, by reason."""
    counts = plan.difference.count()
    n_new = len({row["code_id"] for row in plan.new_codes.values()})
    changes = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    others = f"{plan.difference.n_same} the same, {len(plan.claims.lost)} not placed"
    yield f"{changes}; {count_things(n_new, 'new code')}; {others}"
    yield _account_codings(plan)
    for reason, n in sorted(plan.difference.kept.items()):
        yield f"  kept: {n} {reason}"
    for reason, n in sorted(plan.claims.skipped.items()):
        yield f"  left out: {n} {reason}"
    if plan.project.sources and not plan.claims.source_ids:
        yield "None of the project's sources, with their texts, is one of this study."
    if counts["removed"] and not plan.difference.n_same:
        yield "None of the coder's codings is in the project. If it is another round, --keep adds without withdrawing."
