"""The pictures of the README are those that the command takes, and light."""

import re

from browser.images import IMAGES, MOST_BYTES, OF_DEFAULT, OF_MINI, take_desk, take_images
from conftest import REPOSITORY
from desks import write_readable

SHOTS = OF_DEFAULT + OF_MINI


def test_the_command_takes_every_picture_that_lies_beside_the_readme(chromium, built, tmp_path):
    taken = [*take_images(chromium, built / "results", SHOTS, tmp_path)]
    taken.append(take_desk(chromium, write_readable(tmp_path / "study"), tmp_path))
    assert {path.name for path in taken} == {path.name for path in IMAGES.iterdir()}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in taken)


def test_every_picture_of_the_readme_is_there_light_and_told_in_words():
    shown = re.findall(r"!\[(.*?)\]\((docs/images/.*?)\)", (REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert {name for _, name in shown} == {f"docs/images/{path.name}" for path in IMAGES.iterdir()}
    assert all(len(words.split()) > 4 for words, _ in shown)
    assert max(path.stat().st_size for path in IMAGES.iterdir()) < MOST_BYTES
