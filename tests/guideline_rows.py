"""Guidelines, codings and sources in a few rows, for tests."""

import link_evidence as linking

from frames import on_frames, table
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINES

link_evidence = on_frames(linking.link_evidence, EVIDENCE)

FOUR_SOURCES = table(SOURCES, "source_id publisher", ("S1", "Ann"), ("S2", "Ann"), ("S3", "Bo"), ("S4", "Cy"))
THREE_GUIDELINES = table(
    GUIDELINES,
    "guideline_id name theme_id code_ids",
    ("G1", "Mesh", "T1", "C1; C2"),
    ("G2", "Lid", "T1", "C2"),
    ("G3", "Pump", "T2", "C9"),
)


LOCATED = table(
    LOCATED_CODINGS,
    "coding_id coder source_id segment_id code_id",
    ("A-1", "A", "S1", "S1-001", "C1"),
    ("A-2", "A", "S2", "", "C2"),
    ("B-1", "B", "S3", "S3-004", "C2"),
    ("B-2", "B", "S3", "S3-005", "C2"),
    ("B-3", "B", "S4", "S4-001", "C5"),
)


def codebook(*rows):
    """Return the codes in force by id, from rows of id, status and what it was replaced by."""
    return table(CODEBOOK, "code_id status replaced_by", *rows).set_index("code_id", drop=False).to_dict("index")


UNMERGED = codebook(*((f"C{number}", "active", "") for number in (1, 2, 5, 9)))


def evidence():
    return link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, UNMERGED)
