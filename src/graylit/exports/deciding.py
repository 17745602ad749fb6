"""Who decided, for papers and packages: people and models, with how many rows each made, and models as software."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable
from typing import Any

from graylit.exports.citation import DecidingModel
from graylit.exports.crate_people import refer
from graylit.study.people import list_made, list_people
from graylit.study.study import Study, name_plain
from graylit.tables.people import MODEL

Entity = dict[str, Any]


def list_deciding_models(study: Study) -> tuple[DecidingModel, ...]:
    """Return the models that made rows of a study's tables, in the order of their names."""
    counts, files = _count_rows(study)
    models = sorted((name, row) for name, row in list_people(study).items() if row["kind"] == MODEL and counts[name])
    return tuple(
        DecidingModel(
            name=name,
            model=row["model"],
            version=row["version"],
            settings=row["settings"],
            roles=row["roles"],
            n_rows=counts[name],
            files=tuple(sorted(files[name])),
        )
        for name, row in models
    )


def list_deciders(study: Study) -> list[tuple[str, ...]]:
    """Return who decided: name, kind, roles, model, version, and how many rows they made; none if nobody is listed."""
    counts, _ = _count_rows(study)
    told = ("decider", "kind", "roles", "model", "version")
    people = list_people(study).items()
    return [(*(row[name] for name in told), f"{counts[who]:,}") for who, row in people if counts[who]]


def _count_rows(study: Study) -> tuple[Counter[str], dict[str, set[str]]]:
    counts, files = Counter[str](), defaultdict[str, set[str]](set)
    for one in list_made(study):
        counts[one.decider] += one.n_rows
        files[one.decider].add(name_plain(one.file))
    return counts, files


def describe_models(
    models: Iterable[DecidingModel],
    files: Container[str],
    name_id: Callable[[str], str],
    name_file: Callable[[str], str],
) -> list[Entity]:
    """Return each model that decided as an entity of an RO-Crate, and the action by which it made its rows."""
    entities: list[Entity] = []
    for model in models:
        made = refer(name_file(file) for file in model.files if file in files)
        described = f"Language model that decided under the name {model.name} as {model.roles}; {model.settings}"
        software = {"@id": name_id(f"model {model.name}"), "@type": "SoftwareApplication"}
        action = {"@id": name_id(f"decisions of {model.name}"), "@type": "CreateAction"}
        entities += [
            {
                **software,
                "name": f"{model.name}: {model.model}",
                "softwareVersion": model.version,
                "description": described,
            },
            {
                **action,
                "name": f"Decisions of {model.name}",
                "description": f"{model.n_rows} rows of what the study decided",
                "instrument": {"@id": software["@id"]},
                **({"result": made} if made else {}),
            },
        ]
    return entities
