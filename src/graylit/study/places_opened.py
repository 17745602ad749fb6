"""Which places the authors of practices and guidelines had opened before these were written as they are in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graylit.study.state import follow_ids, is_by
from graylit.tables.rows import Cells, Values

Opened = Mapping[tuple[str, str], str]  # when somebody first opened a coding


def find_first(places_read: Iterable[Cells]) -> dict[tuple[str, str], str]:
    """Return when each person first opened each coding, by person and coding_id."""
    first: dict[tuple[str, str], str] = {}
    for row in places_read:
        key = (row["opened_by"], row["coding_id"])
        first[key] = min(first.get(key, row["opened_at"]), row["opened_at"])
    return first


def is_logged(row: Cells, opened: Opened) -> bool:
    """Return whether there was a log when a row was written: of what is older, nobody knows what was read before."""
    return bool(row["decided_at"]) and any(is_by(began, row["decided_at"]) for began in opened.values())


def count_opened(row: Cells, coding_ids: Iterable[str], opened: Opened) -> int:
    """Return how many codings the author of a row had opened by the time it was written."""
    times = (opened.get((row["decided_by"], coding_id)) for coding_id in coding_ids)
    return sum(time is not None and is_by(time, row["decided_at"]) for time in times)


def list_coding_ids(row: Cells, of_code: Mapping[str, Sequence[Cells]], codebook: Mapping[str, Cells]) -> list[str]:
    """Return the codings of a row's codes, each once; `of_code` holds the codings that are evidence, by code."""
    codes = follow_ids(row["code_ids"], codebook)
    return list(dict.fromkeys(coding["coding_id"] for code_id in codes for coding in of_code.get(code_id, ())))


def list_opened(
    written: Mapping[str, Iterable[Cells]],
    of_code: Mapping[str, Sequence[Cells]],
    codebook: Mapping[str, Cells],
    places_read: Sequence[Cells],
) -> Iterator[Values]:
    """Yield one row for each practice and guideline in force with how many of its codings were opened before it.

    `written` holds the rows in force by kind, `practice` and `guideline`. Those from before the log are left out.
    """
    opened = find_first(places_read)
    for kind, rows in sorted(written.items()):
        for row in (row for row in rows if is_logged(row, opened)):
            coding_ids = list_coding_ids(row, of_code, codebook)
            yield {
                "kind": kind,
                "written_id": row[f"{kind}_id"],
                "decided_by": row["decided_by"],
                "decided_at": row["decided_at"],
                "n_codings": len(coding_ids),
                "n_opened": count_opened(row, coding_ids, opened),
            }
