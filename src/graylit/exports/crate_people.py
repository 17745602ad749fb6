"""Who is credited in the crate: the authors, the makers of the program, the study that the review goes back to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from graylit.exports.citation import Program
from graylit.exports.works import Work
from graylit.study.authors import SPDX, Author

PROGRAM_ID = "#graylit"
_GUIDS = uuid.UUID("0f6b7c58-3f0e-5a8e-8a36-2f1d4a9f7f0b")  # never change it: crates out there have ids made of it
Entity = dict[str, Any]


def refer(ids: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """Return references to entities; one alone stands without a list, as RO-Crate recommends."""
    references = [{"@id": entity_id} for entity_id in ids]
    return references[0] if len(references) == 1 else references


def name_entity(words: str) -> str:
    """Return the id of an entity that has no address of its own."""
    return f"#{uuid.uuid5(_GUIDS, words)}"


def name_author(author: Author) -> str:
    """Return the id of an author of the study."""
    return author.orcid or name_entity(author.name)


def name_organization(name: str) -> str:
    """Return the id of an organization."""
    return name_entity("organization " + name)


def describe_authors(authors: Iterable[Author]) -> list[Entity]:
    """Return the authors of the study, and where they work."""
    entities: dict[str, Entity] = {}
    for author in authors:
        kind = "Organization" if author.is_group else "Person"
        entity: Entity = {"@id": name_author(author), "@type": kind, "name": author.name}
        if author.affiliation:
            at = name_organization(author.affiliation)
            entity["affiliation"] = {"@id": at}
            entities[at] = {"@id": at, "@type": "Organization", "name": author.affiliation}
        entities[entity["@id"]] = entity
    return list(entities.values())


def describe_program(program: Program) -> list[Entity]:
    """Return the program that made the tables, and its makers, who are not the study's authors."""
    makers = name_organization(program.makers)
    return [
        {
            "@id": PROGRAM_ID,
            "@type": "SoftwareApplication",
            "name": program.title,
            "softwareVersion": program.version,
            "license": {"@id": SPDX + program.licence},
            "author": {"@id": makers},
        },
        {"@id": makers, "@type": "Organization", "name": program.makers},
    ]


def describe_works(works: Iterable[Work]) -> list[Entity]:
    """Return the works that the review goes back to, and who wrote them."""
    entities: dict[str, Entity] = {}
    for work in works:
        names = [" ".join(filter(None, [given, family])) for family, given in work.authors]
        writers = {name_entity(f"author of {work.url} {name}"): name for name in names}
        entities[work.url] = {
            "@id": work.url,
            "@type": "ScholarlyArticle",
            "name": work.title,
            "author": refer(writers),
            "identifier": work.identifier or work.url,
            "description": work.sentence,
            "datePublished": work.year,
        }
        entities |= {writer: {"@id": writer, "@type": "Person", "name": name} for writer, name in writers.items()}
    return list(entities.values())
