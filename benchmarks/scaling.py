"""The growth of a review: time and memory of each stage from Snakemake's benchmark files, bytes on disk, and a plot."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import psutil

from figures import Figure

COLOURS = ("#0b5fa5", "#b34700", "#1a7f37", "#8250df", "#a40e26", "#57606a", "#b88a00", "#0a9aa6")
LEFT, RIGHT, TOP, BOTTOM = 84, 560, 30, 400  # of the plot's frame
MB = 1e6


def describe_machine() -> list[Figure]:
    """Return the figures that others depend on: processors, memory, load, versions."""
    model = next(
        (line.partition(":")[2].strip() for line in _read_lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    return [
        Figure("machine_cores", psutil.cpu_count() or 0, model.replace(",", " ")),
        Figure("machine_memory", psutil.virtual_memory().total / MB, "MB"),
        Figure(
            "machine_load_at_start", psutil.getloadavg()[0], f"processes waiting; Python {platform.python_version()}"
        ),
    ]


def _read_lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def read_stages(logs: Path, among: Iterable[Path] | None = None) -> pd.DataFrame:
    """Return one row per stage of a run: its jobs, seconds and processor seconds of all, and the largest memory of one.

    `among` are the benchmark files to read; by default all in the folder.
    """
    rows = []
    for path in sorted(logs.glob("*.benchmark.tsv") if among is None else among):
        table = pd.read_csv(path, sep="\t", na_values="-")
        row = table.iloc[-1]
        rows.append((path.name.split(".")[0], row["s"], row["cpu_time"], row["max_rss"] * 1024 * 1024 / MB))
    table = pd.DataFrame(rows, columns=["stage", "seconds", "cpu_seconds", "peak_mb"])
    by_stage = table.groupby("stage")
    sums = by_stage[["seconds", "cpu_seconds"]].sum()
    return sums.assign(n_jobs=by_stage.size(), peak_mb=by_stage["peak_mb"].max()).reset_index()


def read_span(logs: Path, stage: str) -> float:
    """Return the seconds from the start of a stage's first job to the end of its last, by its benchmark files."""
    ends = {path: path.stat().st_mtime for path in logs.glob(f"{stage}.*benchmark.tsv")}
    starts = [end - pd.read_csv(path, sep="\t")["s"].iloc[-1] for path, end in ends.items()]
    return max(ends.values()) - min(starts)


def count_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def fit_growth(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the exponent of growth between the two largest sizes: 1 is in proportion, 0 not at all."""
    (small, low), (large, high) = sorted(zip(sizes, values, strict=True))[-2:]
    return math.log(max(high, 1e-9) / max(low, 1e-9)) / math.log(large / small)


def draw_growth(series: Mapping[str, Mapping[int, float]], title: str, unit: str) -> str:
    """Return an SVG of curves over sizes, both axes logarithmic; `series` holds values by size, by name."""
    sizes = sorted({size for values in series.values() for size in values})
    drawn = [value for values in series.values() for value in values.values() if value > 0]
    low, high = math.floor(math.log10(min(drawn))), math.ceil(math.log10(max(drawn)))
    high = max(high, low + 1)
    span = math.log10(sizes[-1] / sizes[0]) or 1

    def place(size: int, value: float) -> str:
        across = LEFT + (RIGHT - LEFT) * math.log10(size / sizes[0]) / span
        up = BOTTOM - (BOTTOM - TOP) * (math.log10(max(value, 10**low)) - low) / (high - low)
        return f"{across:.1f},{up:.1f}"

    shapes = [f'<text x="{LEFT}" y="18" font-weight="bold">{title}</text>']
    for exponent in range(low, high + 1):
        y = place(sizes[0], 10**exponent).partition(",")[2]
        shapes.append(f'<path d="M{LEFT} {y}H{RIGHT}" stroke="#d0d7de"/>')
        shapes.append(f'<text x="{LEFT - 8}" y="{y}" dy="4" text-anchor="end">{10**exponent:,g} {unit}</text>')
    for size in sizes:
        x = place(size, 1).partition(",")[0]
        shapes.append(f'<path d="M{x} {TOP}V{BOTTOM}" stroke="#d0d7de"/>')
        shapes.append(f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{size:,} sources</text>')
    shapes += _draw_curves(series, place)
    width, height = RIGHT + 290, max(BOTTOM + 34, TOP + 17 * len(series))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )


def _draw_curves(series: Mapping[str, Mapping[int, float]], place: Callable[[int, float], str]) -> Iterable[str]:
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        dashes = "" if number < len(COLOURS) else ' stroke-dasharray="5 3"'
        points = " ".join(place(size, value) for size, value in sorted(values.items()))
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        for x, y in (point.split(",") for point in points.split()):
            yield f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
        line = TOP + 14 + 17 * number
        yield f'<path d="M{RIGHT + 14} {line - 4}h22" stroke="{colour}" stroke-width="2"{dashes}/>'
        yield f'<text x="{RIGHT + 42}" y="{line}">{name}</text>'
