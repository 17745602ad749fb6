"""The text of a candidate's page, as far as it was captured."""

from __future__ import annotations

from pathlib import Path

MOST_SIGNS = 60_000  # of a text that is shown: chosen, some thirty pages; screening reads the beginning


def describe_text(folder: Path, candidate_id: str) -> dict[str, object]:
    """Return the paragraphs of a candidate's page, and whether its end was left out; none if it was not captured."""
    path = folder / "data/processed/texts" / f"{candidate_id}.txt"
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    paragraphs = [part.strip() for part in text[:MOST_SIGNS].split("\n\n") if part.strip()]
    return {"candidate_id": candidate_id, "paragraphs": paragraphs, "is_cut": len(text) > MOST_SIGNS}
