"""What came back from a server, read strictly: anything that is not a whole answer by the schema has a name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from graylit.models.tasks import Answer, RefusedError

if TYPE_CHECKING:
    import jsonschema

Json: TypeAlias = Any  # what a text in JSON holds
MOST_SHOWN = 200  # signs of a message that a person is shown: chosen


class FailedError(Exception):
    """A call that brought no answer of a model: what came is of the server or of the line."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(f"{why}: {detail}")


@dataclass(frozen=True)
class Said:
    """What a server says that a model said."""

    content: str
    finish: str
    model: str
    fingerprint: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _take_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _load(text: str | bytes) -> Json:
    return json.loads(text, object_pairs_hook=_take_once, parse_constant=_refuse_constant)


def read_body(body: bytes) -> Said:
    """Return what the body of an answer holds. Raises FailedError if it is not of an interface like OpenAI's."""
    try:
        told = _load(body)
    except (ValueError, RecursionError) as error:
        raise FailedError("bad_answer", f"the body is not JSON ({_shorten(str(error))})") from error
    try:
        choice, usage = told["choices"][0], told.get("usage") or {}
        content = choice["message"].get("content")
        said = Said(
            content=content if content is not None else "",
            finish=str(choice.get("finish_reason") or ""),
            model=told["model"],
            fingerprint=str(told.get("system_fingerprint") or ""),
            tokens_in=int(usage.get("prompt_tokens") or 0),
            tokens_out=int(usage.get("completion_tokens") or 0),
        )
    except (TypeError, KeyError, IndexError, AttributeError, ValueError) as error:
        raise FailedError("bad_answer", "the body is not as the interface has it") from error
    if not (isinstance(said.content, str) and isinstance(said.model, str)):
        raise FailedError("bad_answer", "the body is not as the interface has it")
    return said


def is_asked_model(returned: str, asked: str, further: Sequence[str]) -> bool:
    """Return whether a model is the one that was asked for: by its name, with a date or version behind it, or named."""
    return returned in (asked, *further) or re.fullmatch(re.escape(asked) + r"[-@:][\d.v-]+", returned) is not None


def read_answer(said: Said, schema: Mapping[str, Any]) -> Answer:
    """Return the answer of a model. Raises RefusedError, by its kind, if it is not whole or not by the schema."""
    if said.finish == "length":
        raise RefusedError("cut_off", "the answer was cut off; be shorter")
    if said.finish == "content_filter":
        raise RefusedError("filtered", "the server withheld the answer")
    if not said.content.strip():
        raise RefusedError("empty", "the answer was empty")
    try:
        answer = _load(said.content)
    except _TwiceError as error:
        raise RefusedError("duplicate_keys", f"the key {_shorten(str(error))!r} stands twice") from error
    except (ValueError, RecursionError) as error:
        raise RefusedError("not_json", "the answer must be one JSON object and nothing beside it") from error
    for wrong in _open(json.dumps(schema)).iter_errors(answer):
        raise _name_error(wrong)
    found: Answer = answer
    return found


@lru_cache(maxsize=256)
def _open(schema: str) -> jsonschema.Draft202012Validator:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(schema))


def _name_error(error: jsonschema.ValidationError) -> RefusedError:
    place = ".".join(str(step) for step in error.absolute_path) or "the answer"
    if error.validator == "enum":
        return RefusedError("unknown_value", f"{place} is {_shorten(repr(error.instance))}, which is none of the list")
    return RefusedError("not_by_schema", f"{place} is not by the schema ({error.validator})")


def _shorten(words: str) -> str:
    return words if len(words) <= MOST_SHOWN else words[:MOST_SHOWN] + "…"
