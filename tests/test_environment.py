"""The two descriptions of the environment say the same, and it stays small."""

import re
import tomllib
from importlib.metadata import distribution, packages_distributions, version

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement

from archives import REPOSITORY
from graylit.exports.replication import PROGRAM_FILES, PROGRAM_FOLDERS

LOCK = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = {package["name"]: package for package in LOCK["package"]}
MACHINES = [
    {
        "sys_platform": platform,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    for platform, machine in [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("darwin", "x86_64")]
    for python in ("3.11", "3.12", "3.13")
]


def holds(marker):
    """Return whether a dependency is needed on any machine that the review runs on."""
    return not marker or any(Marker(marker).evaluate(machine) for machine in MACHINES)


def close_over(name):
    """Return the names of all packages that a package needs to run, itself not included."""
    found, waiting = {(name, ())}, [(name, ())]
    while waiting:
        current, extras = waiting.pop()
        package = PACKAGES[current]
        needed = package.get("dependencies", [])
        needed = needed + [one for extra in extras for one in package["optional-dependencies"][extra]]
        wanted = {(one["name"], tuple(one.get("extra", ()))) for one in needed if holds(one.get("marker", ""))}
        waiting += sorted(wanted - found)
        found |= wanted
    return {found_name for found_name, _ in found} - {name}


def list_licences(package):
    """Return what a package says of its licence: in its metadata and, if nothing there is short, in its own file."""
    metadata = distribution(package).metadata
    stated = [metadata.get("License-Expression", ""), metadata.get("License", "").partition("\n")[0]]
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License :: ")]
    names = [name for name in [*stated, *classifiers] if name and len(name) < 200]
    files = [file for file in distribution(package).files or [] if re.search("licen[cs]e|copying", file.name, re.I)]
    return names or [" ".join(file.read_text(encoding="utf-8").split())[:200] for file in files]


def asks_for_the_same_licence(licences):
    """Return whether all who import a package must give their own program its licence: GPL or AGPL without a choice."""
    choices = [choice for licence in licences for choice in re.split(r"\bOR\b", licence)]
    return all(re.search(r"(?<!L)(?<!Lesser )\bA?GPL|(?<!Lesser )General Public", choice) for choice in choices)


def read_pins():
    """Return (name of the package, version) for each line of the list for pip in environment.yml."""
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))
    (for_pip,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    return [(Requirement(line).name, str(Requirement(line).specifier)) for line in for_pip]


def test_no_package_is_locked_in_two_versions():
    assert len(PACKAGES) == len(LOCK["package"])


def test_environment_yml_holds_what_uv_lock_needs_to_run():
    assert dict(read_pins()) == {name: f"=={PACKAGES[name]['version']}" for name in close_over("graylit")}


def test_environment_yml_names_each_package_once():
    names = [name for name, _ in read_pins()]
    assert sorted(names) == sorted(set(names))


def test_tools_of_developers_are_not_in_environment_yml():
    groups = PROJECT["dependency-groups"].values()
    developers = {Requirement(line).name for group in groups for line in group}
    assert developers & dict(read_pins()).keys() == set()


def test_every_package_that_pyproject_asks_for_is_locked_in_a_version_it_allows():
    asked = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    assert [one.name for one in asked if PACKAGES[one.name]["version"] not in one.specifier] == []


def test_the_lock_is_for_the_pythons_of_pyproject():
    assert LOCK["requires-python"].replace(" ", "") == PROJECT["project"]["requires-python"].replace(" ", "")


def list_installed():
    """Return the packages that a run needs on this machine; the others cannot be asked."""
    installed = {name.lower().replace("_", "-") for names in packages_distributions().values() for name in names}
    return sorted(close_over("graylit") & installed)


def test_every_package_that_a_run_needs_has_a_licence_that_an_mit_program_may_import():
    licences = {name: list_licences(name) for name in list_installed()}
    assert len(licences) > 80
    assert [name for name, found in licences.items() if not found or asks_for_the_same_licence(found)] == []


@pytest.mark.parametrize("licence", ["GPL-3.0-or-later", "AGPL-3.0-only", "GNU General Public License v3 (GPLv3)"])
def test_a_licence_that_asks_for_the_same_licence_is_noticed(licence):
    assert asks_for_the_same_licence([licence])


@pytest.mark.parametrize(
    "licence", ["LGPL-3.0-or-later", "MPL-1.1 OR GPL-2.0-only", "GNU Lesser General Public License v3 (LGPLv3)", "MIT"]
)
def test_a_licence_that_leaves_the_importing_program_its_own_is_fine(licence):
    assert not asks_for_the_same_licence([licence])


@pytest.mark.parametrize("name", ["torch", "sentence-transformers", "transformers"])
def test_a_package_too_large_for_this_project_is_not_locked(name):
    assert name not in PACKAGES


@pytest.mark.parametrize("name", ["numba", "umap-learn", "hdbscan", "onnxruntime"])
def test_a_package_of_the_rivals_is_not_needed_to_run_the_review(name):
    assert name not in close_over("graylit")


def test_nothing_for_graphics_cards_is_locked():
    assert [name for name in PACKAGES if name.startswith(("nvidia", "cuda", "triton"))] == []


def test_every_package_comes_from_the_index():
    others = [name for name, package in PACKAGES.items() if "registry" not in package["source"]]
    assert others == ["graylit"]


def test_a_wheel_carries_what_a_replication_package_holds_of_the_program():
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert set(carried) == {*PROGRAM_FILES, *PROGRAM_FOLDERS}
    assert [target for file, target in carried.items() if target != f"graylit/house/{file}"] == []


def test_the_version_is_the_one_to_cite():
    cited = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == PROJECT["project"]["version"] == version("graylit")
