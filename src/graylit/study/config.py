"""The config of a study: its keys, their faults, and the columns it adds to the table of sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from graylit.runs.places import SCHEMA
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
    return SOURCES.with_columns(Column(str(n), "text", str(m), is_required=False) for n, m in variables.items())


def read_config(path: Path, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return a study's config as far as it could be read, and its faults."""
    remedy = "config/TABLES.md describes every key"
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(file, "is missing", "the review's choices", "create it; " + remedy)]
    except UnicodeDecodeError:
        return {}, [Fault(file, "is not UTF-8", "UTF-8", "save it again as UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = f"is not YAML ({getattr(error, 'problem', error)})"
        return {}, [Fault(file, problem, "YAML", "look at the line and the one above it", row=row)]
    if not isinstance(config, dict):
        return {}, [Fault(file, "holds no keys", "the review's choices", remedy)]
    import jsonschema  # slow to import, and steps that know of a study's tables read no config

    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    found = jsonschema.Draft202012Validator(schema).iter_errors(config)
    faults = [fault for error in sorted(found, key=str) for fault in _config_faults(error, file)]
    variables = config.get("variables")
    for name in sorted(TAKEN.intersection(variables if isinstance(variables, dict) else {})):
        problem, expected = "is the name of another column", "a name of its own"
        faults.append(Fault(file, problem, expected, "rename the variable", column=f"variables.{name}"))
    return config, faults


def _config_faults(error: jsonschema.ValidationError, file: str) -> list[Fault]:
    place = ".".join(str(step) for step in error.absolute_path)
    remedy = "config/TABLES.md describes every key"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        wrong = sorted(str(key) for key in set(error.instance) - set(known))  # YAML reads `no` and 1 as no words
        missing = set(error.schema.get("required", [])) - set(error.instance) or known
        names = [".".join(filter(None, [place, name])) for name in wrong]
        return [
            Fault(file, f"is not a key{suggest_name(wrong[i], missing)}", ", ".join(known), remedy, column=names[i])
            for i in range(len(wrong))
        ]
    if error.validator == "required":
        missing = error.message.split("'")[1]
        place = ".".join(filter(None, [place, missing]))
        return [Fault(file, "is missing", "a value", remedy, column=place)]
    expected = {"type": f"a value of type {error.validator_value}"}.get(
        error.validator, f"{error.validator} {error.validator_value}"
    )
    return [Fault(file, "is not valid", expected, remedy, column=place, value=str(error.instance))]
