"""The replication package described as an RO-Crate: the workflow, its inputs, and what a run of it gave.

References
----------
RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Workflow Run Crate 0.5, https://w3id.org/ro/wfrun/workflow/0.5; Workflow
RO-Crate 1.0, https://w3id.org/workflowhub/workflow-ro-crate/1.0.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from graylit.exports.citation import KEYWORDS, About
from graylit.exports.crate_people import (
    PROGRAM_ID,
    Entity,
    describe_authors,
    describe_program,
    describe_works,
    name_author,
    name_entity,
    name_organization,
    refer,
)
from graylit.exports.deciding import describe_models
from graylit.exports.works import DOI
from graylit.study.authors import SPDX

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
            "conformsTo": refer(
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
        *describe_authors(about.authors),
        *describe_program(about.program),
        *describe_works(about.goes_back_to),
        *describe_models(about.models, files, name_entity, _name_file),
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


def _list_under(folders: Mapping[str, str], files: Iterable[str]) -> dict[str, list[str]]:
    """Return the files under each folder, folders without files left out."""
    under = {folder: [file for file in files if file.startswith(f"{folder}/")] for folder in folders}
    return {folder: found for folder, found in under.items() if found}


def _describe_root(about: About, files: Iterable[str]) -> Entity:
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.description,
        "version": about.version or about.date,
        "keywords": ", ".join(KEYWORDS),
        "datePublished": about.date,
        "license": {"@id": SPDX + about.licence},
        "conformsTo": refer(PROFILES),
        "hasPart": refer(map(_name_file, files)),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": [
            {"@id": name_entity("run")},
            {"@id": PROGRAM_ID},
            *({"@id": one["@id"]} for one in describe_models(about.models, (), name_entity, _name_file)),
        ],
    }
    root |= {"author": refer(dict.fromkeys(map(name_author, about.authors)))} if about.authors else {}
    root |= {"citation": refer(work.url for work in about.goes_back_to)} if about.goes_back_to else {}
    return root | ({"identifier": DOI + about.doi} if about.doi else {})


def _describe_workflow(about: About, inputs: Iterable[str], outputs: Iterable[str]) -> Entity:
    return {
        "@id": WORKFLOW,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "Graylit: from sources to guidelines",
        "description": "Replays the review from its decisions and its frozen corpus.",
        "programmingLanguage": {"@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"},
        "license": {"@id": SPDX + about.program.licence},
        "author": {"@id": name_organization(about.program.makers)},
        "version": about.program.version,
        "softwareRequirements": {"@id": PROGRAM_ID},
        "encodingFormat": "text/plain",
        "conformsTo": {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
        "input": refer(_name_parameter(folder) for folder in inputs),
        "output": refer(_name_parameter(folder) for folder in outputs),
    }


def _name_parameter(folder: str) -> str:
    return name_entity("parameter " + folder)


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
        "@id": name_entity("run"),
        "@type": "CreateAction",
        "name": "The run that made the tables",
        "description": "A replay of the review; the same state gives the same tables, so its time is not recorded.",
        "instrument": [{"@id": WORKFLOW}, {"@id": PROGRAM_ID}],
        "object": refer(_name_file(file) for in_folder in inputs.values() for file in in_folder),
        "result": refer(_name_file(file) for in_folder in outputs.values() for file in in_folder),
    }
    return run | ({"agent": refer(dict.fromkeys(map(name_author, about.authors)))} if about.authors else {})


def _describe_file(file: str, parameters: Mapping[str, list[str]], about: About, of_program: Container[str]) -> Entity:
    path = PurePosixPath(file)
    kind = MEDIA_TYPES.get(path.suffix, "text/plain")
    entity: Entity = {"@id": _name_file(file), "@type": "File", "name": path.name, "encodingFormat": kind}
    entity |= {"about": {"@id": "./"}} if file == "README.md" else {}
    entity |= {"license": {"@id": SPDX + about.program.licence}} if file in of_program else {}
    of = [{"@id": _name_parameter(folder)} for folder, in_folder in parameters.items() if file in in_folder]
    return entity | ({"exampleOfWork": of[0]} if of else {})
