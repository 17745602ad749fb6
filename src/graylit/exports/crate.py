"""The replication package described as an RO-Crate: the workflow, its inputs, and what a run of it gave.

References
----------
RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Workflow Run Crate 0.5, https://w3id.org/ro/wfrun/workflow/0.5; Workflow
RO-Crate 1.0, https://w3id.org/workflowhub/workflow-ro-crate/1.0.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Container, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from graylit.exports.citation import About
from graylit.exports.deciding import describe_models
from graylit.study.authors import SPDX, Author

METADATA = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
PROGRAM_ID = "#graylit"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown", ".yaml": "application/yaml"}
# What goes in and what comes out: folder, its name for people.
INPUTS = {"config": "what people decided", "data/frozen": "the frozen corpus"}
OUTPUTS = {"tables": "the tables that the run made"}
_GUIDS = uuid.UUID("0f6b7c58-3f0e-5a8e-8a36-2f1d4a9f7f0b")  # never change it: crates out there have ids made of it
Entity = dict[str, Any]


def format_crate(about: About, files: Iterable[str], of_program: Iterable[str]) -> bytes:
    """Return the crate's metadata for a package of these files, some of which are the program's."""
    described = describe_crate(about, sorted(files), frozenset(of_program))
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def describe_crate(about: About, files: list[str], of_program: Container[str]) -> Entity:
    """Return the crate's metadata as JSON-LD."""
    decided = [file for file in files if file not in of_program]
    inputs, outputs = _list_under(INPUTS, decided), _list_under(OUTPUTS, decided)
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": _refer(
                ["https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0"]
            ),
        },
        _describe_root(about, files),
        _describe_workflow(about, inputs, outputs),
        *_describe_parameters(inputs, outputs),
        _describe_run(about, inputs, outputs),
        {
            "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
            "@type": "ComputerLanguage",
            "name": "Snakemake",
            "alternateName": "Snakemake",
            "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
            "url": {"@id": "https://snakemake.readthedocs.io"},
            "version": about.engine,
        },
        *(
            {"@id": SPDX + licence, "@type": "CreativeWork", "name": licence}
            for licence in sorted({about.licence, about.program.licence})
        ),
        *_describe_authors(about.authors),
        *_describe_program(about),
        *describe_models(about.models, files, _name_entity, _name_file),
        *(
            {"@id": profile, "@type": "CreativeWork", "name": name, "version": version}
            for profile, (name, version) in PROFILES.items()
        ),
        *(_describe_file(file, {**inputs, **outputs}, about, of_program) for file in files if file != WORKFLOW),
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _name_file(file: str) -> str:
    """Return the id of a file: its path as an IRI has it, so that spaces and other letters are encoded."""
    return quote(file)


def _name_author(author: Author) -> str:
    return author.orcid or f"#{uuid.uuid5(_GUIDS, author.name)}"


def _name_organization(name: str) -> str:
    return f"#{uuid.uuid5(_GUIDS, 'organization ' + name)}"


def _describe_authors(authors: Iterable[Author]) -> list[Entity]:
    """Return the authors of the study, and where they work."""
    entities: dict[str, Entity] = {}
    for author in authors:
        kind = "Organization" if author.is_group else "Person"
        entity: Entity = {"@id": _name_author(author), "@type": kind, "name": author.name}
        if author.affiliation:
            at = _name_organization(author.affiliation)
            entity["affiliation"] = {"@id": at}
            entities[at] = {"@id": at, "@type": "Organization", "name": author.affiliation}
        entities[entity["@id"]] = entity
    return list(entities.values())


def _describe_program(about: About) -> list[Entity]:
    """Return the program that made the tables, and its makers, who are not the study's authors."""
    program, makers = about.program, _name_organization(about.program.makers)
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


def _name_entity(words: str) -> str:
    return f"#{uuid.uuid5(_GUIDS, words)}"


def _refer(ids: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """Return references to entities; one alone stands without a list, as RO-Crate recommends."""
    references = [{"@id": entity_id} for entity_id in ids]
    return references[0] if len(references) == 1 else references


def _list_under(folders: Mapping[str, str], files: Iterable[str]) -> dict[str, list[str]]:
    """Return the files under each folder, folders without files left out."""
    under = {folder: [file for file in files if file.startswith(f"{folder}/")] for folder in folders}
    return {folder: found for folder, found in under.items() if found}


def _describe_root(about: About, files: Iterable[str]) -> Entity:
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": "Replication package of a gray-literature review: decisions, frozen corpus, workflow, tables.",
        "datePublished": about.date,
        "license": {"@id": SPDX + about.licence},
        "conformsTo": _refer(PROFILES),
        "hasPart": _refer(map(_name_file, files)),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": [
            {"@id": f"#{uuid.uuid5(_GUIDS, 'run')}"},
            {"@id": PROGRAM_ID},
            *({"@id": one["@id"]} for one in describe_models(about.models, (), _name_entity, _name_file)),
        ],
    }
    return root | ({"author": _refer(map(_name_author, about.authors))} if about.authors else {})


def _describe_workflow(about: About, inputs: Iterable[str], outputs: Iterable[str]) -> Entity:
    return {
        "@id": WORKFLOW,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "Graylit: from sources to guidelines",
        "description": "Replays the review from its decisions and its frozen corpus.",
        "programmingLanguage": {"@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"},
        "license": {"@id": SPDX + about.program.licence},
        "author": {"@id": _name_organization(about.program.makers)},
        "version": about.program.version,
        "softwareRequirements": {"@id": PROGRAM_ID},
        "encodingFormat": "text/plain",
        "conformsTo": {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
        "input": _refer(_name_parameter(folder) for folder in inputs),
        "output": _refer(_name_parameter(folder) for folder in outputs),
    }


def _name_parameter(folder: str) -> str:
    return f"#{uuid.uuid5(_GUIDS, 'parameter ' + folder)}"


def _describe_parameters(inputs: Iterable[str], outputs: Iterable[str]) -> list[Entity]:
    names = {**INPUTS, **OUTPUTS}
    return [
        {
            "@id": _name_parameter(folder),
            "@type": "FormalParameter",
            "name": folder,
            "description": names[folder],
            "additionalType": "File",
            "conformsTo": {"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"},
        }
        for folder in [*inputs, *outputs]
    ]


def _describe_run(about: About, inputs: Mapping[str, list[str]], outputs: Mapping[str, list[str]]) -> Entity:
    run = {
        "@id": f"#{uuid.uuid5(_GUIDS, 'run')}",
        "@type": "CreateAction",
        "name": "The run that made the tables",
        "description": "A replay of the review; the same state gives the same tables, so its time is not recorded.",
        "instrument": [{"@id": WORKFLOW}, {"@id": PROGRAM_ID}],
        "object": _refer(_name_file(file) for in_folder in inputs.values() for file in in_folder),
        "result": _refer(_name_file(file) for in_folder in outputs.values() for file in in_folder),
    }
    return run | ({"agent": _refer(map(_name_author, about.authors))} if about.authors else {})


def _describe_file(file: str, parameters: Mapping[str, list[str]], about: About, of_program: Container[str]) -> Entity:
    path = PurePosixPath(file)
    kind = MEDIA_TYPES.get(path.suffix, "text/plain")
    entity: Entity = {"@id": _name_file(file), "@type": "File", "name": path.name, "encodingFormat": kind}
    entity |= {"about": {"@id": "./"}} if file == "README.md" else {}
    entity |= {"license": {"@id": SPDX + about.program.licence}} if file in of_program else {}
    of = [{"@id": _name_parameter(folder)} for folder, in_folder in parameters.items() if file in in_folder]
    return entity | ({"exampleOfWork": of[0]} if of else {})
