"""The outline of a source: where each segment stands and how it was coded, in as few lines as that takes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import groupby
from typing import Any

from graylit.audit.codings import Coding


def list_outline(segments: Iterable[Mapping[str, Any]], named: Container[str]) -> list[dict[str, Any]]:
    """Return the segments of a source in order: each that is coded, and those between them as one line each.

    `named` are the segments to which other pages lead.
    """
    outline = []
    for is_coded, run in groupby(segments, key=lambda segment: bool(segment["codings"])):
        together = list(run)
        if is_coded:
            outline += [{"is_coded": True, **one, "by_code": group_codes(one["codings"])} for one in together]
        else:
            outline.append(
                {
                    "is_coded": False,
                    "n": len(together),
                    "named": [one["segment_id"] for one in together if one["segment_id"] in named],
                    "start": together[0]["start"],
                    "end": together[-1]["end"],
                }
            )
    return outline


def group_codes(codings: Iterable[Coding]) -> list[list[Coding]]:
    """Return codings by their code, in the order in which the codes come first."""
    by_code: dict[str, list[Coding]] = {}
    for coding in codings:
        by_code.setdefault(coding["code_id"], []).append(coding)
    return list(by_code.values())


def group_places(codings: Iterable[Coding]) -> list[list[Coding]]:
    """Return the codings of a source, in order of place, by their segment; those without one are by themselves."""
    return [list(group) for _, group in groupby(codings, key=lambda one: one["segment_id"] or one["coding_id"])]
