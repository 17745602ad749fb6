"""The config of a study: its keys, their faults, and the columns it adds to the table of sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from graylit.runs.places import NEW_STUDY, SCHEMA
from graylit.study.authors import check_authors
from graylit.tables.conflicts import keep_first_sides, tell_conflicts
from graylit.tables.contracts import Column, Contract
from graylit.tables.faults import Fault, suggest_name
from graylit.tables.sources import SOURCES

if TYPE_CHECKING:
    import jsonschema


CONFIG = "config/config.yaml"
TAKEN = {*SOURCES.names, "year", "variable", "value"}  # columns of sources and of the counts made of them


def sources_contract(config: Mapping[str, Any]) -> Contract:
    """Return the contract of sources.csv with the study's own variables."""
    variables = config.get("variables")
    variables = variables if isinstance(variables, dict) else {}
    return SOURCES.with_columns(
        Column(str(n), "text", str(m), is_required=False, is_name=True) for n, m in variables.items()
    )


def load_config(path: Path) -> dict[str, Any]:
    """Return the config of a study that passed its check."""
    return _lift_seed(yaml.safe_load(path.read_text(encoding="utf-8")))


def load_defaults() -> dict[str, Any]:
    """Return the config that a new study begins with; what is in brackets is still to be filled in."""
    return load_config(NEW_STUDY / "config.yaml")


def read_config(path: Path, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return a study's config as far as it could be read, and its faults."""
    remedy = "config/TABLES.md describes every key"
    try:
        text = path.read_text(encoding="utf-8")
        if conflicts := tell_conflicts(text, file):
            return _read_first_sides(text), conflicts
        config, twice = yaml.safe_load(text), list(_find_twice(yaml.compose(text, Loader=yaml.SafeLoader), file))
    except FileNotFoundError:
        return {}, [Fault(file, "is missing", "the review's choices", "create it; " + remedy)]
    except UnicodeDecodeError:
        return {}, [Fault(file, "is not UTF-8", "UTF-8", "save it again as UTF-8")]
    except OSError as error:
        return {}, [Fault(file, f"cannot be read ({error.strerror})", "a readable file", "look at its permissions")]
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
    ) as error:  # too many digits, or levels
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = f"is not YAML ({getattr(error, 'problem', error)})"
        return {}, [Fault(file, problem, "YAML", "look at the line and the one above it", row=row)]
    if not isinstance(config, dict):
        return {}, [Fault(file, "holds no keys", "the review's choices", remedy)]
    settled = _lift_seed(config)
    faults = _check_schema(settled, file)
    if "seed" in settled and "seed" not in config:  # a fault names the key under which the file has it
        faults = [replace(fault, column="topics.seed") if fault.column == "seed" else fault for fault in faults]
    return settled, [
        *twice,
        *faults,
        *_check_seed(config, file),
        *_check_variables(config, file),
        *check_authors(config),
    ]


def _find_twice(config: yaml.Node | None, file: str) -> Iterator[Fault]:
    """Yield a fault for each key that stands twice beside itself: YAML takes the last, and says nothing."""
    places, seen = [("", config)], set()
    while places:
        place, node = places.pop()
        if not isinstance(node, yaml.MappingNode) or id(node) in seen:
            continue
        seen.add(id(node))  # references may lead to one node again and again
        lines: dict[str, int] = {}
        for key, value in node.value:
            column, line = f"{place}{key.value}", key.start_mark.line + 1
            if column in lines:
                problem = f"stands in row {lines[column]} already, and only the last of the two would count"
                yield Fault(file, problem, "each key once", "keep the one that is right", line, column)
            lines[column] = line
            places.append((f"{column}.", value))


def _read_first_sides(text: str) -> dict[str, Any]:
    """Return a config in conflict as the first side has it, so that the tables can be checked; {} if it is none."""
    try:
        config = yaml.safe_load(keep_first_sides(text))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return _lift_seed(config) if isinstance(config, dict) else {}


def _lift_seed(config: dict[str, Any]) -> dict[str, Any]:
    """Return a config with its seed at the top: configs of earlier versions have it among the settings of topics."""
    topics = config.get("topics")
    if not isinstance(topics, dict) or "seed" not in topics:
        return config
    rest = {key: value for key, value in topics.items() if key != "seed"}
    return {"seed": topics["seed"], **config, "topics": rest}


def _check_schema(settled: dict[str, Any], file: str) -> list[Fault]:
    """Return the faults that the schema finds in a config with its seed at the top."""
    found = _open_schema().iter_errors(settled)
    return [fault for error in sorted(found, key=str) for fault in describe_error(error, file)]


@cache  # to parse the schema takes longer than the rest of a check
def _open_schema() -> jsonschema.Draft202012Validator:
    """Return what checks a config by its schema."""
    import jsonschema  # slow to import, and steps that know of a study's tables read no config

    return jsonschema.Draft202012Validator(yaml.safe_load(SCHEMA.read_text(encoding="utf-8")))


def _check_seed(config: dict[str, Any], file: str) -> list[Fault]:
    """Return a fault if a config has a seed at the top and, as earlier versions had it, another among the topics."""
    topics = config.get("topics")
    if "seed" not in config or not isinstance(topics, dict) or "seed" not in topics:
        return []
    problem, expected = "is a second seed beside the key seed", "one number that all random draws start from"
    return [Fault(file, problem, expected, "remove it, or remove seed", None, "topics.seed", str(topics["seed"]))]


def _check_variables(config: dict[str, Any], file: str) -> list[Fault]:
    """Return a fault for each variable named like another column of the sources or of their counts."""
    variables = config.get("variables")
    names = sorted(TAKEN.intersection(variables if isinstance(variables, dict) else {}))
    problem, expected, remedy = "is the name of another column", "a name of its own", "rename the variable"
    return [Fault(file, problem, expected, remedy, column=f"variables.{name}") for name in names]


def describe_error(error: jsonschema.ValidationError, file: str) -> list[Fault]:
    """Return the faults that an error of a schema stands for."""
    place = ".".join(str(step) for step in error.absolute_path)
    remedy = "config/TABLES.md describes every key"
    if (
        error.validator == "additionalProperties"
        and isinstance(error.schema, Mapping)
        and isinstance(error.instance, Mapping)
    ):
        known, keys = error.schema["properties"], set(error.instance)
        missing_keys = set(error.schema.get("required", [])) - keys or known
        unknown = sorted(str(key) for key in keys - set(known))  # YAML reads `no` and 1 as no words
        return [
            Fault(
                file,
                f"is not a key{suggest_name(key, missing_keys)}",
                ", ".join(known),
                remedy,
                column=".".join(filter(None, [place, key])),
            )
            for key in unknown
        ]
    if error.validator == "required":
        missing = error.message.split("'")[1]
        place = ".".join(filter(None, [place, missing]))
        return [Fault(file, "is missing", "a value", remedy, column=place)]
    rule = "a value of type" if error.validator == "type" else error.validator
    expected = f"{rule} {error.validator_value}"
    return [Fault(file, "is not valid", expected, remedy, column=place, value=str(error.instance))]
