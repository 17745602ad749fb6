"""The settings of models that decide: config/models/<name>.yaml, one file for each, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from graylit.runs.places import MODEL_SCHEMA
from graylit.study.config import describe_error
from graylit.study.model_log import LOG, check_log
from graylit.study.writing import fault_coder
from graylit.tables.faults import Fault, InputError

if TYPE_CHECKING:
    import jsonschema

FOLDER = "config/models"
PROMPTS_FOLDER = f"{FOLDER}/prompts"
REMEDY = "config/TABLES.md describes every key"
# What an answer depends on; the rest says how it is fetched, and what it costs.
OF_ANSWERS = ("model", "answers", "temperature", "top_p", "max_tokens", "seed", "samples", "asks", "further")


@dataclass(frozen=True)
class ModelSettings:
    """A model as a study asks it; `name` is under which its decisions stand in tables."""

    name: str
    endpoint: str
    model: str
    answers: str
    temperature: float
    max_tokens: int
    seed: int
    samples: int
    asks: int
    retries: int
    timeout_s: float
    at_once: int
    keep_words: bool
    top_p: float | None = None
    key_from: str = ""
    weights_sha256: str = ""
    returned_as: tuple[str, ...] = ()
    price: Mapping[str, Any] = field(default_factory=dict)
    further: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return the settings that answers depend on, as the log holds them."""
        found = {name: getattr(self, name) for name in OF_ANSWERS}
        return {name: value for name, value in found.items() if value not in (None, {})}


def name_settings(name: str) -> str:
    """Return the file of a model's settings in a study."""
    return f"{FOLDER}/{name}.yaml"


def read_settings(folder: Path, name: str) -> ModelSettings:
    """Return the settings of a model. Raises InputError with every fault of its file."""
    file = name_settings(name)
    keys, faults = _load(folder / file, file)
    if faults := faults or check_keys(keys, file):
        raise InputError(faults)
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()}
    return ModelSettings(name=name, **known)


def check_keys(keys: dict[str, Any], file: str) -> list[Fault]:
    """Return what is wrong with the keys of a model's settings."""
    errors = sorted(_open_schema().iter_errors(keys), key=str)
    return [_point_out(fault) for error in errors for fault in describe_error(error, file)]


def _point_out(fault: Fault) -> Fault:
    return Fault(fault.file, fault.problem, fault.expected, REMEDY, fault.row, fault.column, fault.value)


@cache
def _open_schema() -> jsonschema.Draft202012Validator:
    import jsonschema  # slow to import

    return jsonschema.Draft202012Validator(yaml.safe_load(MODEL_SCHEMA.read_text(encoding="utf-8")))


def _load(path: Path, file: str) -> tuple[dict[str, Any], list[Fault]]:
    try:
        keys = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(file, "is missing", "the settings of the model", "create it; " + REMEDY)]
    except OSError as error:
        return {}, [Fault(file, f"cannot be read ({error.strerror})", "a readable file", "look at its permissions")]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = f"is not YAML ({getattr(error, 'problem', None) or type(error).__name__})"
        return {}, [Fault(file, problem, "YAML in UTF-8", REMEDY)]
    if not isinstance(keys, dict):
        return {}, [Fault(file, "holds no keys", "the settings of the model", REMEDY)]
    return keys, []


def list_model_files(folder: Path) -> list[Path]:
    """Return the files of a study's models, its log left out: settings and prompts."""
    place = folder / FOLDER
    return sorted([*place.glob("*.yaml"), *(folder / PROMPTS_FOLDER).glob("*.md")])


def check_models(folder: Path) -> list[Fault]:
    """Return the faults of the settings of all models of a study, and of the log of what they were asked."""
    return [*_check_settings(folder), *check_log(folder / LOG)]


def _check_settings(folder: Path) -> Iterator[Fault]:
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        file = path.relative_to(folder).as_posix()
        yield from fault_coder(path.stem, file, "rename the file")
        keys, faults = _load(path, file)
        yield from faults or check_keys(keys, file)
