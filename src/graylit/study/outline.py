"""The outline of a study that the workflow needs, and whether the study was checked since it last changed.

The check reads every row that people wrote, so it takes longer the larger a study is. Digests of the files take hardly
any time: as long as they are those of the last check, the workflow reads only the config, the sources and who coded.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graylit.captures.choosing import explain_missing_captures
from graylit.runs.digests import KNOWN_IMPORTS, open_package
from graylit.runs.made import digest_file
from graylit.runs.places import MODEL_SCHEMA, PACKAGE, SCHEMA
from graylit.study.config import CONFIG, load_config, sources_contract
from graylit.study.frozen import FOLDER as FROZEN
from graylit.study.frozen import is_frozen
from graylit.study.model_log import LOG
from graylit.study.model_settings import list_model_files
from graylit.study.study import (
    CAPTURES,
    OPTIONAL_TABLES,
    PEOPLES_TABLES,
    PROTOCOL,
    find_codings,
    list_written,
    read_captures,
)
from graylit.tables.coding import CODINGS
from graylit.tables.files import find_table
from graylit.tables.rows import Cells, Rows
from graylit.tables.sources import SOURCES

STAMP = ".snakemake/graylit_checked"
CHECK = "the check"  # stands for the schema and for the modules that the check reaches


@dataclass(frozen=True)
class Outline:
    """What the workflow needs of a study."""

    config: dict[str, Any]
    sources: Rows
    codings: dict[str, Path]  # the table of each coder


def read_outline(folder: Path) -> Outline:
    """Return the outline of a study that passed its check; while it is screened or to be captured, no texts."""
    config = load_config(folder / CONFIG)
    file, _ = PEOPLES_TABLES["sources"]
    blank = dict.fromkeys(sources_contract(config).names, "")
    content = SOURCES.read_plain(find_table(folder / file))
    header, *records = csv.reader(io.StringIO(content, newline=""))
    cells = [blank | dict(zip(header, record, strict=True)) for record in records if record]
    codings = find_codings(folder)
    config["has_texts"] = config["has_texts"] and bool(cells) and not awaits_captures(folder, cells, codings)
    return Outline(config, Rows(file, cells, list(range(2, len(cells) + 2))), codings)


def awaits_captures(folder: Path, sources: Sequence[Cells], codings: Mapping[str, Path]) -> bool:
    """Return whether the sources of a screened study were only listed so far: none captured, frozen or coded.

    Without a search there is nothing to review then, and codings cannot be placed: that is said instead.
    """
    file, _ = OPTIONAL_TABLES["candidates"]
    if not sources or is_frozen(folder) or not find_table(folder / file).exists():
        return False
    is_coded = any(CODINGS.read_plain(path).count("\n") > 1 for path in codings.values())
    return not is_coded and bool(explain_missing_captures(sources, read_captures(folder / CAPTURES)))


def digest_checked(folder: Path) -> dict[str, str]:
    """Return the digests of the files that the check reads, by their paths in the folder, and of the check itself.

    Texts are left out: the run makes them, and `locate_codings` sees whether codings lie beyond them.
    """
    frozen = sorted(path for path in (folder / FROZEN).rglob("*") if path.is_file())
    others = [path for path in (folder / PROTOCOL, folder / CAPTURES, folder / LOG) if path.is_file()]
    others += list_model_files(folder)
    digests = {
        path.relative_to(folder).as_posix(): digest_file(path) for path in [*list_written(folder), *frozen, *others]
    }
    reader = open_package(folder / KNOWN_IMPORTS)
    check = reader.digest(PACKAGE / "study/checking.py") + digest_file(SCHEMA) + digest_file(MODEL_SCHEMA)
    reader.keep_known()
    return {**digests, CHECK: hashlib.sha256(check.encode()).hexdigest()}


def read_stamp(folder: Path) -> dict[str, str]:
    """Return what `digest_checked` gave when a study passed its check; nothing if it never did."""
    try:
        lines = (folder / STAMP).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {file: digest for digest, _, file in (line.partition("  ") for line in lines) if file}


def write_stamp(folder: Path, digests: dict[str, str]) -> None:
    """Write down that a study passed its check, as sha256sum would."""
    (folder / STAMP).parent.mkdir(exist_ok=True)
    lines = (f"{digest}  {file}\n" for file, digest in digests.items())
    (folder / STAMP).write_text("".join(lines), encoding="utf-8")
