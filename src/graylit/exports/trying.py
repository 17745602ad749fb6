"""A trial of the replication package: replayed in an empty folder with an empty home, as a stranger would."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from graylit.tables.comparison import REPLAYS
from graylit.tables.rows import Cells

RECORD = "results/replays.csv"
# What leads to the network from here; nothing else of this environment reaches the trial.
OF_NETWORK = ("_proxy", "ssl_cert_file", "ssl_cert_dir", "pip_cert", "pip_index_url", "uv_default_index")


def find_interpreter() -> str:
    """Return the Python that the environment of this program was made of."""
    return str(Path(sys.base_prefix) / f"bin/python{sys.version_info[0]}.{sys.version_info[1]}")


def make_environment(home: Path) -> dict[str, str]:
    """Return an environment with an empty home and what leads to the network."""
    led = {name: value for name, value in os.environ.items() if name.lower().endswith(OF_NETWORK)}
    return {**led, "HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}


def try_package(package: Path) -> tuple[int, Cells]:
    """Replay a package in a new folder; return the exit code, and what was measured if there was a verdict."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "package", Path(scratch) / "home"
        home.mkdir()
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        ended = subprocess.run([find_interpreter(), "replay.py"], cwd=folder, env=make_environment(home), check=False)
        measured = REPLAYS.read_rows(folder / RECORD)[0].cells if (folder / RECORD).exists() else []
        return ended.returncode, dict(measured[-1]) if measured else {}


def keep_trial(folder: Path, trial: Cells) -> None:
    """Add a trial to those of the study in a folder."""
    path = folder / RECORD
    before = list(REPLAYS.read_rows(path)[0].cells) if path.exists() else []
    REPLAYS.write_rows([*before, trial], path)


def find_trial(folder: Path, digest: str) -> Cells:
    """Return the last trial of the package of this digest; nothing if it was not tried."""
    path = folder / RECORD
    tried: Iterable[Cells] = REPLAYS.read_rows(path)[0].cells if path.exists() else []
    return next((row for row in reversed([*tried]) if row["package"] == digest), {})
