"""The replication package described as an RO-Crate: the workflow, its inputs, and what a run of it gave.

References
----------
RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Workflow Run Crate 0.5, https://w3id.org/ro/wfrun/workflow/0.5; Workflow
RO-Crate 1.0, https://w3id.org/workflowhub/workflow-ro-crate/1.0.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

METADATA = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
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


@dataclass(frozen=True)
class About:
    """What the crate says of the study as a whole."""

    title: str
    authors: tuple[str, ...]
    licence: str
    date: str  # of the last decision: the same state gives the same crate
    version: str  # of this program
    engine: str  # version of Snakemake


def format_crate(about: About, files: Iterable[str]) -> bytes:
    """Return the crate's metadata for a package of these files."""
    return (json.dumps(describe_crate(about, sorted(files)), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def describe_crate(about: About, files: list[str]) -> Entity:
    """Return the crate's metadata as JSON-LD."""
    authors = [{"@id": f"#{uuid.uuid5(_GUIDS, name)}", "@type": "Organization", "name": name} for name in about.authors]
    inputs, outputs = _list_under(INPUTS, files), _list_under(OUTPUTS, files)
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": _refer(
                ["https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0"]
            ),
        },
        _describe_root(about, files, authors),
        _describe_workflow(about, inputs, outputs),
        *_describe_parameters(inputs, outputs),
        _describe_run(authors, inputs, outputs),
        {
            "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
            "@type": "ComputerLanguage",
            "name": "Snakemake",
            "alternateName": "Snakemake",
            "identifier": {"@id": "https://doi.org/10.1093/bioinformatics/bts480"},
            "url": {"@id": "https://snakemake.readthedocs.io"},
            "version": about.engine,
        },
        {"@id": about.licence, "@type": "CreativeWork", "name": about.licence.rsplit("/", 1)[-1]},
        *authors,
        *(
            {"@id": profile, "@type": "CreativeWork", "name": name, "version": version}
            for profile, (name, version) in PROFILES.items()
        ),
        *(_describe_file(file, {**inputs, **outputs}) for file in files if file != WORKFLOW),
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _refer(ids: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """Return references to entities; one alone stands without a list, as RO-Crate recommends."""
    references = [{"@id": entity_id} for entity_id in ids]
    return references[0] if len(references) == 1 else references


def _list_under(folders: Mapping[str, str], files: Iterable[str]) -> dict[str, list[str]]:
    """Return the files under each folder, folders without files left out."""
    under = {folder: [file for file in files if file.startswith(f"{folder}/")] for folder in folders}
    return {folder: found for folder, found in under.items() if found}


def _describe_root(about: About, files: Iterable[str], authors: list[Entity]) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": "Replication package of a gray-literature review: decisions, frozen corpus, workflow, tables.",
        "datePublished": about.date,
        "license": {"@id": about.licence},
        "author": _refer(author["@id"] for author in authors),
        "publisher": {"@id": authors[0]["@id"]},
        "conformsTo": _refer(PROFILES),
        "hasPart": _refer(files),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": {"@id": f"#{uuid.uuid5(_GUIDS, 'run')}"},
    }


def _describe_workflow(about: About, inputs: Iterable[str], outputs: Iterable[str]) -> Entity:
    return {
        "@id": WORKFLOW,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "Graylit: from sources to guidelines",
        "description": "Replays the review from its decisions and its frozen corpus.",
        "programmingLanguage": {"@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"},
        "license": {"@id": about.licence},
        "version": about.version,
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


def _describe_run(authors: list[Entity], inputs: Mapping[str, list[str]], outputs: Mapping[str, list[str]]) -> Entity:
    return {
        "@id": f"#{uuid.uuid5(_GUIDS, 'run')}",
        "@type": "CreateAction",
        "name": "The run that made the tables",
        "description": "A replay of the review; the same state gives the same tables, so its time is not recorded.",
        "agent": {"@id": authors[0]["@id"]},
        "instrument": {"@id": WORKFLOW},
        "object": _refer(file for in_folder in inputs.values() for file in in_folder),
        "result": _refer(file for in_folder in outputs.values() for file in in_folder),
    }


def _describe_file(file: str, parameters: Mapping[str, list[str]]) -> Entity:
    path = PurePosixPath(file)
    kind = MEDIA_TYPES.get(path.suffix, "text/plain")
    entity: Entity = {"@id": file, "@type": "File", "name": path.name, "encodingFormat": kind}
    entity |= {"about": {"@id": "./"}} if file == "README.md" else {}
    of = [{"@id": _name_parameter(folder)} for folder, in_folder in parameters.items() if file in in_folder]
    return entity | ({"exampleOfWork": of[0]} if of else {})
