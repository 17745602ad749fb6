"""Find the candidates that are one page, or may be: by addresses, titles, captures and texts."""

from collections import Counter

from graylit.runs.steps import Step
from graylit.search.duplicates import find_duplicates, list_reached, settle_duplicates
from graylit.search.near_texts import pair_texts
from graylit.tables.collection import CAPTURES
from graylit.tables.preparation import SEGMENTS, TEXTS
from graylit.tables.screening import CANDIDATES, DUPLICATE_CANDIDATES, SCREENINGS
from graylit.tables.search import DUPLICATES
from graylit.tables.sources import SOURCES

SEGMENT_COLUMNS = ("source_id", "n_words", "sha256", "sketch")
TEXT_COLUMNS = ("source_id", "canonical_url")
CAPTURE_COLUMNS = ("url", "outcome", "origin", "final_url")

if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    candidates, sources = CANDIDATES.list_cells(paths.candidates), SOURCES.list_cells(paths.sources)
    screened = {row["candidate_id"] for row in SCREENINGS.list_cells(paths.screenings, ("candidate_id",))}
    captures = CAPTURES.list_cells(paths.captures, CAPTURE_COLUMNS)
    reached = list_reached(captures, TEXTS.list_cells(paths.texts, TEXT_COLUMNS), sources)
    near = pair_texts(SEGMENTS.list_cells(paths.segments, SEGMENT_COLUMNS)) if candidates else {}
    found = find_duplicates(candidates, reached, near, sources)
    rows = settle_duplicates(found, candidates, DUPLICATES.list_cells(paths.duplicates), screened)
    DUPLICATE_CANDIDATES.write_rows(rows, step.output.pairs)
    counted = Counter(str(row["status"]) for row in rows)
    told = ", ".join(f"{n} {status}" for status, n in sorted(counted.items()))
    step.close(f"{len(candidates)} candidates", f"{len(rows)} pairs", told)
