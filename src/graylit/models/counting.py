"""What models were asked, counted: calls by model, task, settings and prompt."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.models.deciders import describe_settings
from graylit.models.decisions import ANSWERED, FAILED
from graylit.models.recording import Standing
from graylit.study.model_log import Call
from graylit.tables.models import MODEL_CALLS, REFUSED
from graylit.tables.rows import Values

Key = tuple[str, ...]
NONE, HERE = "none", "this machine"


class Counter:
    """Counts calls as they come; units are kept by name only as long as their group is counted."""

    def __init__(self) -> None:
        self._rows: dict[Key, dict[str, object]] = {}
        self._units: dict[Key, set[str]] = {}

    def take(self, call: Call) -> None:
        """Count a call."""
        told = {**call, "settings": describe_settings(call["settings"])}
        told |= {name: call[name] or NONE for name in ("returned_model", "fingerprint")}
        told["sent_words_to"] = call["sent_words_to"] or HERE
        key = tuple(str(told[name]) for name in MODEL_CALLS.key)
        counts = ("n_calls", "n_answered", "n_refused", "n_failed", "n_again", "tokens_in", "tokens_out")
        new: dict[str, object] = {
            **dict(zip(MODEL_CALLS.key, key, strict=True)),
            **dict.fromkeys(counts, 0),
            "cost": "",
        }
        row = self._rows.setdefault(key, new)
        row["currency"] = call["currency"]
        kinds = {"n_answered": ANSWERED, "n_refused": REFUSED, "n_failed": FAILED}
        added = {name: int(call["outcome"] == kind) for name, kind in kinds.items()}
        added |= {"n_calls": 1, "n_again": int(call["repeat"] > 0)}
        added |= {name: call[name] or 0 for name in ("tokens_in", "tokens_out")}
        row |= {name: int(str(row[name])) + n for name, n in added.items()}
        if call["cost"] is not None:
            row["cost"] = round(float(str(row["cost"] or 0)) + call["cost"], 8)
        row |= {"first_at": min(str(row.get("first_at") or call["at"]), call["at"])}
        row |= {"last_at": max(str(row.get("last_at") or ""), call["at"])}
        units = self._units.setdefault(key, set())
        units.add(f"{call['round']} {call['unit']}")
        row["n_units"] = len(units)

    def list_rows(self) -> list[Values]:
        """Return the rows of `model_calls`."""
        return [{name: str(row[name]) for name in MODEL_CALLS.names} for row in self._rows.values()]


def list_standings(found: dict[str, list[Standing]]) -> Iterable[Values]:
    """Yield the rows of `model_replay`."""
    for decider, standings in found.items():
        for one in standings:
            missing = [f"{next(iter(row.values()))} is missing" for row in one.missing]
            unknown = [f"{key} is not in the log" for key in one.unknown]
            yield {
                "decider": decider,
                "file": one.file,
                "n_rows": one.n_made,
                "n_missing": len(one.missing),
                "n_differing": len(one.differing),
                "n_unknown": len(one.unknown),
                "first_difference": next(iter([*one.differing, *missing, *unknown]), ""),
                "is_same": "yes" if one.is_same else "no",
            }
