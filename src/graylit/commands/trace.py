"""`graylit trace`: the way from guidelines to the words they rest on, each link checked."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study
from graylit.tables.faults import name_command


@click.command("trace")
@click.argument("asked_id", metavar="[ID]", default="")
@with_study
def command(folder: Path, asked_id: str) -> None:
    """Follow guidelines to their words and captures.

    ID is a guideline, claim, theme, code, coding or source, such as G07, and shows its chains, with what was read there
    for claims. Without it all are checked and counted, and only those are shown that are broken or could not be
    checked. The exit code is 1 if one is broken.
    """
    from graylit.audit.claim_tracing import describe_claims, select_pairs
    from graylit.audit.tracing import (
        Tracer,
        collect_names,
        describe_chain,
        explain_lack,
        name_unsupported,
        select_evidence,
        summarize_links,
    )
    from graylit.runs.made import require_unaltered, warn_outdated
    from graylit.study.checking import require_study

    if not (folder / "data/processed/evidence.csv").exists():
        remedy = name_command("review")
        raise EndingError(f"The review has not been run here yet, so there is nothing to trace; run: {remedy}")
    study = require_study(folder)
    require_unaltered(folder)
    warn_outdated(folder)
    tracer = Tracer(folder, study)
    pairs = select_pairs(tracer.pairs, asked_id)
    is_of_claim = any(row["claim_id"] == asked_id for row in pairs)
    rows = select_evidence(tracer.evidence, pairs[0]["guideline_id"] if is_of_claim else asked_id)
    rows = rows[rows["coding_id"].isin([row["coding_id"] for row in pairs])] if is_of_claim else rows
    if asked_id and rows.empty:
        raise EndingError(explain_lack(asked_id, study, tracer))
    links = {coding_id: tracer.follow(coding_id) for coding_id in rows["coding_id"].unique()}
    named = [coding_id for coding_id, link in links.items() if link.fault or link.unchecked]
    if (asked_id or named) and not is_of_claim:
        shown = rows if asked_id else rows[rows["coding_id"].isin(named)]
        print(describe_chain(shown, links, collect_names(study)))
    if pairs:
        print(describe_claims(pairs, links, study))
    print(summarize_links(rows, links))
    if not asked_id and (unsupported := name_unsupported(study, tracer.evidence)):
        print(unsupported)
    if any(link.is_frozen for link in links.values()):
        print(f"To follow these to their words, capture the pages: {name_command('collect --all')}, then review")
    if any(link.fault for link in links.values()):
        raise EndingError("")
