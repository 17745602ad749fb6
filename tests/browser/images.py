"""The pictures of the README: pages of the default study and of the mini study, as a Chromium shows them.

`make images` takes them anew after a change of pages or of the study; its review must be up to date. Only the report is
shown of the default study, since it has no words of sources.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(HOUSE / "tests")] if __name__ == "__main__" else []

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from browser.conftest import ARGUMENTS, find_chromium  # noqa: E402
from conftest import copy_mini, run_review  # noqa: E402
from desks import serve_page, write_readable  # noqa: E402

IMAGES = HOUSE / "docs/images"
MOST_BYTES = 300_000  # of an image: a README should be there at once, also by a slow line
WINDOW = {"width": 1280, "height": 820}
PHONE = {"width": 390, "height": 820}


@dataclass(frozen=True)
class Shot:
    """A picture of a page: its name, the page below the results, and what stands at the top of the window."""

    name: str
    page: str
    top: str = ""
    is_phone: bool = False


OF_DEFAULT = (
    Shot("report", "report.html"),
    Shot("report-support", "report.html", "figure:has(#picture-support-title)"),
    Shot("report-phone", "report.html", "figure:has(#picture-support-title)", is_phone=True),
)
OF_MINI = (Shot("audit-guideline", "audit/guidelines/G01.html", "#evidence"),)


def take_images(browser: Browser, results: Path, shots: tuple[Shot, ...], folder: Path) -> Iterator[Path]:
    """Write the pictures of a study's results into a folder; yield each. Raises SystemExit if one is too large."""
    for shot in shots:
        page = _open(browser, is_phone=shot.is_phone)
        page.goto((results / shot.page).as_uri())
        if shot.top:
            page.locator(shot.top).first.evaluate("part => part.scrollIntoView()")
            page.wait_for_function("document.querySelector('#contents [aria-current]') !== null")
        yield _take(page, folder / f"{shot.name}.png")


def take_desk(browser: Browser, study: Path, folder: Path) -> Path:
    """Write the picture of the coding page of a study that can be coded."""
    page = _open(browser)
    with serve_page(study, "B") as server:
        page.goto(server.address)
        page.locator("#target:has-text('A code goes to')").wait_for()
        page.keyboard.press("j")
        page.keyboard.press("/")
        page.keyboard.type("mesh")
        page.keyboard.press("Enter")
        page.locator("#saved:has-text('Saved')").wait_for()
        taken = _take(page, folder / "coding-page.png")
        page.goto("about:blank")
    return taken


def _open(browser: Browser, *, is_phone: bool = False) -> Page:
    window = PHONE if is_phone else WINDOW
    return browser.new_context(viewport=window, color_scheme="light", reduced_motion="reduce").new_page()


def _take(page: Page, path: Path) -> Path:
    page.screenshot(path=path, animations="disabled")
    if (size := path.stat().st_size) > MOST_BYTES:
        sys.exit(f"{path} has {size:,} bytes, more than {MOST_BYTES:,}: take less of the page")
    return path


if __name__ == "__main__":
    if not (HOUSE / "results/report.html").exists():
        sys.exit("results/report.html is missing; run: graylit review")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        mini = copy_mini(Path(made) / "mini")
        run_review(mini)
        taken = [
            *take_images(chromium, HOUSE / "results", OF_DEFAULT, IMAGES),
            *take_images(chromium, mini / "results", OF_MINI, IMAGES),
            take_desk(chromium, write_readable(Path(made) / "readable"), IMAGES),
        ]
        for path in taken:
            print(f"{path.relative_to(HOUSE)}  {path.stat().st_size / 1000:.0f} kB")
