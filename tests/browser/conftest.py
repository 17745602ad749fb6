"""A real Chromium, and a fresh page of it for each test."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.browsing import assert_nothing_left_the_machine, forget, observe

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root there is no sandbox. The rest keeps Chromium from asking its maker's machines for anything.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW = {"width": 1280, "height": 860}
WAIT_MS = 10_000  # an end to every wait, so that a fault ends a test instead of hanging it


def find_chromium() -> str:
    """Return where the Chromium of this machine is."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is not installed here: `make test-browser` says how to get it"
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a running Chromium, that of this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Return a new page that is observed; a test that made it ask another machine fails, and so do its own errors."""
    context = chromium.new_context(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    opened = context.new_page()
    seen = observe(opened)
    yield opened
    assert_nothing_left_the_machine(opened)
    forget(opened)
    context.close()
    assert seen.errors == []
