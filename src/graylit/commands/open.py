"""`graylit open`: the report, the audit pages or the public site of the last review, served on this machine only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from graylit.runs.folders import with_study
from graylit.tables.faults import Fault, InputError, name_command

PAGES = {
    "report": "report.html",
    "audit": "audit/index.html",
    "new": "whats_new.html",
    "site": "site/index.html",
}
MADE_BY = {"new": "update", "site": "export site"}


def has_screen() -> bool:
    """Return whether a browser can show a page here: on Linux, not without a screen."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@click.command("open")
@click.argument("page", type=click.Choice(list(PAGES)), default="report")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; else a free one.")
@click.option("--show/--no-show", default=True, help="Open the page in the browser, or only say its address.")
@with_study
def command(folder: Path, page: str, port: int, show: bool) -> None:
    """Open the report, the audit pages or the public site of the last review.

    `new` is what the last update found. They are served on this machine only, until Ctrl+C.
    """
    from graylit.pages.serving import LOOPBACK, make_shown, make_token, open_socket, serve
    from graylit.runs.made import warn_outdated

    if not (folder / "results" / PAGES[page]).exists():
        verb = MADE_BY.get(page, "review")
        remedy = f"run `{name_command(verb)}` first"
        raise InputError([Fault(f"results/{PAGES[page]}", "is missing", f"what `graylit {verb}` writes", remedy)])
    warn_outdated(folder)
    listening, token = open_socket(port), make_token()
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/{PAGES[page]}"
    print(f"The page is at {address}; end with Ctrl+C", flush=True)
    if show and has_screen():
        click.launch(address)
    try:
        serve(make_shown(folder / "results", token), listening)
    except KeyboardInterrupt:
        print("\nEnded.")
