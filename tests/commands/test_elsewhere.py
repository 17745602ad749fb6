"""A new study, and commands on a study elsewhere."""

import subprocess

from archives import REPOSITORY
from graylit.study.checking import read_study
from graylit.tables.faults import name_command
from running import call_graylit, run_graylit
from tiny_study import write_study


def run_make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


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
    with (folder / "config/sources.csv").open("a") as table:
        table.write("S001,https://example.org/barrels,Barrels,Ann,blog-post,,,,\n")
    assert read_study(folder)[1] == []


def test_a_new_study_touches_nothing_that_exists(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    ended = call_graylit("new", tmp_path)
    assert "holds something already" in ended.stderr
    assert ended.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_study_is_asked_for_by_its_folder():
    ended = call_graylit("new")
    assert "Missing argument 'FOLDER'" in ended.stderr
    assert ended.returncode != 0


def test_the_first_coder_of_a_new_study_can_be_named(tmp_path):
    call_graylit("new", tmp_path / "study", "--coder", "MK")
    assert [path.name for path in (tmp_path / "study/config/coding/codings").iterdir()] == ["MK.csv"]
    refused = call_graylit("new", tmp_path / "other", "--coder", "../x")
    assert "'../x' cannot be a coder's name" in refused.stderr


# Commands on a study elsewhere ----------------------------------------------------------------------------------


def test_a_misspelt_folder_is_named_and_nothing_is_made_in_it(tmp_path):
    ended = run_make("review", f"STUDY={tmp_path / 'nosuch'}")
    assert "nosuch is no study" in ended.stderr
    assert ended.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_the_hint_of_a_study_without_captures_is_for_that_study_and_no_log_is_promised(tmp_path):
    folder = write_study(tmp_path / "my study")
    ended = run_graylit("-C", folder, "review")
    assert f"graylit -C '{folder}' collect" in ended.stderr
    assert "Stopped. With --loud" in ended.stderr
    assert not (folder / "results").exists()


def test_clean_removes_what_was_made_of_the_study_named_and_nothing_else(tmp_path):
    folder = write_study(tmp_path / "my study")
    made = ["data/processed/texts/S001.txt", "results/export/README.md", "results/report.html"]
    kept = ["data/processed/README.md", "results/README.md", "data/raw/captures.csv"]
    before = sorted(REPOSITORY.glob("results/*"))
    for file in [*made, *kept]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    assert call_graylit("-C", folder, "clean").returncode == 0
    assert [file for file in [*made, *kept] if (folder / file).exists()] == kept
    assert sorted(REPOSITORY.glob("results/*")) == before


def test_a_command_that_is_named_for_the_main_study_names_no_folder(monkeypatch):
    for study in ("", "."):
        monkeypatch.setenv("GRAYLIT_STUDY", study)
        assert name_command("collect") == "graylit collect"
