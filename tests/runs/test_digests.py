"""What a script depends on in the package, and what the workflow makes of it."""

import re
import shutil
import subprocess
import textwrap

import pytest

from archives import REPOSITORY
from conftest import clean_environment, list_command
from graylit.runs.digests import ModuleReader, digest_scripts, open_package
from graylit.runs.places import PACKAGE, SCRIPTS

MODULES = {
    "__init__.py": "",
    "room/__init__.py": "",
    "room/near.py": "import json\n",
    "room/far.py": "from pack.other import deep\n",
    "other/__init__.py": "from pack.aside import spoken\n",
    "other/deep.py": "",
    "other/beside.py": "from . import deep\nfrom ..room.near import anything\n",
    "aside.py": "spoken = 1\n",
    "unreached.py": "import pack.room.far\n",
    "circle.py": "import pack.round\n",
    "round.py": "import pack.circle\n",
}


@pytest.fixture
def pack(tmp_path):
    for name, content in MODULES.items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "pack"


def read(pack):
    return ModuleReader(pack.parent, pack.rglob("*.py"))


def list_reached(pack, script):
    path = pack.parent / "script.py"
    path.write_text(textwrap.dedent(script))
    reached = read(pack).list_reached(path)
    return {file.relative_to(pack).as_posix() for file in reached} - {"__init__.py"}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("import json", set()),
        ("import pack.room.near", {"room/__init__.py", "room/near.py"}),
        ("from pack.room import near", {"room/__init__.py", "room/near.py"}),
        ("from pack.room import near as close", {"room/__init__.py", "room/near.py"}),
        ("from pack.room.near import anything", {"room/__init__.py", "room/near.py"}),
        ("from pack import aside, circle", {"aside.py", "circle.py", "round.py"}),
        (
            "from pack.room import far",
            {"room/__init__.py", "room/far.py", "other/__init__.py", "other/deep.py", "aside.py"},
        ),
        ("import pack.other", {"other/__init__.py", "aside.py"}),
        (
            "import pack.other.beside",
            {"other/__init__.py", "other/beside.py", "other/deep.py", "aside.py", "room/__init__.py", "room/near.py"},
        ),
        ("import packet.room.near", set()),
    ],
)
def test_a_script_reaches_what_its_imports_run(pack, script, expected):
    assert list_reached(pack, script) == expected


@pytest.mark.parametrize(
    "script",
    [
        "def late():\n    from pack import aside",
        "class Late:\n    def late(self):\n        import pack.aside",
        "async def late():\n    for _ in ():\n        import pack.aside",
        "try:\n    import json\nexcept ImportError:\n    import pack.aside",
        "try:\n    import json\nfinally:\n    import pack.aside",
        "with open('a'):\n    import pack.aside",
        "match 1:\n    case 1:\n        import pack.aside",
        "while True:\n    pass\nelse:\n    import pack.aside",
        "if __name__ == '__main__':\n    import pack.aside",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pack.circle\nelse:\n    import pack.aside",
    ],
)
def test_an_import_is_found_wherever_it_stands(pack, script):
    assert list_reached(pack, script) == {"aside.py"}


@pytest.mark.parametrize("condition", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_an_import_for_types_only_is_none(pack, condition):
    assert list_reached(pack, f"import typing\nif {condition}:\n    import pack.aside") == set()


def test_a_module_reaches_itself(pack):
    reached = read(pack).list_reached(pack / "room/near.py")
    assert reached == [pack / "__init__.py", pack / "room/__init__.py", pack / "room/near.py"]


def test_only_what_is_reached_changes_a_digest(pack):
    script = pack.parent / "script.py"
    script.write_text("import pack.room.far")
    digests = {}
    for name in MODULES:
        before = read(pack).digest(script)
        with (pack / name).open("a") as module:
            module.write("# a comment\n")
        digests[name] = read(pack).digest(script) != before
    reached = {"__init__.py", "room/__init__.py", "room/far.py", "other/__init__.py", "other/deep.py", "aside.py"}
    assert {name for name, is_changed in digests.items() if is_changed} == reached


@pytest.mark.parametrize("damage", [None, "", "{", '{"made_by": "another", "imports": {}}'])
def test_what_an_earlier_run_parsed_changes_no_digest(tmp_path, damage):
    known = tmp_path / "new/known.json"
    first = digest_scripts(known)
    if damage is not None:
        known.write_text(damage)
    assert digest_scripts(known) == first == digest_scripts()


def test_no_step_reaches_a_command_or_a_page_for_coding():
    reader = open_package()
    reached = {path for script in SCRIPTS.glob("*/*.py") for path in reader.list_reached(script)}
    rooms = {path.relative_to(PACKAGE).parts[0] for path in reached if path.is_relative_to(PACKAGE)}
    assert {"tables", "runs", "topics"} <= rooms
    assert not {"commands", "desk", "exchange", "exports"} & rooms


def test_a_module_reruns_the_steps_that_reach_it_and_no_other(built_copy, tmp_path):
    house = tmp_path / "house"
    for folder in ("src", "scripts", "workflow"):
        shutil.copytree(REPOSITORY / folder, house / folder)
    shutil.copy2(REPOSITORY / "environment.yml", house)

    def list_planned():
        arguments = ["--snakefile", str(house / "workflow/Snakefile"), "--dry-run", "--workflow-profile", "none"]
        command = list_command(built_copy, *arguments)
        path = {"PYTHONPATH": str(house / "src")}
        ended = subprocess.run(command, env=clean_environment(**path), capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return set(re.findall(r"^rule (\w+):", ended.stdout + ended.stderr, re.MULTILINE))

    def list_planned_after(module):
        path = house / PACKAGE.relative_to(REPOSITORY) / module
        before = path.read_bytes()
        path.write_bytes(before + b"# a comment\n")
        planned = list_planned()
        path.write_bytes(before)
        return planned

    pages = {"write_report", "write_audit", "write_ledger", "review"}  # whose templates are others in the copied house
    assert list_planned() - pages == set()
    assert list_planned_after("exports/latex.py") - pages == set()
    planned = list_planned_after("topics/grouping.py")
    assert "fit_topics" in planned
    assert not {"extract_texts", "segment_texts", "count_codes", "measure_agreement"} & planned
