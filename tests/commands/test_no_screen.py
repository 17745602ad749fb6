"""A page is only shown in a browser if there is a screen to show it on."""

import pytest

from graylit.commands.open import has_screen


@pytest.mark.parametrize(("name", "expected"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("OTHER", False)])
def test_without_a_screen_no_browser_is_asked_for(monkeypatch, name, expected):
    for known in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(known, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv(name, ":0")
    assert has_screen() is expected
