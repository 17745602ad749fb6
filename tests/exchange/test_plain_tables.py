"""A study made of somebody's plain tables (`graylit import tables`)."""

import pytest

from graylit.study.checking import read_study
from graylit.study.config import load_defaults
from running import call_graylit

MAPPING = """\
title: Barrels
sources:
  file: sources.csv
  columns: {source_id: id, url: link, title: name}
  fill: {publisher: unknown, source_type: other}
codes: {file: codes.csv, columns: {name: label, definition: meaning, theme: group}}
codings: {file: codings.csv, columns: {source_id: id, coder: who, name: label}}
"""
TABLES = {
    "sources.csv": "id,link,name\nS1,https://example.org/a,A\nS2,https://example.org/b,B\n",
    "codes.csv": "label,meaning,group\nmesh,Keeps leaves out,water\noverflow,Where water goes,water\n",
    "codings.csv": "id,who,label\nS1,Ann,mesh\nS2,Ann,overflow\n",
}


@pytest.fixture
def imported(tmp_path):
    """Return the folder that was imported into; it was under git, with a .gitignore of its own."""
    for name, content in {"mapping.yaml": MAPPING, **TABLES}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    target = tmp_path / "study"
    target.mkdir()
    (target / ".gitignore").write_text("mine\n")
    ended = call_graylit("import", "tables", tmp_path / "mapping.yaml", "--from", tmp_path, "--to", target)
    assert ended.returncode == 0, ended.stderr
    return target


def test_an_imported_study_has_no_faults_and_the_defaults_of_a_new_one(imported):
    study, faults = read_study(imported)
    assert faults == []
    changed = {name: value for name, value in study.config.items() if load_defaults()[name] != value}
    assert changed == {"title": "Barrels", "has_texts": False}


def test_an_imported_study_has_manuals_and_what_git_needs_and_loses_nothing(imported):
    names = {path.relative_to(imported).as_posix() for path in imported.rglob("*") if path.is_file()}
    assert names >= {"config/README.md", "config/TABLES.md", "config/protocol.md", ".gitattributes"}
    assert (imported / ".gitignore").read_text() == "mine\n"
