"""The one command of a replication package: it says what decides, and names what is not as it was packed."""

import ast
import csv
import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from archives import REPOSITORY
from conftest import clean_environment
from graylit.exports import replay

SOURCE = REPOSITORY / "src/graylit/exports/replay.py"
SAME = "VERDICT: SAME. All {} released tables were made again, byte for byte (data/frozen/released.csv)."


def unpack(package: dict[str, bytes], folder: Path) -> Path:
    """Write the files of a package to a folder, whose environment is that of the tests: nothing is installed."""
    for file, content in package.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    environment = folder / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to(sys.executable)
    for part in ("lib", "pyvenv.cfg"):
        (environment / part).symlink_to(Path(sys.prefix) / part)
    (environment / ".replays").write_text(f"{folder}\n{hashlib.sha256(package['uv.lock']).hexdigest()}\n")
    return folder


def run_replay(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the package's one command."""
    command = [sys.executable, "replay.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          env=clean_environment(**environment))  # fmt: skip


@pytest.fixture(scope="module")
def replayed_package(package, tmp_path_factory):
    """Return the folder of the mini study's package after its replay, and how that ended."""
    folder = unpack(package, tmp_path_factory.mktemp("reviewer") / "Zoë's Prüfung 评审")
    return folder, run_replay(folder, LC_ALL="C")


def test_a_replay_ends_with_the_verdict_on_every_released_table(replayed_package, package):
    folder, ended = replayed_package
    n_tables = package["data/frozen/released.csv"].count(b"\ntable,")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert SAME.format(n_tables) in ended.stdout.splitlines()
    assert SAME.format(n_tables) in package["README.md"].decode().splitlines()
    assert (folder / "results/report.html").is_file()


def test_a_replay_leaves_what_was_packed_as_it_is_and_notes_what_was_measured(replayed_package, package):
    folder, _ = replayed_package
    assert {file for file, content in package.items() if (folder / file).read_bytes() != content} == set()
    with (folder / "results/replays.csv").open(encoding="utf-8", newline="") as lines:
        row = list(csv.DictReader(lines))[-1]
    named = [line for line in package["SHA256SUMS"].splitlines(keepends=True) if not line.endswith(b"  BADGES.md\n")]
    assert (row["package"], row["exit_code"]) == (hashlib.sha256(b"".join(named)).hexdigest(), "0")
    assert len(named) == len(package) - 2
    assert row["n_same"] == row["n_tables"] != "0"


def test_a_table_that_is_made_otherwise_is_named(replayed_package):
    folder, _ = replayed_package
    made = folder / "data/processed/code_counts.csv"
    before = made.read_bytes()
    made.write_bytes(before.replace(b"C01", b"C99", 1))
    try:
        n_tables, differing = replay.compare_tables(folder)
    finally:
        made.write_bytes(before)
    assert replay.conclude(n_tables, differing, 0) == (
        3, f"VERDICT: DIFFERENT. 1 of {n_tables} released tables differ: code_counts"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes().replace(b",", b";", 1)), "has other bytes than were packed"),
        (Path.unlink, "is missing"),
    ],
)
def test_a_file_that_is_not_as_packed_is_named_before_anything_is_made(package, tmp_path, damage, said):
    folder = unpack(package, tmp_path / "here")
    damage(folder / "data/frozen/segments.csv")
    ended = run_replay(folder)
    assert ended.returncode == 1
    assert ended.stdout == f"  data/frozen/segments.csv: {said}\n"
    assert ended.stderr.startswith(f"Not as packed: 1 of {len(package) - 1} files. Unzip the package anew")
    assert not (folder / "results/logs").exists()


def test_a_changed_decision_gives_a_verdict_once_that_is_asked_for(package, tmp_path):
    folder = unpack(package, tmp_path / "here")
    table = folder / "config/synthesis/practices.csv"
    rows = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(rows[:-1]), "utf-8")
    ended = run_replay(folder, "--as-is")
    assert "  config/synthesis/practices.csv: has other bytes than were packed\n" in ended.stdout
    assert "\nVERDICT: " in ended.stdout, ended.stdout + ended.stderr


def test_a_second_replay_in_a_folder_waits_for_nothing_and_says_so(package, tmp_path):
    folder = unpack(package, tmp_path / "here")
    with (folder / ".replay.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = run_replay(folder)
    assert (ended.returncode, ended.stderr) == (
        1, f"Another process replays in {folder} just now; wait until it has ended\n"
    )  # fmt: skip


def test_a_copy_is_made_in_an_empty_folder_only(package, tmp_path):
    folder = unpack(package, tmp_path / "here")
    replay.copy_package(folder, tmp_path / "there")
    assert replay.find_changed(tmp_path / "there", replay.read_sums(folder)) == []
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("mine")
    with pytest.raises(SystemExit, match="full is not empty and holds another thing than this package"):
        replay.copy_package(folder, tmp_path / "full")


def test_a_set_up_without_network_says_what_it_needs(package, tmp_path):
    folder = unpack(package, tmp_path / "here")
    (folder / ".venv/.replays").unlink()
    closed = "http://127.0.0.1:9"
    ended = run_replay(folder, HTTPS_PROXY=closed, HTTP_PROXY=closed, NO_PROXY="", PIP_NO_INDEX="", PIP_FIND_LINKS="",
                       PIP_CONFIG_FILE="/dev/null", PIP_INDEX_URL="http://127.0.0.1:9/simple")  # fmt: skip
    assert ended.returncode == 1
    assert "from pypi.org and files.pythonhosted.org" in ended.stderr
    assert ended.stderr.endswith("The same command goes on from here.\n")


def test_older_versions_of_python_can_read_what_tells_them_which_is_needed():
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 6))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "__future__" not in imported  # 3.6 knows no `annotations` there
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_uv_is_installed_in_its_locked_version_by_its_digests(package):
    pinned = replay.pin_uv(package["uv.lock"].decode()).split()
    assert pinned[0] in (REPOSITORY / "pyproject.toml").read_text("utf-8")
    assert all(part.startswith("--hash=sha256:") for part in pinned[1:])
    assert len(pinned) > 10
