"""`graylit new`: a study of one's own, and what it says to do next."""

import subprocess

import pytest

from graylit.commands.new import describe_start
from graylit.study.checking import read_study
from running import call_graylit


def test_a_new_study_is_faultless_once_what_is_in_brackets_and_the_sources_are_filled_in(tmp_path):
    folder = tmp_path / "my study"
    assert call_graylit("new", folder).returncode == 0
    faults = read_study(folder)[1]
    assert [(fault.file, fault.column) for fault in faults] == [
        ("config/config.yaml", "title"),
        ("config/config.yaml", "collection.contact"),
        ("config/sources.csv", ""),
    ]
    config = folder / "config/config.yaml"
    config.write_text(config.read_text().replace("(title of your review)", "Mine").replace("(your e-mail", "e-mail"))
    sources = folder / "config/sources.csv"
    row = "S001,https://example.org/barrels,Barrels,Ann,blog-post"
    n_more = sources.read_text().count(",") - row.count(",")
    sources.write_text(f"{sources.read_text()}{row}{',' * n_more}\n")
    assert read_study(folder)[1] == []


def test_a_new_study_touches_nothing_that_exists(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    ended = call_graylit("new", tmp_path)
    assert "holds something already" in ended.stderr
    assert ended.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_study_is_asked_for_by_its_folder():
    ended = call_graylit("new")
    assert "Missing argument 'FOLDER'" in ended.stderr
    assert ended.returncode == 2


def test_the_first_coder_of_a_new_study_can_be_named(tmp_path):
    ended = call_graylit("new", tmp_path / "study", "--coder", "MK")
    assert [path.name for path in (tmp_path / "study/config/coding/codings").iterdir()] == ["MK.csv"]
    assert "graylit desk --as MK" in ended.stdout
    named = call_graylit("new", tmp_path / "named", "--coder", "Ana-Mar\u00eda O'Neil")
    assert 'graylit desk --as "Ana-Mar\u00eda O\'Neil":' in named.stdout
    refused = call_graylit("new", tmp_path / "other", "--coder", "../x")
    assert "'../x' cannot be the name of a coder" in refused.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["my-review", "it's", "a b", "$HOME", 'so "called"', "-x", "größe; ls", "`date`", "~"])
def test_the_first_step_leads_into_the_new_folder_as_a_shell_reads_it(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    ended = call_graylit("new", "--", name)
    step = next(line for line in ended.stdout.splitlines() if line.startswith("  1. ")).removeprefix("  1. ")
    led = subprocess.run(["sh", "-c", f"{step} && pwd"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert led.stdout == f"{tmp_path / name}\n"


def test_in_the_folder_itself_there_is_no_step_into_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call_graylit("new", ".").returncode == 0
    steps = describe_start(tmp_path, "A", n_files=22)
    assert "cd " not in steps
    assert "  1. Fill in the title" in steps
