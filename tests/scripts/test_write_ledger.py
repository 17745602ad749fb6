"""The ledger: how many codings still hold, by guideline and by source."""

from write_ledger import count_held

from frozen_studies import by_source


def test_the_ledger_counts_codings_that_still_hold_by_guideline():
    released = [{"guideline_id": g, "coding_id": c} for g, c in (("G01", "A-1"), ("G01", "A-2"), ("G02", "A-1"))]
    assert count_held(released, [{"guideline_id": "G01", "coding_id": "A-2"}]) == [
        {"guideline_id": "G01", "n_codings": 2, "n_held": 1},
        {"guideline_id": "G02", "n_codings": 1, "n_held": 0},
    ]


def test_the_ledger_says_how_many_codings_of_a_source_still_hold(recollected):
    ledger, changes = (by_source(recollected / f"results/{name}.csv") for name in ("ledger", "source_changes"))
    assert int(ledger["S003"]["n_held"]) < int(ledger["S003"]["n_codings"])
    for source_id, row in ledger.items():
        assert (row["n_codings"], row["n_held"]) == tuple(changes[source_id][n] for n in ("n_codings", "n_held"))
    assert "still hold" in (recollected / "results/ledger.html").read_text(encoding="utf-8")
