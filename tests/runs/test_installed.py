"""An environment of which files are missing is not taken for whole."""

import subprocess
import sys

from archives import REPOSITORY
from graylit.runs.installed import list_incomplete


def install(folder, name, files):
    """Lay out a package as an installer does, with the list of its files and their sizes; return its folder."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    for path, words in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(words, encoding="utf-8")
    rows = "".join(f"{path},sha256=x,{len(words)}\n" for path, words in files.items())
    (about / "RECORD").write_text(f"{rows}{name}/__pycache__/made.pyc,,\n", encoding="utf-8")
    return folder / name


def test_a_package_that_lacks_a_file_or_a_part_of_one_is_named(tmp_path):
    install(tmp_path, "whole", {"whole/__init__.py": "x = 1\n"})
    (install(tmp_path, "lacking", {"lacking/__init__.py": "x = 1\n"}) / "__init__.py").unlink()
    (install(tmp_path, "cut", {"cut/__init__.py": "x = 1\n"}) / "__init__.py").write_text("x", encoding="utf-8")
    assert list_incomplete([str(tmp_path)]) == ["cut", "lacking"]


def test_setup_that_was_broken_off_begins_anew_and_a_second_one_waits(tmp_path):
    (tmp_path / "Makefile").write_bytes((REPOSITORY / "Makefile").read_bytes())
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).touch()
    unfinished = tmp_path / ".venv" / ".unfinished"
    unfinished.parent.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        unfinished.write_text(f"{other.pid}\n", encoding="utf-8")
        waits = subprocess.run(["make", "setup"], cwd=tmp_path, capture_output=True, text=True, check=False)
        other.communicate(b"\n")
    assert f"Process {other.pid} sets up the environment just now" in waits.stdout and waits.returncode
    plan = subprocess.run(["make", "-n", "setup"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert plan.index("rm -rf .venv") < plan.index("-m venv") < plan.index("--require-hashes") < plan.index("uv sync")
    assert plan.index("uv sync") < plan.index("graylit.runs.installed") < plan.index("touch .venv/.ready")
