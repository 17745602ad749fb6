"""The mini study with claims of two guidelines and what three people read, for tests of what a review makes of it."""

from pathlib import Path

from conftest import read_table
from graylit.synthesis.readings import digest_wording

CLAIMS = {
    "L01": ("G01", "The load has to be reckoned."),
    "L02": ("G01", "Wind counts."),
    "L03": ("G03", "Bees need water."),
}
READINGS = ("supports", "supports", "partly", "against", "not_about")
NAMES = ("reading_id", "claim_id", "coding_id", "reader", "reading", "reason", "read_at", "replaces", "settles")


def write_claims(folder: Path) -> None:
    """Add claims and readings to a built study: ANN reads all, BEN reads L01 otherwise once, which CLEO settles."""
    lines = ["claim_id,guideline_id,wording,status,decided_at,decided_by,reason"]
    lines += [f"{key},{guideline_id},{wording},,2026-03-01,DORA," for key, (guideline_id, wording) in CLAIMS.items()]
    lines.append("L02,G01,Wind counts.,accepted,2026-03-02,DORA,Few write of wind")
    (folder / "config/synthesis/claims.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    evidence, rows = read_table(folder / "data/processed/evidence.csv"), []
    for claim_id, (guideline_id, _) in CLAIMS.items():
        codings = [row["coding_id"] for row in evidence if row["guideline_id"] == guideline_id]
        for at, coding_id in enumerate(codings):
            found = {"L01": READINGS[at % len(READINGS)], "L02": "against" if at else "partly", "L03": "supports"}[
                claim_id
            ]
            rows.append((f"ANN-{claim_id}-{at}", claim_id, coding_id, "ANN", found, "", "2026-03-02", "", ""))
            if claim_id == "L01":
                again = "against" if at == 0 else found
                rows.append((f"BEN-{at}", claim_id, coding_id, "BEN", again, "", "2026-03-03", "", ""))
            if claim_id == "L01" and at == 0:
                first = (
                    "CLEO-1",
                    claim_id,
                    coding_id,
                    "CLEO",
                    "supports",
                    "It is",
                    "2026-03-04",
                    "",
                    f"ANN-{claim_id}-0; BEN-0",
                )
        rows += [first] if claim_id == "L01" else []
    digests = {claim_id: digest_wording(wording) for claim_id, (_, wording) in CLAIMS.items()}
    table = [",".join([*NAMES, "wording_sha256"]), *(",".join([*row, digests[row[1]]]) for row in rows)]
    (folder / "config/synthesis/claim_readings.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
