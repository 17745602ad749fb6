"""Export this study's projects, bring them back, and check that nothing is lost on the way.

The formats folder holds the REFI-QDA schema and TestProject.qdpx, a project of ATLAS.ti that came without its texts.
The study's review has the words at hand: one from captures, or with an archive of its pages.
"""

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from figures import Figure, write_figures
from graylit.anchors.fingerprints import digest_exact
from graylit.exchange.import_plan import Asked, plan_import
from graylit.exchange.refi_reading import read_project
from graylit.exchange.refi_writing import build_project, pack_project
from graylit.exchange.review import ExportedReview, read_review
from graylit.tables.faults import InputError

NOW = "2026-12-01T00:00:00Z"
SPACE = "{urn:QDA-XML:project:1.0}"
Members = dict[str, bytes]


def measure_places(packed: bytes, state: ExportedReview) -> float:
    """Return the share of places whose words, cut from the texts in the project, have the digests of the tables."""
    members = read_members(packed)
    found = []
    for source in etree.fromstring(members["project.qde"]).iter(f"{SPACE}TextSource"):
        text = members[source.get("plainTextPath").replace("internal://", "sources/")].decode("utf-8")
        for place in source.iter(f"{SPACE}PlainTextSelection"):
            found.append(digest_exact(text[int(place.get("startPosition")) : int(place.get("endPosition"))]))
    wanted = [c["exact_sha256"] for c in state.codings if c["method"] in ("same_place", "same_words")]
    return sum(found.count(digest) >= wanted.count(digest) for digest in wanted) / max(1, len(wanted))


def read_members(packed: bytes) -> Members:
    """Return the members of a project by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plant_edit(members: Members) -> Members:
    """Return a project in which one coding lost its last character."""
    root = etree.fromstring(members["project.qde"])
    selection = next(root.iter(f"{SPACE}PlainTextSelection"))
    selection.set("endPosition", str(int(selection.get("endPosition")) - 1))
    return {**members, "project.qde": etree.tostring(root)}


def rewrite_for_windows(members: Members) -> Members:
    """Return a project as some tools write it: texts with byte order mark and CRLF, positions that count both."""
    root = etree.fromstring(members["project.qde"])
    changed = dict(members)
    for source in root.iter(f"{SPACE}TextSource"):
        name = source.get("plainTextPath").replace("internal://", "sources/")
        text = members[name].decode("utf-8")
        changed[name] = ("\ufeff" + text.replace("\n", "\r\n")).encode("utf-8")
        for place in source.iter(f"{SPACE}PlainTextSelection"):
            for side in ("startPosition", "endPosition"):
                at = int(place.get(side))
                place.set(side, str(at + 1 + text.count("\n", 0, at)))
    return {**changed, "project.qde": etree.tostring(root)}


def lose_guids(members: Members) -> Members:
    """Return a project in which another tool gave every place, coding and code a GUID of its own."""
    content = members["project.qde"].decode("utf-8")
    root = etree.fromstring(content.encode("utf-8"))
    tags = ("PlainTextSelection", "Coding", "Code")
    old = {element.get("guid") for tag in tags for element in root.iter(f"{SPACE}{tag}")}
    for number, guid in enumerate(sorted(old)):
        content = content.replace(guid, f"00000000-0000-4000-8000-{number:012d}")
    return {**members, "project.qde": content.encode("utf-8")}


def count_changes(study: Path, members: Members, coders: list[str], scratch: Path) -> int:
    """Return the number of changes that imports for all coders would make."""
    path = scratch / "project.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sum(len(plan_import(study, Asked(path, coder), NOW).difference.changes) for coder in coders)


def count_damages(study: Path, packed: bytes, coder: str, scratch: Path, n_damages: int) -> int:
    """Return the number of damaged projects that end in neither a plan nor an error for the researcher; none may."""
    chance, path, n_crashed = random.Random(20260606), scratch / "damaged.qdpx", 0
    for _ in range(n_damages):
        content = bytearray(packed)
        for at in chance.sample(range(len(content)), chance.randint(1, 30)):
            content[at] = chance.randrange(256)
        path.write_bytes(content)
        try:
            plan_import(study, Asked(path, coder), NOW)
        except InputError:
            continue
        except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, RuntimeError):
            n_crashed += 1
    return n_crashed


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def list_figures(study: Path, formats: Path, scratch: Path) -> list[Figure]:
    """Return the figures of the benchmark; `study` holds a finished review."""
    state = read_review(study)
    packed, coders = pack_project(state), sorted(state.study.codings)
    members = read_members(packed)
    schema = etree.XMLSchema(etree.parse(formats / "REFI-QDA-Project.xsd"))
    test = read_project(formats / "TestProject.qdpx")
    n_test = sum(n for reason, n in test.skipped.items() if "without a code" not in reason)

    def changes(change: Callable[[Members], Members]) -> int:
        return count_changes(study, change(members), coders, scratch)

    return [
        Figure("sources", len(state.study.sources.cells), "sources"),
        Figure("codings", len(state.codings), "codings"),
        Figure("valid_against_schema", int(schema.validate(etree.fromstring(build_project(state)))), "flag", "== 1"),
        Figure("bytes_equal_twice", int(pack_project(read_review(study)) == packed), "flag", "== 1"),
        Figure("codings_at_their_place", measure_places(packed, state), "share", "== 1"),
        Figure("changes_after_round_trip", changes(dict), "changes", "== 0"),
        Figure("changes_after_lost_guids", changes(lose_guids), "changes", "== 0"),
        Figure("changes_after_windows_texts", changes(rewrite_for_windows), "changes", "== 0"),
        Figure("changes_after_one_edit", changes(plant_edit), "changes", "== 1"),
        Figure("crashes_of_100_damages", count_damages(study, packed, coders[0], scratch, 100), "crashes", "== 0"),
        Figure("test_project_text_codings_read", len(test.codings), "codings", "== 9"),
        Figure("test_project_codings_accounted_for", len(test.codings) + n_test, "codings", "== 16"),
        Figure("export_wall", time_call(lambda: pack_project(read_review(study))), "s"),
        Figure("import_wall", time_call(lambda: changes(dict)) / len(coders), "s"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, default=Path())
    parser.add_argument("--formats", type=Path, required=True)
    arguments = parser.parse_args()
    if not (arguments.formats / "REFI-QDA-Project.xsd").exists():
        sys.exit(f"{arguments.formats}/REFI-QDA-Project.xsd is missing; name the folder of formats with --formats")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            study = Path(scratch) / "study"
            shutil.copytree(arguments.study / "config", study / "config")
            shutil.copytree(arguments.study / "data/processed", study / "data/processed")
            figures = list_figures(study, arguments.formats, Path(scratch))
        except InputError as error:
            sys.exit(str(error))
    sys.exit(0 if write_figures("exchange", figures) else 1)
