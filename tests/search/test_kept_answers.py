"""Kept answers of searches as files: verified, given to colleagues and taken from them."""

import pytest

from graylit.search.answers import FOLDER, Question
from graylit.search.live import search_now
from running import call_graylit
from search_services import NEAR, serve
from tiny_study import write_study
from warc_records import Made, make_answer, write_warc

FEED = b"""<rss version="2.0"><channel><title>Hives</title><item><title>Lids</title><link>https://hives.example/lids</link>
</item></channel></rss>"""


@pytest.fixture
def answers(tmp_path):
    with serve() as server:
        server.answers["/feed"] = (200, FEED, {"Content-Type": "application/xml"})
        server.answers["/robots.txt"] = (404, b"", {})
        search_now(tmp_path / "asked", NEAR, Question("feed", server.url("/feed")))
    (path,) = (tmp_path / "asked" / FOLDER).iterdir()
    return path


@pytest.fixture
def folder(tmp_path, answers):
    write_study(tmp_path / "study")
    said = call_graylit("-C", tmp_path / "study", "find", answers)
    assert "1 row = 1 new" in said.stdout, said.stderr
    return tmp_path / "study"


def test_answers_that_a_colleague_sent_are_kept_so_that_the_search_can_be_made_again(folder, answers):
    assert (folder / FOLDER / answers.name).read_bytes() == answers.read_bytes()
    assert call_graylit("-C", folder, "find", "--replay", "X01").returncode == 0


def test_kept_answers_are_verified(folder, answers):
    said = call_graylit("-C", folder, "verify")
    assert (said.returncode, "records of kept answers in 1 file read: all as they were written" in said.stdout) == (
        0,
        True,
    )


def test_kept_answers_that_were_changed_or_exchanged_are_named(folder, answers):
    kept = folder / FOLDER / answers.name
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 255
    kept.write_bytes(content)
    said = call_graylit("-C", folder, "verify")
    assert said.returncode and f"{FOLDER}: {answers.name}" in said.stdout
    kept.write_bytes(answers.read_bytes() + answers.read_bytes())
    said = call_graylit("-C", folder, "verify")
    assert said.returncode and "is not the file that search X01 names" in said.stdout


def test_kept_answers_that_are_elsewhere_are_no_fault(folder, answers):
    (folder / FOLDER / answers.name).unlink()
    said = call_graylit("-C", folder, "verify")
    assert (said.returncode, "Of X01 no answers are here" in said.stdout) == (0, True)


def test_kept_answers_go_beside_a_bundle_and_a_colleague_takes_them(folder, answers, tmp_path):
    lid = write_warc(tmp_path / "lid.warc.gz", Made("response", make_answer(), "https://hives.example/lids"))
    taken = call_graylit("-C", folder, "collect", "--no-live", "--archive", lid, "--candidates", "all")
    assert taken.returncode == 0, taken.stderr
    said = call_graylit("-C", folder, "share", "--to", tmp_path / "sent/bundle.warc.gz")
    assert "the kept answers of searches, 1 file, as private" in said.stdout, said.stdout + said.stderr
    (sent,) = (tmp_path / "sent/searches").iterdir()
    assert sent.read_bytes() == answers.read_bytes()
    (folder / FOLDER / answers.name).unlink()  # as in the clone of a colleague, since git does not take it
    said = call_graylit("-C", folder, "find", sent)
    assert said.returncode == 0, said.stderr
    assert (folder / FOLDER / answers.name).read_bytes() == answers.read_bytes()
