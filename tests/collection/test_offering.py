"""Addresses offered to an archive with Save Page Now's interface, by its documentation and badly."""

import datetime
from pathlib import Path

import pytest

from graylit.collection.gate import name_gate
from graylit.collection.offered_pages import describe_state, list_known
from graylit.collection.offering import Offering
from graylit.collection.pacing import MOST_A_MINUTE, MOST_CAPTURES_A_MINUTE, Pace
from graylit.collection.save_page_now import Keys, KeysRefusedError, SavePageNow
from graylit.collection.turns import RunOverError
from graylit.collection.web import open_web
from graylit.tables.growing import GrowingTable
from graylit.tables.mementos import MEMENTOS
from graylit.tables.sources import SOURCES
from save_page_now_server import ACCESS, LIES, SECRET, serve_archive
from search_services import SETTINGS

PAGE = "http://pages.example/1"
START = datetime.datetime(2026, 11, 29, 12, 0, 0, tzinfo=datetime.UTC)


class Time:
    """A clock in the place of waiting: whoever waits moves it on. It is also what hands out turns to wait."""

    def __init__(self):
        self.seconds = 1_000.0
        self.waits = []
        self.ends_at = float("inf")

    def wait(self, seconds):
        self.waits.append(seconds)
        self.seconds += max(seconds, 0)
        if self.seconds > self.ends_at:
            raise RunOverError

    def monotonic(self):
        return self.seconds

    def now(self):
        return f"{START + datetime.timedelta(seconds=self.seconds - 1_000):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def served():
    with serve_archive() as (archive, other):
        yield archive, other
        assert other.asked == []  # whatever the archive says, nobody else is asked
        assert all(SECRET not in path for _, path, _ in archive.asked)


@pytest.fixture
def archive(served):
    return served[0]


@pytest.fixture
def clock():
    return Time()


def list_sources(*urls, **more):
    blank = dict.fromkeys(SOURCES.names, "")
    return [blank | {"source_id": f"S{n:03d}", "url": url} | more for n, url in enumerate(urls, start=1)]


def offer(folder, archive, clock, sources, known=None, within=30, secret=SECRET):
    """Offer sources; return the run, whose table is in the folder."""
    settings = SETTINGS | {"timeout_s": 1}
    web = open_web(settings, name_gate([], archive.url()))
    pace = Pace(clock, read_clock=clock.monotonic)
    saver = SavePageNow(web, archive.url(), Keys(ACCESS, secret), pace.take)
    table = GrowingTable(folder / "mementos.csv", MEMENTOS)
    run = Offering(saver, table, pace, within, (clock.now, clock.monotonic), known or {})
    run.run(sources)
    return run


def outcomes(folder):
    return [row["outcome"] for row in GrowingTable(folder / "mementos.csv", MEMENTOS).read()]


def last_row(folder):
    return GrowingTable(folder / "mementos.csv", MEMENTOS).read()[-1]


# As the documentation says ------------------------------------------------------------------------------------------


def test_asked_and_confirmed_are_two_rows_and_the_copy_was_looked_at(tmp_path, archive, clock):
    run = offer(tmp_path, archive, clock, list_sources(PAGE))
    rows = GrowingTable(tmp_path / "mementos.csv", MEMENTOS).read()
    assert [(row["outcome"], row["job_id"], row["memento"]) for row in rows] == [
        ("asked", "spn2-0", ""),
        ("confirmed", "spn2-0", archive.url(f"/web/20261129120000/{PAGE}")),
    ]
    assert rows[1]["memento_at"] == "2026-11-29T12:00:00Z"
    assert [(method, path) for method, path, _ in archive.asked] == [
        ("POST", "/save"),
        ("GET", "/save/status/spn2-0"),
        ("GET", "/save/status/spn2-0"),
        ("GET", f"/web/20261129120000id_/{PAGE}"),
    ]
    assert archive.asked[0][2] == {"url": PAGE, "if_not_archived_within": "30d", "skip_first_archive": "1"}
    assert describe_state(run.state, list_sources(PAGE)) == "1 confirmed"


def test_keys_go_to_the_interface_only_and_stand_nowhere(tmp_path, archive, clock):
    archive.faults[PAGE] = ["job error:not-found"]  # whose message repeats them
    offer(tmp_path, archive, clock, list_sources(PAGE, "http://pages.example/2"))
    for (_, path, _), headers in zip(archive.asked, archive.headers, strict=True):
        assert headers.get("Authorization") == (None if path.startswith("/web/") else f"LOW {ACCESS}:{SECRET}")
    kept = (tmp_path / "mementos.csv").read_text()
    assert ACCESS not in kept and SECRET not in kept and "says …:…" in kept
    assert SECRET not in repr(Keys(ACCESS, SECRET))


def test_keys_that_are_refused_end_the_run_and_leave_no_row(tmp_path, archive, clock):
    with pytest.raises(KeysRefusedError):
        offer(tmp_path, archive, clock, list_sources(PAGE), secret="wrong")
    assert not (tmp_path / "mementos.csv").exists()
    assert len(archive.asked) == 1


def test_no_more_than_twelve_requests_a_minute_and_seven_captures(tmp_path, archive, clock):
    sent = []
    archive.polls, archive.read_now = 0, lambda: "".join(filter(str.isdigit, clock.now()))
    pace = Pace(clock, read_clock=clock.monotonic)
    taken = pace.take

    def take(is_capture):
        taken(is_capture)
        sent.append((clock.seconds, is_capture))

    web = open_web(SETTINGS, name_gate([], archive.url()))
    saver = SavePageNow(web, archive.url(), Keys(ACCESS, SECRET), take)
    table = GrowingTable(tmp_path / "mementos.csv", MEMENTOS)
    sources = list_sources(*(f"http://pages.example/{n}" for n in range(30)))
    Offering(saver, table, pace, 30, (clock.now, clock.monotonic), {}).run(sources)
    assert outcomes(tmp_path).count("confirmed") == 30
    for at, _ in sent:
        window = [is_capture for other, is_capture in sent if at <= other < at + 60]
        assert len(window) <= MOST_A_MINUTE
        assert sum(window) <= MOST_CAPTURES_A_MINUTE


def test_what_was_archived_within_the_span_is_not_archived_again(tmp_path, archive, clock):
    archive.copies[PAGE] = "20261120080000"
    offer(tmp_path, archive, clock, list_sources(PAGE))
    row = last_row(tmp_path)
    assert (row["outcome"], row["memento"]) == ("archived", archive.url(f"/web/20261120080000/{PAGE}"))
    assert archive.copies == {PAGE: "20261120080000"}
    archive.asked.clear()
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert archive.asked == []
    clock.seconds += 40 * 86_400
    archive.now = "20270108120000"
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert archive.offers() == [PAGE]


def test_a_copy_without_a_job_is_found_where_the_archive_leads_to(tmp_path, archive, clock):
    archive.copies[PAGE], archive.faults[PAGE] = "20261120080000", ["same"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert (last_row(tmp_path)["outcome"], last_row(tmp_path)["memento_at"]) == ("archived", "2026-11-20T08:00:00Z")


def test_a_copy_that_is_said_to_be_there_and_is_not_is_not_confirmed(tmp_path, archive, clock):
    archive.faults[PAGE] = ["same"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert outcomes(tmp_path) == ["not_confirmed"]


def test_further_pages_are_offered_too_and_fragments_are_not(tmp_path, archive, clock):
    sources = list_sources(f"{PAGE}#top", further_urls="http://pages.example/1?page=2")
    offer(tmp_path, archive, clock, sources)
    assert sorted(archive.offers()) == [PAGE, f"{PAGE}?page=2"]
    assert outcomes(tmp_path).count("confirmed") == 2


def test_a_new_copy_may_take_a_while_to_be_there(tmp_path, archive, clock):
    archive.delay = 2
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert outcomes(tmp_path) == ["asked", "confirmed"]


def test_a_page_that_moved_is_confirmed_at_an_address_that_a_capture_has_seen(tmp_path, archive, clock):
    archive.faults[PAGE] = ["job other page"]
    archive.copies["https://evil.example/page"] = archive.now
    seen = {"source_id": "S001", "url": PAGE, "final_url": "https://evil.example/page", "sha256": "0" * 64}
    offer(tmp_path, archive, clock, list_sources(PAGE), known=list_known([seen]))
    assert last_row(tmp_path)["memento"] == archive.url("/web/20261129120000/https://evil.example/page")


@pytest.mark.parametrize(
    "url", ["http://192.168.1.7/wiki", "http://localhost:8000/", "http://wiki.local/", "http://[::1]/"]
)
def test_addresses_that_are_not_of_the_public_web_are_told_to_nobody(tmp_path, archive, clock, url):
    for _ in range(2):
        offer(tmp_path, archive, clock, list_sources(url))
    assert (outcomes(tmp_path), archive.asked) == (["not_offered"], [])


# Badly --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    ["429", "429 bare", "500", "502", "503", "520", "html", "half", "half json", "list", "empty", "nothing", "numbers"]
    + ["deep", "hangs up", "slow", "elsewhere", "busy", "overloaded"],
)
def test_what_passes_is_tried_again(tmp_path, archive, clock, fault):
    archive.faults[PAGE] = [fault]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert outcomes(tmp_path) == ["asked", "confirmed"]


@pytest.mark.parametrize(
    "fault", ["429", "500", "502", "html", "half", "half json", "list", "deep", "hangs up", "slow"]
)
def test_so_is_a_job_that_cannot_be_asked_for_at_first(tmp_path, archive, clock, fault):
    archive.faults[PAGE] = [f"job {fault}"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert outcomes(tmp_path) == ["asked", "confirmed"]
    assert archive.offers() == [PAGE]


def test_a_wait_that_the_archive_asks_for_is_kept(tmp_path, archive, clock):
    archive.faults[PAGE] = ["429"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert clock.waits[0] == pytest.approx(45, abs=1)


def test_what_is_wrong_for_good_ends_in_a_row_and_a_few_of_them_in_a_row_end_the_run(tmp_path, archive, clock):
    pages = [f"http://pages.example/{n}" for n in range(6)]
    archive.faults |= {page: ["html*"] for page in pages}
    run = offer(tmp_path, archive, clock, list_sources(*pages))
    assert outcomes(tmp_path) == ["failed"] * 3
    assert "3 addresses in a row failed" in run.why_stopped and run.n_left == 3
    archive.faults.clear()
    offer(tmp_path, archive, clock, list_sources(*pages))
    assert outcomes(tmp_path).count("confirmed") == 6


@pytest.mark.parametrize(
    ("fault", "said"), [("429 for hours", "the archive asks to wait"), ("full", "nothing more is taken today")]
)
def test_an_archive_that_takes_no_more_ends_the_run_and_the_next_goes_on(tmp_path, archive, clock, fault, said):
    pages = [f"http://pages.example/{n}" for n in range(4)]
    archive.faults[pages[1]] = [fault]
    run = offer(tmp_path, archive, clock, list_sources(*pages))
    assert said in run.why_stopped
    assert archive.offers() == pages[:2]
    offer(tmp_path, archive, clock, list_sources(*pages))
    assert archive.offers() == [pages[0], pages[1], pages[1], pages[2], pages[3]]
    assert outcomes(tmp_path).count("confirmed") == 4


@pytest.mark.parametrize(
    "fault", ["blocked", "job error:not-found", "job error:blocked", "job error:invalid-host-resolution"]
)
def test_what_is_refused_is_not_asked_for_again_within_the_span(tmp_path, archive, clock, fault):
    archive.faults[PAGE] = [fault]
    for _ in range(2):
        offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "refused"
    assert archive.offers() == [PAGE]


@pytest.mark.parametrize("fault", ["job error:proxy-error", "job error:celery", "daily"])
def test_a_job_that_failed_this_time_is_for_the_next_run(tmp_path, archive, clock, fault):
    archive.faults[PAGE] = [fault] * 4 if fault == "daily" else [fault]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "failed"
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "confirmed"


def test_a_job_that_is_pending_for_ever_stays_asked_and_the_others_go_on(tmp_path, archive, clock):
    archive.faults[PAGE] = ["job forever"]
    run = offer(tmp_path, archive, clock, list_sources(PAGE, "http://pages.example/2"))
    assert describe_state(run.state, list_sources(PAGE, "http://pages.example/2")) == "1 asked, 1 confirmed"
    assert clock.seconds < 1_000 + 400
    archive.jobs["spn2-0"]["fault"] = ""
    archive.jobs["spn2-0"]["left"] = 0
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "confirmed"
    assert archive.offers().count(PAGE) == 1  # it was asked for its job, not for another copy


def test_a_job_that_nobody_knows_any_more_is_offered_again(tmp_path, archive, clock):
    archive.faults[PAGE] = ["job forever"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    archive.jobs.clear()
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "failed"
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert last_row(tmp_path)["outcome"] == "confirmed"
    clock.seconds += 3_600  # after an hour it is not even asked for
    assert archive.offers() == [PAGE, PAGE]


@pytest.mark.parametrize("lie", sorted(LIES))
def test_no_lie_about_a_copy_is_taken_for_one(tmp_path, archive, clock, lie):
    archive.faults[PAGE] = [f"job {lie}"]
    offer(tmp_path, archive, clock, list_sources(PAGE))
    row = last_row(tmp_path)
    assert (row["outcome"], row["memento"]) == ("not_confirmed", "")
    assert all("evil" not in path for _, path, _ in archive.asked)


# Kills and ends -----------------------------------------------------------------------------------------------------


def test_a_run_whose_time_is_over_goes_on_with_its_jobs(tmp_path, archive, clock):
    pages = [f"http://pages.example/{n}" for n in range(9)]
    clock.ends_at = clock.seconds + 30
    run = offer(tmp_path, archive, clock, list_sources(*pages))
    assert run.why_stopped == "the time of the run was over"
    assert 0 < len(archive.offers()) < 9
    clock.ends_at = float("inf")
    archive.read_now = lambda: "".join(filter(str.isdigit, clock.now()))
    offer(tmp_path, archive, clock, list_sources(*pages))
    assert sorted(archive.offers()) == pages  # each once
    assert outcomes(tmp_path).count("confirmed") == 9


def test_a_row_that_a_kill_left_unfinished_is_no_row(tmp_path, archive, clock):
    offer(tmp_path, archive, clock, list_sources(PAGE))
    table: Path = tmp_path / "mementos.csv"
    table.write_bytes(table.read_bytes()[:-40])
    offer(tmp_path, archive, clock, list_sources(PAGE))
    assert outcomes(tmp_path) == ["asked", "confirmed"]
    assert archive.offers() == [PAGE]
