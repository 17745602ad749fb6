"""What a replication package says of who made it: the study's authors and licence, and the program's apart from them.

References
----------
Citation File Format 1.2.0, https://doi.org/10.5281/zenodo.5171937.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import metadata
from typing import Any

import yaml

from graylit.exports.works import Work
from graylit.study.authors import SPDX, Author

PROGRAM = "graylit"
KEYWORDS = ("gray literature", "gray-literature review", "replication package")
PROGRAM_LICENCE = "src/graylit/LICENSE"  # in a package; the file LICENSE beside it is the study's


@dataclass(frozen=True)
class Program:
    """This program, as those who use it credit it."""

    title: str
    makers: str
    licence: str
    version: str


@dataclass(frozen=True)
class DecidingModel:
    """A language model that decided in the study, as the table of people has it; `files` hold its decisions."""

    name: str
    model: str
    version: str
    settings: str
    roles: str
    n_rows: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """What a package says of the study as a whole, and of the program that made it."""

    title: str
    authors: tuple[Author, ...]
    licence: str  # an identifier of SPDX
    date: str  # of the last decision: the same state gives the same package
    program: Program
    engine: str  # version of Snakemake
    models: tuple[DecidingModel, ...] = ()
    goes_back_to: tuple[Work, ...] = ()
    told: tuple[str, ...] = ()  # paragraphs on who decided and what the study goes back to
    version: str = ""  # that of the published review, if its config says one
    doi: str = ""

    @property
    def description(self) -> str:
        """What is in the package, and what the review is to the study that it goes back to."""
        held = "Replication package of a gray-literature review: decisions, frozen corpus, workflow, tables."
        return " ".join([held, *(work.sentence for work in self.goes_back_to)])


def describe_program() -> Program:
    """Return what this program's own metadata says of it."""
    said = metadata(PROGRAM)
    return Program(f"Graylit: {said['Summary']}", said["Author"], said["License-Expression"], said["Version"])


def format_citation(about: About) -> str:
    """Return how to cite the study, and the program as a work that it used, in the Citation File Format."""
    program = about.program
    cited: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this review, please cite it as below, and the program and the sources beside it.",
        "type": "dataset",
        "title": about.title,
        "abstract": about.description,
        "authors": name_authors(about.authors),
        "keywords": list(KEYWORDS),
        "version": about.version or about.date,
        **({"doi": about.doi} if about.doi else {}),
        "date-released": about.date,
        "license": about.licence,
        "references": [
            *map(cite_in_cff, about.goes_back_to),
            {
                "type": "software",
                "title": program.title,
                "authors": [{"name": program.makers}],
                "version": program.version,
                "license": program.licence,
            },
        ],
    }
    return yaml.safe_dump(cited, allow_unicode=True, sort_keys=False, width=1000)


def name_authors(authors: Iterable[Author]) -> list[dict[str, str]]:
    """Return the authors of a study as the format has them, each once, as it asks; it has no study without any.

    Each stands under the whole name: which part of it is the family's is not ours to guess.
    """
    named = []
    for author in authors:
        cited = {"name": author.name} | ({"orcid": author.orcid} if author.orcid else {})
        named += [cited] if cited not in named else []
    return named or [{"name": "anonymous"}]


def cite_in_cff(work: Work) -> dict[str, Any]:
    """Return a work that the review goes back to, as the format has references."""
    people = [{"family-names": family} | ({"given-names": given} if given else {}) for family, given in work.authors]
    cited: dict[str, Any] = {"type": "article", "title": work.title, "authors": people}
    named = {"doi": work.doi} if work.doi else {"identifiers": [{"type": "other", "value": work.identifier}]}
    return cited | {"year": int(work.year)} | (named if work.identifier else {}) | {"url": work.url}


def format_licence(about: About) -> str:
    """Return the text of the file LICENSE: what is under which licence in a replication package."""
    owners = ", ".join(author.name for author in about.authors) or "its authors"
    return f"""\
The review "{about.title}" (config, data/frozen, tables), by {owners}:
{about.licence}, {SPDX}{about.licence}

The sources are their publishers'. licences.csv names the licence of each; none of their words are here.

The program Graylit (src, scripts, workflow, and the files beside them), by {about.program.makers}:
{about.program.licence}, in the words of {PROGRAM_LICENCE}
"""
