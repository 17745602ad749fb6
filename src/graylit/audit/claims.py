"""Claims on the audit pages: their counts, and what was read at each coding of a guideline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graylit.audit.codings import Coding
from graylit.synthesis.claims import list_refuted, prefer_claims
from graylit.tables.rows import Cells
from graylit.tables.store import Table


class Claims:
    """The claims of a study as its tables have them; a study without claims has none."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._by_claims = list(tables["guideline_claims"])
        self._by_code = {row["guideline_id"]: row for row in tables["guideline_support"]}
        self._pairs = tables["claim_evidence"].group("guideline_id")
        self.of_guideline = tables["claim_support"].group("guideline_id")
        self.refuted = list_refuted(tables["claim_evidence"])

    def prefer(self, support: Iterable[Cells]) -> dict[str, Cells]:
        """Return the support of each guideline: by claims if the study has claims, else by code."""
        return {row["guideline_id"]: row for row in prefer_claims(support, self._by_claims)}

    def find_by_code(self, guideline_id: str) -> Cells | None:
        """Return the support of a guideline by code, to be shown beside that by claims; None without claims."""
        return self._by_code.get(guideline_id) if self._by_claims else None

    def add_readings(self, guideline_id: str, codings: Iterable[Coding]) -> list[Coding]:
        """Return codings of a guideline, each with what was read in its words for which claim."""
        readings: dict[str, list[tuple[str, str]]] = {}
        for row in self._pairs.get(guideline_id, []):
            readings.setdefault(row["coding_id"], []).append((row["claim_id"], row["reading"].replace("_", " ")))
        return [{**coding, "readings": readings.get(coding["coding_id"], [])} for coding in codings]
