"""What a replication package says of who made it: the study's authors and licence, and the program's apart from them.

References
----------
Citation File Format 1.2.0, https://doi.org/10.5281/zenodo.5171937.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import metadata
from typing import Any

import yaml

from graylit.study.authors import SPDX, Author

PROGRAM = "graylit"
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
        "authors": [_name_author(author) for author in about.authors] or [{"name": "anonymous"}],
        "date-released": about.date,
        "license": about.licence,
        "references": [
            {
                "type": "software",
                "title": program.title,
                "authors": [{"name": program.makers}],
                "version": program.version,
                "license": program.licence,
            }
        ],
    }
    return yaml.safe_dump(cited, allow_unicode=True, sort_keys=False, width=1000)


def _name_author(author: Author) -> dict[str, str]:
    """Return an author under the whole name: which part of it is the family's is not ours to guess."""
    return {"name": author.name} | ({"orcid": author.orcid} if author.orcid else {})


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
