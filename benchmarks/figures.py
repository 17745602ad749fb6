"""Benchmarks: figures with their goals, as a table on disk and on the terminal."""

from __future__ import annotations

import contextlib
import operator
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil

from graylit.tables.benches import BENCH
from graylit.tables.sources import SOURCES

_COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True)
class Figure:
    """One measured figure; `goal` is such as '<= 90', or '' if it has none."""

    measure: str
    value: float
    unit: str
    goal: str = ""

    @property
    def is_met(self) -> str:
        """Return yes or no, '' without a goal."""
        if not self.goal:
            return ""
        sign, bound = self.goal.split()
        return "yes" if _COMPARE[sign](self.value, float(bound)) else "no"


def write_figures(name: str, figures: Iterable[Figure], folder: Path = Path("results/bench")) -> bool:
    """Write results/bench/<name>.csv, print it as a table, and return whether every goal is met."""
    figures = list(figures)
    rows = [
        {"measure": f.measure, "value": f.value, "unit": f.unit, "goal": f.goal, "is_met": f.is_met} for f in figures
    ]
    table = pd.DataFrame(rows, columns=BENCH.names)
    BENCH.write(table, folder / f"{name}.csv")
    shown = table.assign(value=table["value"].map("{:.6g}".format))
    print(f"{folder / name}.csv\n{shown.to_string(index=False)}\n", flush=True)
    return all(figure.is_met != "no" for figure in figures)


@dataclass(frozen=True)
class Run:
    """One run of a command: wall seconds, and the peak of resident memory of all its processes together, in MB."""

    seconds: float
    peak_mb: float


def time_command(command: list[str]) -> Run:
    """Run a command and return its time and memory (sampled ten times a second). Raise an error if it fails."""
    started = time.perf_counter()
    peak = 0
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, _resident_bytes(process))
            try:
                process.wait(timeout=0.1)
            except psutil.TimeoutExpired:
                continue
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output.read().decode()}")
    return Run(time.perf_counter() - started, peak / 1e6)


def run_graylit(*arguments: str | Path) -> Run:
    """Run the command `graylit`, as a researcher would."""
    return time_command(list_graylit(*arguments))


def list_graylit(*arguments: str | Path) -> list[str]:
    """Return the command line of `graylit` with arguments."""
    return [str(Path(sys.executable).with_name("graylit")), *map(str, arguments)]


def read_peak() -> int:
    """Return the peak memory of this process, in bytes.

    On Linux ru_maxrss would also count what the process had that started this one; /proc does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes


def _resident_bytes(process: psutil.Process) -> int:
    total = 0
    try:
        for child in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                total += child.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def start_afresh(folder: Path) -> Path:
    """Return an empty folder, in the place of what an earlier run left there that was broken off."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def copy_study(study: Path, folder: Path, sources: pd.DataFrame | None = None) -> Path:
    """Copy people's tables of a study to a folder, with `sources` instead of its own if named; return the folder."""
    shutil.copytree(study / "config", folder / "config")
    if sources is not None:
        sources.to_csv(folder / "config" / "sources.csv", index=False, lineterminator="\n")
    return folder


def read_corpus(corpus: Path, share: str = "") -> pd.DataFrame:
    """Return the sources of a corpus folder as rows of sources.csv; of one `share` (its column set) if named."""
    table = pd.read_csv(corpus / "sources.csv", dtype="str", keep_default_na=False)
    table = table[table["set"] == share] if share else table
    table = table.rename(columns={"id": "source_id", "raw_url": "pinned_url"})
    return table.reindex(columns=SOURCES.names, fill_value="")


def swap_source(folder: Path, source_id: str, new: Mapping[str, str]) -> None:
    """Replace a source of a study by another one; if pages were screened, add the rows that decide so."""
    path = folder / "config/sources.csv"
    sources = pd.read_csv(path, dtype="str", keep_default_na=False)
    row = pd.DataFrame([new], columns=sources.columns)
    pd.concat([sources[sources["source_id"] != source_id], row]).to_csv(path, index=False, lineterminator="\n")
    screenings = folder / "config/screening/screenings.csv"
    if screenings.exists():
        table = pd.read_csv(screenings, dtype="str", keep_default_na=False)
        settled = [
            _settle_candidate(table, source_id, "exclude"),
            _settle_candidate(table, new["source_id"], "include"),
        ]
        pd.concat([table, pd.DataFrame(settled)]).to_csv(screenings, index=False, lineterminator="\n")


def _settle_candidate(screenings: pd.DataFrame, candidate_id: str, decision: str) -> dict[str, str]:
    """Return the row that settles a candidate anew, over all earlier rows."""
    mine = screenings[screenings["candidate_id"] == candidate_id]
    criterion_id = "" if decision == "include" else screenings["criterion_id"].max()
    return {
        "screening_id": f"bench-{candidate_id}",
        "candidate_id": candidate_id,
        "screener": "bench",
        "round": mine["round"].max(),
        "decision": decision,
        "criterion_id": criterion_id,
        "reason": "swapped for the benchmark",
        "screened_at": "",
        "settles": "; ".join(mine["screening_id"]),
    }
