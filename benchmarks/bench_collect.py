"""Time collection on a slow web of many hosts beside Scrapy and wget with the same manners.

Each collector asks the same proxy on the loopback interface, first for good pages only, then with faulty hosts
among them. Scrapy gets an environment of its own; wget comes from the system.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import yaml
from warcio.archiveiterator import ArchiveIterator

from figures import Figure, Run, list_graylit, read_corpus, time_command, write_figures
from graylit.captures.choosing import read_rows
from graylit.tables.coding import CODEBOOK
from graylit.tables.collection import HELD_OUTCOMES
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import GUIDELINES, THEMES
from trial_web import PASSING, PERMANENT, TrialWeb, find_lower_bound, place_pages, serve_trial_web

N_HOSTS, N_ON_BUSIEST = 48, 17  # ASSUME: as many on one host as the default study has on its busiest
LATENCY_S, DELAY_S, HOSTS_AT_ONCE = 0.2, 1, 16
TIMEOUT_S, LIMIT_S, MAX_BYTES, N_RETRIES = 5, 20, 5_000_000, 2
GIVE_UP_S = 90  # a collector that a faulty host holds for longer is stopped
SCRAPY = "scrapy==2.19.0"
SPIDER = f"""
import hashlib, pathlib, scrapy

class Pages(scrapy.Spider):
    name = "pages"
    custom_settings = {{
        "DOWNLOAD_DELAY": {DELAY_S}, "RANDOMIZE_DOWNLOAD_DELAY": False, "CONCURRENT_REQUESTS": {HOSTS_AT_ONCE},
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "ROBOTSTXT_OBEY": True, "DOWNLOAD_TIMEOUT": {TIMEOUT_S},
        "DOWNLOAD_MAXSIZE": {MAX_BYTES}, "RETRY_TIMES": {N_RETRIES}, "COOKIES_ENABLED": False, "REDIRECT_MAX_TIMES": 10,
        "REACTOR_THREADPOOL_MAXSIZE": 20, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
    }}

    async def start(self):
        for url in pathlib.Path("urls.txt").read_text().split():
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response):
        name = hashlib.sha256(response.request.url.encode()).hexdigest()
        pathlib.Path("pages", name).write_bytes(response.body)
        with open("kept.txt", "a") as kept:
            kept.write(response.request.url + "\\n")
"""
Collector = Callable[[list[str], Path, str], tuple[list[str], Path]]


@dataclass(frozen=True)
class Trial:
    """How a collector did.

    `run` is its command as a whole, `seconds` what collecting itself took, `kept` the addresses whose pages it kept.
    """

    run: Run
    kept: Counter[str]
    seconds: float


def time_collector(command: list[str], folder: Path, proxy: str) -> Run:
    """Run a collector in a folder with the proxy in its environment, stopped when it takes too long."""
    proxies = [f"{name}={proxy}" for name in ("http_proxy", "HTTP_PROXY")]
    cleared = ["-u", "no_proxy", "-u", "NO_PROXY"]
    inside = f'cd {folder} && exec timeout -k 5 {GIVE_UP_S} "$@"'
    quiet = ["sh", "-c", f"({inside}) || true", "sh"]
    return time_command(["env", *cleared, *proxies, *quiet, *command])


def try_graylit(urls: list[str], folder: Path, proxy: str) -> Trial:
    """Collect with `graylit collect`, as a researcher would."""
    write_study(folder, urls)
    run = time_collector(list_graylit("-C", folder, "collect"), folder, proxy)
    kept = Counter(row["url"] for row in read_rows(folder / "data/raw/captures.csv") if row["outcome"] in HELD_OUTCOMES)
    timed = pd.read_csv(folder / "results/logs/collect_captures.benchmark.tsv", sep="\t")
    return Trial(run, kept, seconds=float(timed["s"].iloc[0]))


def write_study(folder: Path, urls: list[str]) -> None:
    """Write a study that has sources and nothing else yet."""
    config = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
    config["collection"] |= {"hosts_at_once": HOSTS_AT_ONCE, "delay_s": DELAY_S, "timeout_s": TIMEOUT_S, "timegate": ""}
    config["collection"] |= {"source_limit_s": LIMIT_S, "max_bytes": MAX_BYTES, "n_retries": N_RETRIES}
    (folder / "config/coding").mkdir(parents=True)
    (folder / "config/synthesis").mkdir()
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    tables = {"coding/codebook": CODEBOOK, "synthesis/themes": THEMES, "synthesis/guidelines": GUIDELINES}
    for place, contract in tables.items():
        (folder / f"config/{place}.csv").write_text(",".join(contract.names) + "\n", encoding="utf-8")
    rows = [
        {"source_id": f"S{n:03d}", "url": url, "title": "A page", "publisher": "A host", "source_type": "page"}
        for n, url in enumerate(urls)
    ]
    SOURCES.write(SOURCES.to_frame(rows), folder / "config/sources.csv")


def try_scrapy(urls: list[str], folder: Path, proxy: str) -> Trial:
    """Collect with Scrapy, a spider that keeps each body."""
    (folder / "pages").mkdir(parents=True)
    (folder / "spider.py").write_text(SPIDER, encoding="utf-8")
    (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    scrapy = Path(".venv/rivals/scrapy/bin/scrapy").resolve()
    run = time_collector([str(scrapy), "runspider", "spider.py"], folder, proxy)
    kept = (folder / "kept.txt").read_text(encoding="utf-8").split()
    return Trial(run, Counter(kept), run.seconds)


def try_wget(urls: list[str], folder: Path, proxy: str) -> Trial:
    """Collect with wget, one process a host, as many at once as the others ask hosts."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(urlsplit(url).hostname or "", []).append(url)
    folder.mkdir(parents=True)
    for number, listed in enumerate(sorted(by_host.values(), key=len, reverse=True)):
        (folder / f"{number:02d}.urls").write_text("\n".join(listed), encoding="utf-8")
    wget = (
        f"wget -q -O /dev/null --wait={DELAY_S} --timeout={TIMEOUT_S} --tries={N_RETRIES + 1} --waitretry={DELAY_S} "
        "--retry-on-http-error=429,500,502,503,504 --max-redirect=10 --no-warc-compression -i {}.urls --warc-file={}"
    )
    names = "ls *.urls | sed 's/.urls$//'"
    run = time_collector(["sh", "-c", f"{names} | xargs -P {HOSTS_AT_ONCE} -I{{}} {wget}"], folder, proxy)
    kept = Counter(url for path in sorted(folder.glob("*.warc")) for url in list_responses(path))
    return Trial(run, kept, run.seconds)


def list_responses(path: Path) -> list[str]:
    """Return the addresses of the good responses of a WARC file."""
    with path.open("rb") as stream:
        found = [record for record in ArchiveIterator(stream) if record.rec_type == "response" and record.http_headers]
        good = [record for record in found if record.http_headers.get_statuscode() == "200"]
        return [record.rec_headers.get_header("WARC-Target-URI").strip("<>") for record in good]


COLLECTORS = {"graylit": try_graylit, "scrapy": try_scrapy, "wget": try_wget}


def compare_collectors(pages: dict[str, bytes], scratch: Path) -> list[Figure]:
    """Return the figures of every collector, without and with faulty hosts."""
    bound = find_lower_bound(pages, DELAY_S, LATENCY_S, HOSTS_AT_ONCE)
    figures = [
        Figure("sources", len(pages), "sources"),
        Figure("hosts", N_HOSTS, "hosts"),
        Figure("lower_bound", bound, "s"),
    ]
    for name, collect in COLLECTORS.items():
        with serve_trial_web(pages, LATENCY_S) as web:
            trial = collect(list(pages), scratch / name / "good", web.proxy)
            figures += describe_good(name, trial, pages, bound, web)
        with serve_trial_web(pages, LATENCY_S) as web:
            trial = collect([*pages, *web.faulty.values()], scratch / name / "faulty", web.proxy)
            figures += describe_faulty(name, trial, pages, web)
    return figures


def describe_good(name: str, trial: Trial, pages: Mapping[str, bytes], bound: float, web: TrialWeb) -> list[Figure]:
    """Return the figures of a run on good pages; those of our own have goals."""
    own = name == "graylit"
    ratio, captured = trial.seconds / bound, sum(url in trial.kept for url in pages)
    return [
        Figure(f"{name}_command_wall", trial.run.seconds, "s"),
        Figure(f"{name}_wall", trial.seconds, "s"),
        Figure(f"{name}_wall_to_bound", ratio, "times", "<= 1.15" if own else ""),
        Figure(f"{name}_peak", trial.run.peak_mb, "MB"),
        Figure(f"{name}_captured", captured, "sources", f"== {len(pages)}" if own else ""),
        Figure(f"{name}_most_at_once_per_host", max(web.n_most_at_once.values()), "requests", "== 1" if own else ""),
    ]


def describe_faulty(name: str, trial: Trial, pages: Mapping[str, bytes], web: TrialWeb) -> list[Figure]:
    """Return the figures of a run with faulty hosts: what was harmed, healed, and taken for a page."""
    own = name == "graylit"
    harmed = sum(url not in trial.kept for url in pages)
    healed = sum(web.faulty[fault] in trial.kept for fault in PASSING)
    mistaken = sum(web.faulty[fault] in trial.kept for fault in PERMANENT)
    survived = int(trial.run.seconds < GIVE_UP_S) * (len(PERMANENT) - mistaken) + healed
    n_faults = len(PERMANENT) + len(PASSING)
    return [
        Figure(f"{name}_faulty_wall", trial.run.seconds, "s"),
        Figure(f"{name}_faulty_peak", trial.run.peak_mb, "MB"),
        Figure(f"{name}_faulty_good_sources_lost", harmed, "sources", "== 0" if own else ""),
        Figure(f"{name}_faults_survived", survived, f"of {n_faults}", f"== {n_faults}" if own else ""),
    ]


def prepare_rivals() -> None:
    """Make Scrapy's environment, and see that wget is there."""
    if not shutil.which("wget"):
        sys.exit("wget is missing; install it with your system, such as: apt install wget")
    home = Path(".venv/rivals/scrapy")
    if not (home / "bin/scrapy").exists():
        subprocess.run([sys.executable, "-m", "uv", "venv", "-q", str(home)], check=True)
        subprocess.run([sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(home), SCRAPY], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    ids = read_corpus(corpus, share="study")["source_id"]
    bodies = [(corpus / "pages" / f"{source_id}.html").read_bytes() for source_id in ids]
    prepare_rivals()
    with tempfile.TemporaryDirectory() as scratch:
        is_met = write_figures("collect", compare_collectors(place_pages(bodies, N_HOSTS, N_ON_BUSIEST), Path(scratch)))
    sys.exit(0 if is_met else 1)
