"""Three searches and their hits, for tests: what they found, how they overlap, and what became of the candidates."""


def search(search_id, way="website", **cells):
    """Return a row of searches.csv; cells not given are empty."""
    blank = dict.fromkeys(("engine", "query", "region", "language", "searched_at", "searched_by"), "")
    counts = dict.fromkeys(("n_reported", "n_read", "stopped_because", "file_name", "file_sha256"), "")
    decided = dict.fromkeys(("decided_at", "decided_by", "reason"), "")
    return {"search_id": search_id, "way": way} | blank | counts | decided | cells


def hits_of(search_id, *candidates):
    """Return the hits of a search in order of rank: the candidate of each, or '-' and why it was left out."""
    rows = []
    for rank, candidate in enumerate(candidates, start=1):
        is_out = candidate.startswith("-")
        cells = {"candidate_id": "" if is_out else candidate, "left_out": candidate[1:] if is_out else ""}
        rows.append({"search_id": search_id, "rank": str(rank)} | cells)
    return rows


# X02 was made before X01, and of X03 nobody knows when.
SEARCHES = [
    search("X01", searched_at="2026-02-01", n_reported="900", n_read="6"),
    search("X02", searched_at="2026-01-01", n_reported="40"),
    search("X03", way="citation"),
]
HITS = [
    *hits_of("X01", "H1", "H2", "H1", "-no address", "H3", "H5"),
    *hits_of("X02", "H1", "H4", "-no address", "-a private address"),
    *hits_of("X03", "H2", "H6"),
]
# H5 is the same page as H4.
CANDIDATES = [{"candidate_id": f"H{n}", "duplicate_of": "H4" if n == 5 else "", "found_by": "X01"} for n in range(1, 8)]
STAND_INS = {"H5": "H4"}
DECISIONS = [
    {"candidate_id": f"H{n}", "decision": decision, "criterion_id": "", "n_screeners": "0" if n == 6 else "2"}
    for n, decision in enumerate(("include", "exclude", "include", "include", "duplicate", "open", "exclude"), start=1)
]
