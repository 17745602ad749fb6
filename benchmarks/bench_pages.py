"""Time the report and the audit pages: to write them, and to be ready for a reader in a real Chromium; weigh them."""

import argparse
import resource
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, time_command, write_figures

N_LOADS = 5  # of each page, of which the median counts
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Ready is when every script of the page has done its work and the browser has drawn what it made.
CLOCK = """addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(() => {
  window.readyAfter = performance.now();
})));"""
ASK = (
    "new Promise((done) => { const look = () => window.readyAfter ? done(readyAfter) : setTimeout(look, 5); look(); })"
)


def list_kinds(results: Path) -> Iterator[tuple[str, Path]]:
    """Yield each kind of page with the largest one of it, files of rows counted."""
    audit = results / "audit"
    yield "report", results / "report.html"
    for folder in ("guidelines", "codes", "sources", "tables"):
        pages = sorted((audit / folder).glob("*.html"))
        if pages:
            yield (
                folder.removesuffix("s"),
                max(pages, key=lambda page: sum(path.stat().st_size for path in list_parts(page))),
            )
    for page in sorted(audit.glob("*.html")):
        yield page.stem, page


def list_parts(page: Path) -> list[Path]:
    """Return the files that a page is loaded from, those that all pages share aside."""
    return [page, *page.parent.glob(f"{page.stem}-*.js")]


def weigh_pages(results: Path) -> list[Figure]:
    """Return the sizes of the pages and of the files of rows."""
    pages = {path: path.stat().st_size for path in [results / "report.html", *results.rglob("audit/**/*.html")]}
    rows = [path.stat().st_size for path in results.rglob("audit/**/*.js")]
    return [
        Figure("n_pages", len(pages), "pages"),
        Figure("report_size", pages[results / "report.html"] / 1e6, "MB", "<= 1"),
        Figure("largest_page", max(pages.values()) / 1e6, "MB", "<= 1"),
        Figure("largest_file_of_rows", max(rows) / 1e6, "MB", "<= 1"),
        Figure("all_files", (sum(pages.values()) + sum(rows)) / 1e6, "MB"),
    ]


def time_pages(results: Path, chromium: str) -> Iterator[Figure]:
    """Yield the median time until the largest page of each kind is ready, opened from its folder.

    Beside it stands the page's own work, in processor time: it does not depend on what else the machine does.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for kind, path in list_kinds(results):
            times, work = [], []
            for _ in range(N_LOADS):
                context = browser.new_context()
                context.add_init_script(CLOCK)
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Performance.enable", {"timeDomain": "threadTicks"})
                page.goto(path.as_uri() + ("?q=model" if kind == "search" else ""))
                times.append(page.evaluate(ASK))
                metrics = session.send("Performance.getMetrics")["metrics"]
                work.append(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration") * 1000)
                context.close()
            yield Figure(f"ready_{kind}", statistics.median(times), "ms", "<= 500")
            yield Figure(f"work_{kind}", statistics.median(work), "ms")
        browser.close()


def write_pages(study: Path) -> list[Figure]:
    """Write the report and the audit pages anew; return the seconds that it took, those of Snakemake included."""
    command = [sys.executable, "-m", "snakemake", "--directory", str(study), "--cores", "all"]
    pages = ("write_report", "write_audit")
    seconds = time_command([*command, "--forcerun", *pages, "--until", *pages]).seconds
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return [Figure("build", seconds, "s", "<= 10"), Figure("build_work", used.ru_utime + used.ru_stime, "s")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, default=Path(), help="the study's folder, its review up to date")
    study = parser.parse_args().study.resolve()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium or not (study / "data/processed/evidence.csv").exists():
        sys.exit("This needs Chromium, and a study whose review is up to date; run: graylit review")
    n_sources = len((study / "data/processed/texts.csv").read_text(encoding="utf-8").splitlines()) - 1
    figures = [Figure("n_sources", n_sources, "sources"), *write_pages(study)]
    figures += [*weigh_pages(study / "results"), *time_pages(study / "results", chromium)]
    sys.exit(not write_figures("pages", figures))
