"""What the ACM's badges ask of a replication package, criterion by criterion, filled in from what was measured.

Nothing is claimed that the package, its last review or its last trial does not show; what is not met is said.

References
----------
ACM, Artifact Review and Badging, version 1.1, https://www.acm.org/publications/policies/artifact-review-and-badging-current.
The criteria are named in our words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graylit.comparison.verdict import conclude
from graylit.exports.cards import escape_markdown
from graylit.exports.citation import About
from graylit.exports.llm_checklist import read_record
from graylit.exports.opening import count_packages
from graylit.pages.wording import count_things
from graylit.study.study import Study
from graylit.tables.people import MODEL, UNKNOWN
from graylit.tables.rows import Cells

FILE = "BADGES.md"
MET, IN_PART, NOT_MET = "met", "in part", "NOT MET"
AVAILABLE, FUNCTIONAL = "Artifacts Available", "Artifacts Evaluated: Functional"
REUSABLE, REPRODUCED = "Artifacts Evaluated: Reusable", "Results Reproduced"
HOW_ARCHIVED = (
    "No DOI is stated. Reserve one at an archive such as Zenodo (`.zenodo.json` has the metadata), write it into "
    "`config/config.yaml` as `doi`, export again, and upload the package"
)
HOW_TRIED = "Not tried in an empty folder since it was made; `graylit export package --try` does, and fills this in"
OTHERS = (
    "No replay by others is on record. Each replay adds a row to `results/replays.csv`, with minutes and verdict: send "
    "it to the authors"
)


class Criterion(NamedTuple):
    """What a badge asks, how the package stands to it, and what shows that."""

    badge: str
    asked: str
    standing: str
    shown: str


@dataclass(frozen=True)
class Packed:
    """What is known of a package when its badges are filled in."""

    study: Study
    about: About
    files: Mapping[str, bytes]
    verdict: Sequence[Cells]  # of the last review, table by table
    trial: Cells  # of this very package; empty if it was not tried


def fill_badges(packed: Packed) -> list[Criterion]:
    """Return every criterion with how the package stands to it."""
    return [*_fill_available(packed), *_fill_functional(packed), *_fill_reusable(packed), *_fill_reproduced(packed)]


def _fill_available(packed: Packed) -> list[Criterion]:
    about, sources = packed.about, packed.study.sources.cells
    doi = f"DOI {escape_markdown(about.doi)}, as the config states it; whether it leads here was not asked"
    n_unstated = sum(row["licence"] in ("", "NOASSERTION") for row in sources)
    licences = (
        f"{about.licence} for the review, {about.program.licence} for the program (LICENSE); licences.csv has those of "
        f"the sources, {count_things(n_unstated, 'one') if n_unstated == 1 else f'{n_unstated:,}'} of {len(sources):,} "
        "not stated"
    )
    named = escape_markdown(about.version or about.date)
    version = f"Version {named}; SHA256SUMS has the digest of each of {len(packed.files):,} files"
    return [
        Criterion(
            AVAILABLE, "in a public archive for good", MET if about.doi else NOT_MET, doi if about.doi else HOW_ARCHIVED
        ),
        Criterion(AVAILABLE, "one fixed version", MET, version),
        Criterion(AVAILABLE, "a licence that allows use", MET if about.licence else NOT_MET, licences),
    ]


def _fill_functional(packed: Packed) -> list[Criterion]:
    return [
        Criterion(FUNCTIONAL, "documented", MET, _tell_documented(packed)),
        _judge_consistent(packed),
        _judge_complete(packed),
        _judge_exercisable(packed.trial),
    ]


def _tell_documented(packed: Packed) -> str:
    resources = json.loads(packed.files["tables/datapackage.json"])["resources"]
    fields = [field for resource in resources for field in resource["schema"]["fields"]]
    n_told = sum(bool(field.get("description")) for field in fields)
    protocol = ", config/protocol.md the method" if "config/protocol.md" in packed.files else ""
    return (
        f"README.md maps the folder{protocol}, config/README.md is the manual; datapackage.json tells the meaning of "
        f"{n_told:,} of {count_things(len(fields), 'column')} in {count_things(len(resources), 'table')}"
    )


def _judge_consistent(packed: Packed) -> Criterion:
    asked = "consistent with what is published"
    if not packed.verdict:
        return Criterion(FUNCTIONAL, asked, NOT_MET, "No tables were released to hold a review against: graylit freeze")
    is_same = all(row["verdict"] == "same" for row in packed.verdict)
    said = "The last review of the authors: " + escape_markdown(conclude(packed.verdict)[1])
    return Criterion(FUNCTIONAL, asked, MET if is_same else NOT_MET, said)


def _judge_complete(packed: Packed) -> Criterion:
    record = read_record(packed.study, {})
    n_unknown = sum(
        sum(counts.values()) for name, counts in record.counts.items() if record.models[name]["model"] == UNKNOWN
    )
    n_sources = len(packed.study.sources.cells)
    lacks = []
    if packed.study.config["has_texts"]:
        lacks.append(
            f"the texts of {count_things(n_sources, 'source')} (their publishers'), so extraction is not repeated"
        )
    if n_unknown:
        n_all = record.n_by_kind.get(MODEL, 0)
        lacks.append(
            f"the names of the models that took {n_unknown:,} of {count_things(n_all, 'decision')} by models, which "
            "can be read and not taken again"
        )
    if not record.n_by_kind:
        lacks.append("who decided: config/people.csv lists nobody")
    said = "Every decision and the program are in it" + (f". Not in it: {'; '.join(lacks)}" if lacks else "")
    return Criterion(FUNCTIONAL, "complete, as far as possible", IN_PART if lacks else MET, said)


def _judge_exercisable(trial: Cells) -> Criterion:
    asked = "exercisable"
    if not trial:
        return Criterion(FUNCTIONAL, asked, IN_PART, HOW_TRIED)
    minutes = (int(trial["set_up_s"]) + int(trial["review_s"])) / 60
    parts = f"{trial['set_up_s']} s of set-up, {trial['review_s']} s of review"
    said = (
        f"`python3 replay.py` in an empty folder with an empty home, {trial['replayed_at']}, {trial['python']}, "
        f"{escape_markdown(trial['machine'])}: {trial['n_same']} of {trial['n_tables']} tables the same after "
        f"{minutes:.1f} minutes ({parts}), exit code {trial['exit_code']}"
    )
    return Criterion(FUNCTIONAL, asked, MET if trial["exit_code"] == "0" else NOT_MET, said)


def _fill_reusable(packed: Packed) -> list[Criterion]:
    n_packages = count_packages(packed.files["environment.yml"].decode("utf-8"))
    n_scripts = sum(file.startswith("scripts/") for file in packed.files)
    return [
        Criterion(
            REUSABLE, "more than the least of documentation and order", MET,
            f"Each of {count_things(n_scripts, 'step')} is a script of its rule's name; config/TABLES.md describes "
            "every table and every key of the config",
        ),
        Criterion(
            REUSABLE, "standards of the community", MET,
            "CSV with a Frictionless data package, RO-Crate (Workflow Run 0.5, Workflow RO-Crate 1.0), CITATION.cff, "
            "Snakemake, SPDX licences; Graylit's make test-crate has their validators judge them",
        ),
        Criterion(
            REUSABLE, "exact environment", MET,
            f"{count_things(n_packages, 'package')} by version (uv.lock with digests, environment.yml for conda), "
            f"Snakemake {packed.about.engine}, Graylit {packed.about.program.version}, Python 3.11 to 3.13, Linux or "
            "macOS",
        ),
        Criterion(
            REUSABLE, "can be put to other uses", MET,
            "Sources can be swapped and decisions changed (config/README.md), and `python3 replay.py --as-is` shows "
            "what changes; `.venv/bin/graylit new` begins another review",
        ),
        Criterion(REUSABLE, "tests of the program", NOT_MET, "They are in Graylit's repository, not in this package"),
    ]  # fmt: skip


def _fill_reproduced(packed: Packed) -> list[Criterion]:
    related = " ".join(escape_markdown(work.sentence) for work in packed.about.goes_back_to)
    return [
        Criterion(REPRODUCED, "by others than the authors, with these artifacts", NOT_MET, OTHERS),
        Criterion(
            "Results Replicated", "by others, without these artifacts", NOT_MET, f"Not claimed. {related}".strip()
        ),
    ]


def format_badges(packed: Packed) -> str:
    """Return the filled checklist as a page of Markdown."""
    criteria = fill_badges(packed)
    lines = [
        f"# ACM badges: {escape_markdown(packed.about.title)}\n",
        "The criteria of the ACM's *Artifact Review and Badging* 1.1 in our words, filled in by `graylit export` from "
        "the package, the last review and the last trial. Whether a badge is given is for those who evaluate.\n",
    ]
    for badge in dict.fromkeys(one.badge for one in criteria):
        of_badge = [one for one in criteria if one.badge == badge]
        n_met = sum(one.standing == MET for one in of_badge)
        lines += [
            f"## {badge}: {n_met} of {len(of_badge)} met\n",
            "| criterion | standing | what shows it |",
            "|---|---|---|",
        ]
        lines += [f"| {one.asked} | **{one.standing}** | {one.shown} |" for one in of_badge]
        lines.append("")
    return "\n".join(lines)
