"""The pages of tests/mini as a web archive, for tests.

`PYTHONPATH=scripts python tests/archives.py` builds the captures and codings of tests/mini anew, after a page or
the extraction has changed.
"""

import csv
import gzip
import io
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from graylit.anchors.fingerprints import Words, take_fingerprint

REPOSITORY = Path(__file__).resolve().parents[1]
MINI = REPOSITORY / "tests" / "mini"
ARCHIVED_AT = "2026-03-02T08:15:30Z"


@dataclass(frozen=True)
class Page:
    """An address and what its server answers; `body` where no file of tests/mini/pages holds it."""

    url: str
    file: str = ""
    media_type: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    archived_at: str = ARCHIVED_AT

    def read(self) -> bytes:
        """Return the body, not encoded."""
        return (MINI / "pages" / self.file).read_bytes() if self.file else self.body


PUBLIC_ROOFS = "http://city-garden.example/topics/bees-on-public-roofs/"
PAGES = (
    Page("http://lindenstreet.example/first-year/", "first-year.html"),
    Page("http://apiary-society.example/guides/4", "wind-and-weight.html", headers=(("Content-Encoding", "gzip"),)),
    Page("http://noravelt.example/swarms.html", "swarms.html", "text/html; charset=ISO-8859-1"),
    Page("http://city-garden.example/bees", status="301 Moved Permanently", headers=(("Location", PUBLIC_ROOFS),)),
    Page(PUBLIC_ROOFS, "public-roofs.html"),
    Page("http://hivewall.example/notes/water.html", "water.html", "text/html"),
    Page("http://hivewall.example/checklists/inspection.md", "inspection.md", "text/markdown; charset=utf-8"),
    Page("http://apiary-society.example/reports/swarms-2023.txt", "swarm-season.txt", "text/plain"),
    Page("http://city-garden.example/leaflets/neighbours.pdf", "neighbours.pdf", "application/pdf"),
    Page("http://lindenstreet.example/map/", "shell.html"),
)


def write_archive(path: Path, pages: Iterable[Page] = PAGES, version: str = "1.1") -> Path:
    """Write the pages as a WARC file, one gzip member a record where the name ends in .gz."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz", warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "Graylit's tests"}))
        for page in pages:
            is_gzipped = ("Content-Encoding", "gzip") in page.headers
            body = gzip.compress(page.read(), mtime=0) if is_gzipped else page.read()
            headers = [("Content-Type", page.media_type), ("Content-Length", str(len(body))), *page.headers]
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(page.status, headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": page.archived_at},
            )
            writer.write_record(record)
    return path


def format_record(url: str, answer: bytes, version: str = "1.0") -> bytes:
    """Return a response record with `answer`, a server's whole answer, in it byte for byte."""
    head = (
        f"WARC/{version}\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {ARCHIVED_AT}\r\n"
        "WARC-Record-ID: <urn:uuid:7d2c6a52-0d4e-4c0a-9d0c-0d9a3b1e5f01>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def format_pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """Return a PDF of one page with the paragraphs in 10-point Helvetica."""
    lines = [line for words in paragraphs for line in [*textwrap.wrap(words, 92), ""]]
    shown = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    stream = "BT /F1 10 Tf 14 TL 50 790 Td\n" + "".join(f"({line}) Tj T*\n" for line in shown) + "ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        " /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        f"<< /Title ({title}) /Author (City Garden Office) >>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return (content + f"xref\n0 7\n0000000000 65535 f \n{table}" + end).encode("latin-1")


LEAFLET = (
    "There will be bees on the roof of this house from April. This leaflet answers what neighbours of our roofs have "
    "asked us in the last six years. Please hand it on when you move out.",
    "Will they come into my flat? Bees leave the roof upwards and fly over the street at the height of the chimneys. "
    "They come down where flowers and water are. Fill the saucers of your balcony plants with gravel, and they will "
    "not drink from them. Wasps, which like your plum cake, are not ours.",
    "I am allergic to stings. Tell us, or tell the beekeeper, before the hives come. We will look at the way the bees "
    "fly together with you, and if there is a safer roof we will choose that one. Allergic people in the house are "
    "called on the phone before a hive is opened, each time and without exception.",
    "Who looks after them? Two people with a course behind them. Their names and telephone numbers are on the card at "
    "the front door. They come once a week in spring and stay for less than an hour. You will smell a little smoke; it "
    "is from dried grass and does no harm.",
    "What if a whole cloud of bees hangs in the tree? That is a swarm. It looks wild and is calm, because it has no "
    "home to defend. Keep a few metres away, keep children away, and ring the number on the card. Do not ring the fire "
    "brigade first: they will ring the same number.",
    "Is the roof strong enough? Our building department has checked the load. The plan hangs beside the roof door and "
    "shows where hives may stand and how much each place may carry.",
    "May I see them? Yes. Twice a summer the beekeepers open the roof door for the people of the house, four at a "
    "time, with a veil for everybody. Ask for the date at the number on the card. The honey of the year is shared at "
    "the meeting of the house in autumn.",
    "What if it does not work out? Write to us. In six years we have moved two roofs. We have never asked neighbours "
    "to prove that they were stung; it was enough that they no longer felt at home on their balcony.",
)


PLACE = ["start", "end", "exact_sha256", "normal_sha256", "fingerprint"]
COLUMNS = ["coding_id", "source_id", *PLACE, "code_id", "memo", "confidence", "coded_at"]


def write_codings(texts: Path) -> None:
    """Write the coders' tables of tests/mini from quotes.csv; a quote stands in its text exactly once."""
    with (MINI / "quotes.csv").open(encoding="utf-8", newline="") as lines:
        quotes = list(csv.DictReader(lines))
    for coder in sorted({quote["coding_id"][0] for quote in quotes}):
        with (MINI / f"config/coding/codings/{coder}.csv").open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
            table.writeheader()
            for row in (quote for quote in quotes if quote["coding_id"][0] == coder):
                table.writerow(row | _find_place(row, texts))


def _find_place(row: dict[str, str], texts: Path) -> dict[str, str]:
    quote = row["quote"]
    if not quote:
        return {}
    text = (texts / f"{row['source_id']}.txt").read_bytes().decode("utf-8")
    if text.count(quote) != 1:
        raise ValueError(f"{row['coding_id']}: {quote!r} stands {text.count(quote)} times in {row['source_id']}")
    start = text.index(quote)
    mark = take_fingerprint(Words(text), start, start + len(quote))
    digests = {"exact_sha256": mark.exact_sha256, "normal_sha256": mark.normal_sha256, "fingerprint": mark.to_cell()}
    return {"start": str(start), "end": str(start + len(quote)), **digests}


def rebuild_mini() -> None:
    """Write the PDF of tests/mini, collect its captures from an archive of its pages, and place its codings anew."""
    (MINI / "pages/neighbours.pdf").write_bytes(format_pdf("Bees on your roof: a leaflet for neighbours", LEAFLET))
    for folder in ("data", "results", ".snakemake"):
        shutil.rmtree(MINI / folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = write_archive(Path(folder) / "mini.warc.gz")
        command = [sys.executable, "-m", "snakemake", "--directory", str(MINI), "--cores", "1"]
        asked = ["collect=True", "live=False", f"archives={archive}", "refresh="]
        collect = [*command, "collect", "--forcerun", "collect_captures", "--config", *asked]
        subprocess.run(collect, cwd=REPOSITORY, check=True)
        subprocess.run([*command, "data/processed/texts"], cwd=REPOSITORY, check=True)
    write_codings(MINI / "data/processed/texts")


if __name__ == "__main__":
    rebuild_mini()
