"""Politeness: one request at a time to a host, with its delay; hosts do not wait for each other."""

import threading

from graylit.collection.turns import spread_over_hosts
from graylit.collection.web import fetch_page, open_web
from loopback import WAIT_S, Site

SETTINGS = {
    "contact": "http://127.0.0.1/tests",
    "allowed_addresses": ["127.0.0.0/8", "::1"],
    "delay_s": 0,
    "hosts_at_once": 4,
    "n_retries": 0,
    "timeout_s": WAIT_S,
    "source_limit_s": WAIT_S,
    "run_limit_s": 600,
    "max_bytes": 100_000,
}


def fetch_sources(site: Site, urls: list[str], delay_s: float) -> None:
    web = open_web(SETTINGS | {"delay_s": delay_s})
    sources = [{"source_id": f"S{number:03d}", "url": url} for number, url in enumerate(urls, start=1)]
    answers = spread_over_hosts(
        sources,
        address=lambda source: source["url"],
        work=lambda source: fetch_page(web, source["url"]),
        turns=web.turns,
    )
    assert {fetch.outcome for _, fetch in answers} <= {"captured", "moved"}


def test_a_host_gets_one_request_at_a_time_and_hosts_do_not_wait_for_each_other(site):
    hosts = ("127.0.0.1", "localhost")
    urls = [site.url(f"/held/{number}", host=host) for number in range(4) for host in hosts]

    def open_gate() -> None:
        with site.changed:
            site.changed.wait_for(lambda: {visit.host for visit in site.held_visits()} == set(hosts), WAIT_S)
        site.gate.set()

    opener = threading.Thread(target=open_gate)
    opener.start()
    fetch_sources(site, urls, delay_s=0)
    opener.join()
    assert len(site.visits) == 10  # each host's robots.txt, and its four pages
    assert [site.most_at_once(host) for host in hosts] == [1, 1]
    first = [next(visit for visit in site.held_visits() if visit.host == host) for host in hosts]
    assert max(visit.began for visit in first) < min(visit.ended for visit in first)


def test_the_delay_between_requests_to_a_host_is_kept(site):
    urls = [site.url(f"/page/{number}", host=host) for number in range(3) for host in ("127.0.0.1", "localhost")]
    fetch_sources(site, urls, delay_s=0.5)
    for host in ("127.0.0.1", "localhost"):
        visits = [visit for visit in site.visits if visit.host == host]
        gaps = [later.began - earlier.began for earlier, later in zip(visits, visits[1:], strict=False)]
        assert len(gaps) == 3 and min(gaps) >= 0.25  # a busy server notes an earlier visit late
