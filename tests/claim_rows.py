"""Claims, evidence and readings in a few rows, for tests."""

CLAIMS = [
    {"claim_id": "L1", "guideline_id": "G1", "wording": "A mesh keeps leaves out.", "status": ""},
    {"claim_id": "L2", "guideline_id": "G1", "wording": "A mesh is easy to clean.", "status": ""},
    {"claim_id": "L3", "guideline_id": "G2", "wording": "A lid keeps gnats out.", "status": ""},
]
GUIDELINES = [{"guideline_id": f"G{number}", "name": f"Name {number}"} for number in (1, 2, 3)]
COLUMNS = ("guideline_id", "code_id", "coding_id", "source_id", "publisher", "segment_id")
EVIDENCE = [
    dict(zip(COLUMNS, cells, strict=True))
    for cells in (
        ("G1", "C1", "A-1", "S1", "Ann Brook", "S1-001"),
        ("G1", "C1", "A-2", "S2", "Ann Brook", "S2-001"),
        ("G1", "C2", "B-1", "S3", "Garden Club", "S3-001"),
        ("G1", "C2", "B-2", "S4", "not stated", ""),
        ("G2", "C3", "B-3", "S4", "not stated", ""),
    )
]


def read(reading_id, claim_id, coding_id, reader, reading, more=None):
    """Return a reading as a row, with further cells if any are given."""
    blank = {"reason": "", "read_at": "", "replaces": "", "settles": "", "wording_sha256": ""}
    named = {"reading_id": reading_id, "claim_id": claim_id, "coding_id": coding_id}
    return {**named, "reader": reader, "reading": reading, **blank, **(more or {})}
