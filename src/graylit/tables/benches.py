"""Tables of benchmarks: figures with their goals."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

BENCH = Contract(
    "bench",
    (
        Column("measure", "id", "what was measured"),
        Column("value", "number", "the figure", is_required=False),
        Column("unit", "text", "its unit"),
        Column("goal", "text", "the goal, such as '<= 90'; empty if there is none", is_required=False),
        Column("is_met", "flag", "whether the goal is met", is_required=False),
    ),
    key=("measure",),
)
BENCH_STAGES = Contract(
    "bench_stages",
    (
        Column("n_sources", "count", "sources of the review"),
        Column("run", "text", "what had changed", choices=("cold", "unchanged", "swapped")),
        Column("stage", "id", "the rule"),
        Column("n_jobs", "count", "its jobs, such as shards"),
        Column("seconds", "number", "wall seconds of all its jobs together"),
        Column("cpu_seconds", "number", "processor seconds of all its jobs together", is_required=False),
        Column("peak_mb", "number", "largest resident memory of one job, in MB", is_required=False),
    ),
    key=("n_sources", "run", "stage"),
)
