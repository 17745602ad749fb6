"""The published study that a review goes back to, as citations and archives name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graylit.study.original import cite_original

DOI = "https://doi.org/"
DOI_FORM = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;.()\[\]-]+")  # that of the Citation File Format


@dataclass(frozen=True)
class Work:
    """A published work that the review goes back to."""

    title: str
    authors: tuple[tuple[str, str], ...]  # family and given names; the latter may be unknown, which is empty
    year: str
    url: str
    identifier: str  # as those write it who look it up: arXiv:2606.00001v1, or the DOI alone
    reference: str  # in one line
    relation: str

    @property
    def doi(self) -> str:
        """The DOI of the work; '' if it is named otherwise."""
        return self.identifier if DOI_FORM.fullmatch(self.identifier) else ""

    @property
    def sentence(self) -> str:
        """What the review is to the work, in sentences."""
        is_other = "replic" not in self.relation.lower()
        return f"Relation to {self.reference}: {self.relation}." + (" It is no replication." if is_other else "")


def list_works(config: Mapping[str, Any]) -> tuple[Work, ...]:
    """Return the works that a config without faults names."""
    original = config.get("original")
    if not original:
        return ()
    return (
        Work(
            title=original["title"],
            authors=tuple(_split_name(name) for name in original["authors"]),
            year=str(original["year"]),
            url=original["url"],
            identifier=write_identifier(original["identifier"]),
            reference=cite_original(original),
            relation=original["relation"].rstrip("."),
        ),
    )


def _split_name(name: str) -> tuple[str, str]:
    family, _, given = (part.strip() for part in name.partition(","))
    return family, given


def write_identifier(identifier: str) -> str:
    """Return an identifier as archives take it: a DOI alone, a number of arXiv behind its name, others as they are."""
    if found := re.search(r"10\.\d{4,9}/\S+", identifier):
        return found[0]
    if found := re.fullmatch(r"arxiv[\s:]*(\S+)", identifier.strip(), re.IGNORECASE):
        return f"arXiv:{found[1]}"
    return identifier
