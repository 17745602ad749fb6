"""Collection on a web that misbehaves: each source ends in the outcome that fits it, and harms no other."""

import datetime
import ipaddress
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from archives import REPOSITORY
from conftest import read_table
from graylit.captures.verifying import verify_file
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.gate import Gate
from graylit.collection.keeper import Keeper
from graylit.collection.origins import Search, look_everywhere
from graylit.collection.turns import end_in_time
from graylit.collection.web import fetch_page, open_web
from graylit.preparation.source_texts import extract_source
from misbehaviours import (
    ADDRESS,
    KINDS,
    LONG,
    MAX_BYTES,
    SHORT,
    World,
    serve_world,
)

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module", autouse=True)
def no_proxy():
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        yield


SETTINGS = {
    "taken_as_is": [],
    "contact": "http://127.0.0.1/tests",
    "allowed_addresses": [],
    "hosts_at_once": 16,
    "delay_s": 0.02,
    "n_retries": 1,
    "run_limit_s": 600,
    "max_bytes": MAX_BYTES,
    "timegate": "",
} | LONG
connected: list[object] = []  # every address that a socket of this process was connected to
looked_up: list[str] = []  # every name that was asked of the system


def _record(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        connected.append(arguments[1])
    elif event == "socket.getaddrinfo":
        looked_up.append(arguments[0])


sys.addaudithook(_record)


def resolve(host: str, port: int) -> list[str]:
    """Stand for the names of the web: names of tests are on one loopback address, no other name is known."""
    if host == "no-name.example" or not host.endswith(".example"):
        raise OSError("Name or service not known")
    return [ADDRESS]


ENDLESS = [kind for kind in KINDS if KINDS[kind].outcome == "timed_out"]
GATE = Gate(allowed=(ipaddress.ip_network(f"{ADDRESS}/32"),), resolve=resolve)


@dataclass(frozen=True)
class Collected:
    """A collection of a source of each kind: the rows by kind, and the folder of its captures."""

    rows: dict[str, dict[str, str]]
    raw: Path
    world: World


def describe_kinds(outcomes: dict[str, str]) -> str:
    """Return the table of what servers do and the outcome it had."""
    lines = [f"| {KINDS[kind].does} | `{outcomes[kind]}` |" for kind in KINDS]
    return "\n".join(["| what the server does | outcome |", "|---|---|", *lines]) + "\n"


def make_url(world: World, kind: str) -> str:
    return "http://no-server.example:9/guides/page" if kind == "no-server" else world.url(kind, port=KINDS[kind].port)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    raw = tmp_path_factory.mktemp("misbehaviours") / "raw"
    with serve_world(raw.parent) as world:
        table, writer = CaptureTable(raw / "captures.csv"), CaptureWriter(raw, STARTED)
        for limits, kinds in [(SHORT, ENDLESS), (LONG, [kind for kind in KINDS if kind not in ENDLESS])]:
            settings = {**SETTINGS, **limits}
            web = open_web(settings, GATE)
            web.session.verify = str(world.authority)
            sources = [{"source_id": f"S-{kind}", "url": make_url(world, kind)} for kind in kinds]
            keeper = Keeper(table, writer, table.read(), sources, served={})
            with end_in_time(web.turns, settings["run_limit_s"]):
                look_everywhere(keeper, Search(settings, [], raw, coded_at=lambda source: STARTED), web)
        writer.close()
        rows = {row["source_id"].removeprefix("S-"): row for row in read_table(table.path)}
        yield Collected(rows, raw, world)


def test_there_are_misbehaviours_enough():
    assert len(KINDS) >= 40


@pytest.mark.parametrize("kind", KINDS)
def test_each_misbehaviour_ends_as_what_it_is(collected, kind):
    row = collected.rows[kind]
    assert row["outcome"] == KINDS[kind].outcome, row["note"]


def test_each_source_has_one_row(collected):
    assert len(read_table(collected.raw / "captures.csv")) == len(KINDS) == len(collected.rows)


HELD = [kind for kind in KINDS if KINDS[kind].outcome in ("captured", "moved")]


@pytest.mark.parametrize("kind", HELD)
def test_what_was_captured_has_its_words(collected, kind):
    row = collected.rows[kind]
    text, found = extract_source({"source_id": row["source_id"]}, [row], collected.raw, keep_code_blocks=False)
    words = found.words
    assert text["outcome"] == "extracted"
    assert "lift the lid" in words or "There will be bees on the roof" in words
    assert "Häuser" in words or "charset" not in kind


def test_every_record_holds_and_has_its_row(collected):
    (path,) = collected.raw.glob("*.warc.gz")
    n_records, faults = verify_file(path, read_table(collected.raw / "captures.csv"))
    assert faults == []
    assert n_records > len(KINDS)


def test_no_packet_left_the_loopback_and_no_name_was_asked_for(collected):
    addresses = {address[0] for address in connected if isinstance(address, tuple)}
    assert ADDRESS in addresses
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses)
    assert {name for name in looked_up if isinstance(name, str) and name.endswith(".example")} == set()


def test_the_table_in_the_documentation_is_what_happened(collected):
    table = (REPOSITORY / "docs/misbehaviours.md").read_text(encoding="utf-8")
    assert table.endswith(describe_kinds({kind: row["outcome"] for kind, row in collected.rows.items()}))


# Addresses that are not public ----------------------------------------------------------------------------------

HOSTS = {
    "loopback": "127.0.0.1",
    "loopback elsewhere": "127.8.9.10",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "octal": "0177.0.0.1",
    "short": "127.1",
    "zero": "0.0.0.0",
    "IPv6 loopback": "[::1]",
    "IPv6 any": "[::]",
    "IPv6-mapped": "[::ffff:127.0.0.1]",
    "IPv6-mapped, hexadecimal": "[::ffff:7f00:1]",
    "IPv6-mapped private": "[::ffff:10.0.0.1]",
    "IPv4-compatible": "[::127.0.0.1]",
    "IPv4-translated": "[::ffff:0:127.0.0.1]",
    "NAT64": "[64:ff9b::169.254.169.254]",
    "6to4": "[2002:7f00:1::1]",
    "Teredo": "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "link-local": "[fe80::1]",
    "unique local": "[fd00:ec2::254]",
    "site-local": "[fec0::1]",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.0.1",
    "carrier": "100.64.0.1",
    "metadata": "169.254.169.254",
    "metadata, decimal": "2852039166",
    "metadata of Alibaba": "100.100.100.200",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "localhost": "localhost",
    "localhost with a dot": "localhost.",
    "below localhost": "www.localhost",
    "metadata by name": "metadata.google.internal",
    "user name tricks": "public.example@127.0.0.1",
    "password tricks": "public.example:80@127.0.0.1",
    "name of a private address": "private.example",
    "name of a public and a private address": "mixed.example",
    "name of a mapped address": "mapped.example",
}
# What browsers read as 127.0.0.1.
SCRIPTS = {
    "full-width digits": "\uff11\uff12\uff17.0.0.1",
    "circled digits": "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "other full stops": "127\u30020\uff0e0\uff611",
}
# What programs differ about: no address at all to us.
SPELLINGS = {
    "backslash": "127.0.0.1\\@public.example",
    "no host": "",
}
PUBLIC = "203.0.114.7"  # public by its number; no test may connect to it
NAMES = {
    "private.example": ["10.0.0.8"],
    "mixed.example": [PUBLIC, "192.168.1.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "public.example": [PUBLIC],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "www.localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
}


def look_up(host: str, port: int) -> list[str]:
    if host not in NAMES:
        raise OSError("Name or service not known")
    return NAMES[host]


@pytest.mark.parametrize("host", [*HOSTS.values(), *SCRIPTS.values()], ids=[*HOSTS, *SCRIPTS])
def test_an_address_that_is_not_public_is_refused_before_a_socket_is_opened(host):
    before = len(connected)
    fetch = fetch_page(open_web(SETTINGS, Gate(resolve=look_up)), f"http://{host}/latest/")
    assert (fetch.outcome, fetch.hops) == ("forbidden_address", [])
    assert connected[before:] == []


@pytest.mark.parametrize("host", SPELLINGS.values(), ids=SPELLINGS)
def test_a_spelling_that_programs_differ_about_is_no_address(redirecting, host):
    before = len(connected)
    assert fetch_page(open_web(SETTINGS, Gate(resolve=look_up)), f"http://{host}/latest/").outcome == "bad_answer"
    assert connected[before:] == []


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_redirect_to_such_an_address_is_refused_before_a_socket_is_opened(redirecting, host):
    redirecting.target = f"http://{host}/latest/"
    gate = Gate(GATE.allowed, lambda name, port: NAMES.get(name) or resolve(name, port))
    before = len(connected)
    fetch = fetch_page(open_web(SETTINGS, gate), redirecting.url("redirecting"))
    assert fetch.outcome == "forbidden_address"
    assert {address[0] for address in connected[before:]} == {ADDRESS}


@pytest.fixture(scope="module")
def redirecting(tmp_path_factory):
    with serve_world(tmp_path_factory.mktemp("redirecting")) as world:
        yield world


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1:70/_a", "data:text/html,a"]
)
def test_an_address_that_is_not_http_is_refused(url):
    before = len(connected)
    assert fetch_page(open_web(SETTINGS, Gate(resolve=look_up)), url).outcome == "forbidden_address"
    assert connected[before:] == []


def test_a_name_that_turns_to_another_address_is_refused_at_the_moment_of_connecting(redirecting):
    answers = iter([[ADDRESS], ["127.0.0.1"]])
    gate = Gate(allowed=GATE.allowed, resolve=lambda host, port: next(answers))
    before = len(connected)
    fetch = fetch_page(open_web(SETTINGS, gate), redirecting.url("well-behaved"))
    assert (fetch.outcome, fetch.robots) == ("forbidden_address", "no rules")  # robots.txt came from the first one
    assert [address[0] for address in connected[before:]] == [ADDRESS]


def test_an_address_that_the_config_lists_is_asked(redirecting):
    assert fetch_page(open_web(SETTINGS, GATE), redirecting.url("well-behaved")).outcome == "captured"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "metadata.google.internal"]
)
def test_a_proxy_is_not_asked_for_an_address_that_is_not_public(monkeypatch, host):
    monkeypatch.setenv("http_proxy", "http://127.0.0.2:9")
    before = len(connected)
    assert fetch_page(open_web(SETTINGS, Gate()), f"http://{host}/").outcome == "forbidden_address"
    assert connected[before:] == []


if __name__ == "__main__":
    print(describe_kinds({kind: found.outcome for kind, found in KINDS.items()}), end="")
