"""The mini study as it could be published: with claims, and with no words of a source in what people wrote."""

import re
import shutil
from pathlib import Path

import pytest

from claimed_study import write_claims
from conftest import read_table, run_review, share_folder, write_table
from frozen_studies import copy_frozen, freeze, review
from graylit.site.writing import Files, make_site
from graylit.study.checking import accept_rows, require_study
from graylit.study.pasted import find_pasted


def reword(folder: Path) -> None:
    """Say in other words what a source says too: the mini study's guidelines and its sources have one author."""
    for fault in find_pasted(folder, require_study(folder)):
        rows = read_table(folder / fault.file)
        rows[fault.row - 2][fault.column] = re.sub(
            r"(\w+ \w+ \w+)", r"\1 (so it seems)", rows[fault.row - 2][fault.column]
        )
        write_table(folder / fault.file, rows)
    accept_rows(folder)
    assert find_pasted(folder, require_study(folder)) == []


def publish(folder: Path) -> None:
    """Make a study that can be published, with its texts at hand, and freeze it."""
    write_claims(folder)
    reword(folder)
    run_review(folder)
    freeze(folder)


@pytest.fixture(scope="session")
def published(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the mini study with claims, ready to be published, its texts at hand; tests read it only."""
    return share_folder(tmp_path_factory, "published", lambda folder: publish(Path(shutil.copytree(built, folder))))


@pytest.fixture(scope="session")
def republished(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of it after a review without any capture; tests read it only."""
    return share_folder(tmp_path_factory, "republished", lambda folder: review(copy_frozen(published, folder)))


@pytest.fixture(scope="session")
def public(published: Path) -> Files:
    """Return the files of its site by path."""
    return make_site(published)
