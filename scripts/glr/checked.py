"""A study that passed its check needs no other one until a file changes.

The check reads every row that people wrote, and grows with the study; a digest of the files hardly does. The workflow
needs little of a study: its config, its sources and who coded.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from glr.contracts import Rows
from glr.frozen import FOLDER as FROZEN
from glr.study import CODINGS_FOLDER, CONFIG, PEOPLES_TABLES, SCHEMA, list_written, require_study, sources_contract

STAMP = ".snakemake/graylit_checked"
CAPTURES = "data/raw/captures.csv"


@dataclass(frozen=True)
class Outline:
    """What the workflow needs of a study."""

    config: dict[str, Any]
    sources: Rows
    coders: list[str]


def require_outline(folder: Path) -> Outline:
    """Return the outline of the study in a folder, checked if it was not since it changed. Raises InputError."""
    digest, stamp = digest_checked(folder), folder / STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        require_study(folder)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest, encoding="utf-8")
    config = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))
    file, _ = PEOPLES_TABLES["sources"]
    blank = dict.fromkeys(sources_contract(config).names, "")
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        header, *records = csv.reader(lines)
    cells = [blank | dict(zip(header, record, strict=True)) for record in records if record]
    coders = sorted(path.stem for path in (folder / CODINGS_FOLDER).glob("*.csv"))
    return Outline(config, Rows(file, cells, list(range(2, len(cells) + 2))), coders)


def digest_checked(folder: Path) -> str:
    """Return a digest of all that the check reads, and of the check itself.

    Texts are left out: the run makes them, and `locate_codings` sees whether codings lie beyond them.
    """
    whole = hashlib.sha256()
    frozen = sorted(path for path in (folder / FROZEN).rglob("*") if path.is_file())
    captures = [path for path in [folder / CAPTURES] if path.exists()]
    for path in [*list_written(folder), *frozen, *captures, *sorted(Path(__file__).parent.glob("*.py")), SCHEMA]:
        whole.update(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
