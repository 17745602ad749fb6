"""Somebody's tables and a mapping, laid out as files and imported by the command."""

import csv
import io
from pathlib import Path

from graylit.study.checking import read_study
from running import call_graylit

SOURCES = "id,url,title,publisher,kind\nS1,https://a.org/1,One,a,blog\nS2,https://a.org/2,Two,b,blog\n"
CODINGS = "source,coder,code\nS1,Ann,Logging\nS2,Ann,Tracing\nS2,Ben,Logging\n"
MAPPING = """\
title: Logs
sources:
  file: sources.csv
  columns: {source_id: id, url: url, title: title, publisher: publisher, source_type: kind}
"""
OF_CODINGS = "codings: {file: codings.csv, columns: {source_id: source, coder: coder, name: code}}\n"


def lay_out(folder: Path, mapping: str, **tables: str) -> Path:
    """Write a mapping and tables by their names (codings for codings.csv), and return the mapping's path."""
    for name, content in {"sources": SOURCES, "codings": CODINGS, **tables}.items():
        (folder / (name if "." in name else f"{name}.csv")).write_text(content, encoding="utf-8", newline="")
    path = folder / "mapping.yaml"
    path.write_text(mapping, encoding="utf-8")
    return path


def run_import(folder: Path, mapping: str, **tables: str):
    """Import what is laid out into `folder/study`; return how the command ended."""
    path = lay_out(folder, mapping, **tables)
    return call_graylit("import", "tables", path, "--from", folder, "--to", folder / "study")


def import_tables(folder: Path, mapping: str, **tables: str):
    """Return the study that was imported, which has no faults."""
    ended = run_import(folder, mapping, **tables)
    assert ended.returncode == 0, ended.stderr
    study, faults = read_study(folder / "study")
    assert list(map(str, faults)) == []
    return study


def refuse(folder: Path, mapping: str, **tables: str) -> str:
    """Return why an import was refused; it wrote nothing."""
    ended = run_import(folder, mapping, **tables)
    assert (ended.returncode, ended.stdout) == (1, ""), ended.stdout + ended.stderr
    assert not (folder / "study").exists()
    return ended.stderr


def read_account(folder: Path) -> list[dict[str, str]]:
    """Return what became of each row, as the study says it."""
    content = (folder / "study/config/import/rows.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(content)))


def list_codings(study) -> list[tuple[str, ...]]:
    """Return (coder, source, name of the code) of each coding, sorted."""
    names = {row["code_id"]: row["name"] for row in study.codebook.cells}
    return sorted(
        (coder, row["source_id"], names[row["code_id"]]) for coder, rows in study.codings.items() for row in rows.cells
    )


def list_themes(study) -> dict[str, list[str]]:
    """Return the names of the codes of each theme, by its name."""
    names = {row["code_id"]: row["name"] for row in study.codebook.cells}
    return {
        row["name"]: sorted(names[code_id] for code_id in row["code_ids"].split("; ")) for row in study.themes.cells
    }
