"""What `graylit export` writes: complete, the same bytes every time, inert whatever titles say, and without words."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from conftest import REPOSITORY, run_snakemake
from graylit.exports.writing import PARTS, make_export, replace_export
from graylit.tables.faults import InputError

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


def test_two_exports_are_the_same_bytes(frozen, exported, tmp_path):
    again = make_export(Path(shutil.copytree(frozen, tmp_path / "elsewhere")))
    assert {name: hashlib.sha256(content).hexdigest() for name, content in again.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in exported.items()
    }


def test_everything_a_paper_needs_is_exported(exported):
    wanted = {"sources.csl.json", "sources.bib", "guidelines.md", "guidelines.json", "prisma.csv", "paper.tex"}
    wanted |= {"tables/guidelines.tex", "tables/impacts.tex", "tables/codes.tex", "tables/sources.tex"}
    wanted |= {f"figures/{name}.{kind}" for name in ("support", "saturation", "dendrogram") for kind in ("svg", "pdf")}
    assert wanted | {"data-package/datapackage.json", "replication-package.zip"} <= set(exported)


def test_the_command_writes_all_files_and_leaves_no_old_ones(tmp_path, exported):
    folder = tmp_path / "results/export"
    folder.mkdir(parents=True)
    (folder / "old.csv").write_text("old")
    replace_export(folder, exported, PARTS)
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written == exported


def test_a_study_without_a_review_is_refused(mini):
    with pytest.raises(InputError, match="run `graylit review` first"):
        make_export(mini)
    assert not (mini / "results/export").exists()


def test_the_report_of_snakemake_shows_results_by_category_with_labels(built_copy):
    ended = run_snakemake(built_copy, "--report", "results/run.html")
    assert ended.returncode == 0, ended.stderr
    page = (built_copy / "results/run.html").read_text("utf-8")
    assert set(re.findall(r'"(?:Coding|Screening|Synthesis|Reporting)"', page)) == {
        '"Coding"', '"Screening"', '"Synthesis"', '"Reporting"'
    }  # fmt: skip
    assert "agreement of coders" in page
    assert "support of guidelines" in page
