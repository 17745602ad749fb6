"""What is no request of the desk's own page is refused by every route, as the application itself lists them."""

import concurrent.futures
import http.client
import json
from urllib.parse import urlsplit

import pytest

from applications import HOST, TOKEN, ask, list_asked, open_desk
from boards import write_coded
from claim_desks import write_claimed
from desks import assert_no_fault, list_people, write_readable
from running import call_graylit
from screening_desks import decide, list_candidates, look, read_screenings, serve_screener, write_screened

EVERYTHING = "screener; settler; appraiser; coder; editor; adjudicator; synthesizer; reader; sorter; searcher"
MALFORMED = {
    "nothing": b"",
    "half": b'{"kind": "include"',
    "list": b"[]",
    "word": b'"include"',
    "number": b"1e999999",
    "digits": b"1" * 5000,
    "not a number": b'{"version": NaN}',
    "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 50_000,
    "half a sign": b'{"kind": "include", "version": "1:", "note": "\\ud83c"}',
    "types": b'{"kind": ["include"], "version": 7, "note": {}, "rows": {"decider": 1}}',
    "null": b'{"kind": null, "version": null, "rows": null}',
    "rows": b'{"version": "x", "rows": [[1], "x", null]}',
}


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """Return desks that have all tasks between them: of a study that is screened, and of one that is coded."""
    screened = write_screened(tmp_path_factory.mktemp("screened") / "s", list_candidates(3), ANNA=EVERYTHING)
    coded = write_readable(tmp_path_factory.mktemp("coded") / "s")
    appraised = write_readable(tmp_path_factory.mktemp("appraised") / "s")
    assert call_graylit("-C", appraised, "sample", "--size", "3").returncode == 0
    list_people(appraised, A="coder", B=EVERYTHING)
    claimed = write_claimed(tmp_path_factory.mktemp("claimed") / "s", A="coder", DORA=EVERYTHING)
    written = write_coded(tmp_path_factory.mktemp("written") / "s", B=EVERYTHING)
    visits = ((screened, "ANNA"), (coded, "B"), (appraised, "B"), (claimed, "DORA"), (written, "B"))
    return [open_desk(folder, name) for folder, name in visits]


def each(desks, *methods):
    found = [(desk, method, path) for desk in desks for method, path in list_asked(desk) if method in methods]
    assert found
    return found


def refuse(desks, methods, status, **request):
    """Return the routes that do not refuse a request."""
    asked = [(method, path, ask(desk, method, path, **request)) for desk, method, path in each(desks, *methods)]
    return [(method, path, answer.status) for method, path, answer in asked if answer.status != status]


def test_every_task_is_among_the_routes(desks):
    paths = {path for _, _, path in each(desks, "GET", "POST")}
    for task in (
        "",
        "people",
        "left",
        "criteria/criteria",
        "screen/next",
        "settle/next",
        "code/study",
        "sample/next",
        "recode/next",
        "codebook/codes",
        "synthesize/board",
        "synthesize/places",
        "adjudicate/study",
        "impacts/impacts",
        "read-impacts/next",
        "appraise/study",
        "settle-scores/places",
        "claims/guidelines",
        "check-claims/pairs",
        "settle-readings/next",
        "sort/state",
        "describe/sources",
        "categories/analysis",
    ):
        assert f"/{TOKEN}/{task}" in paths
    posts = {path for _, _, path in each(desks, "POST")}
    assert {f"/{TOKEN}/people", f"/{TOKEN}/screen/candidates/H00001", f"/{TOKEN}/code/sources/S001"} <= posts
    assert {f"/{TOKEN}/describe/sources", f"/{TOKEN}/sort/decisions", f"/{TOKEN}/categories/groups"} <= posts


def test_each_route_answers_the_desks_own_page_with_the_policy(desks):
    for desk, method, path in each(desks, "GET"):
        answer = ask(desk, method, path, origin="")
        assert answer.status in (200, 422), (path, answer.body)
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert "unsafe" not in answer.headers["content-security-policy"], path
        assert answer.headers["cache-control"] == "no-store", path


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "[::1]", "-"])
def test_another_name_for_this_machine_is_refused(desks, host):
    assert refuse(desks, ["GET", "POST"], 400, host=host, origin=f"http://{host}") == []


@pytest.mark.parametrize("origin", ["null", "http://other.example", "http://127.0.0.1:1", f"https://{HOST}"])
def test_another_page_is_refused(desks, origin):
    assert refuse(desks, ["GET", "POST"], 403, origin=origin) == []


def test_what_comes_from_no_page_decides_nothing(desks):
    assert refuse(desks, ["POST"], 403, origin="") == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_decides_nothing(desks, kind):
    assert refuse(desks, ["POST"], 415, body=b"{}", content_type=kind) == []


@pytest.mark.parametrize("length", ["200000", "-1", "1e3", "", "99999999999999999999"])
def test_a_body_that_is_huge_or_of_no_known_length_is_refused(desks, length):
    assert refuse(desks, ["POST"], 413, body=b"{}", content_length=length) == []


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_decision_is_refused(desks, body):
    for desk, method, path in each(desks, "POST"):
        answer = ask(desk, method, path, body=body)
        assert answer.status in (409, 422), (path, answer.status, answer.body)
        assert answer.content["message"]


def test_without_the_token_there_is_nothing(desks):
    for desk, method, path in each(desks, "GET", "POST"):
        for other in (path.replace(f"/{TOKEN}", "", 1), path.replace(TOKEN, TOKEN + "x", 1)):
            assert ask(desk, method, other or "/", body=b"{}").status == 404, other


def test_a_path_leads_to_no_other_file(desks):
    for path in ("../config/config.yaml", "..%2f..%2fconfig.yaml", "screen/..//..//etc/passwd", "%00"):
        assert ask(desks[0], "GET", f"/{TOKEN}/{path}").status in (404, 405)


def test_all_that_was_refused_has_written_nothing(desks):
    for desk in desks:
        assert not (desk.visit.folder / "config/screening/screenings.csv").exists()
        assert_no_fault(desk.visit.folder)


def test_a_desk_that_only_shows_has_no_route_that_decides(desks):
    for desk in desks:
        shown = open_desk(desk.visit.folder, desk.visit.person, is_read_only=True)
        assert {method for method, _ in list_asked(shown)} == {"GET"}


def test_of_500_decisions_at_once_one_is_taken_and_all_are_answered(tmp_path):
    study = write_screened(tmp_path / "study", list_candidates(3))
    with serve_screener(study, "ANNA") as server:
        one = look(server)["candidate"]
        address = urlsplit(server.address)

        def send(number: int) -> int:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
            body = json.dumps({"kind": "include", "version": one["version"], "note": str(number)}).encode()
            headers = {"Origin": server.origin, "Content-Type": "application/json"}
            connection.request("POST", f"{address.path}candidates/H00001", body, headers)
            status = connection.getresponse().status
            connection.close()
            return status

        with concurrent.futures.ThreadPoolExecutor(100) as threads:
            statuses = list(threads.map(send, range(500)))
        assert (statuses.count(200), statuses.count(409)) == (1, 499)
        assert decide(server, look(server)["candidate"], "unsure")[0] == 200
    assert [row["decision"] for row in read_screenings(study)] == ["include", "unsure"]
    assert_no_fault(study)


def test_a_body_in_chunks_is_refused(tmp_path):
    study = write_screened(tmp_path / "study", list_candidates(3))
    with serve_screener(study, "ANNA") as server:
        address = urlsplit(server.address)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        headers = {"Origin": server.origin, "Content-Type": "application/json"}
        chunks = iter([b"{" + b" " * 1000] * 300)
        connection.request("POST", f"{address.path}candidates/H00001", chunks, headers, encode_chunked=True)
        assert connection.getresponse().status == 413
        connection.close()
        assert look(server)["n_left"] == 3


def test_the_icon_that_browsers_ask_for_is_no_missing_page(desks):
    answer = ask(desks[0], "GET", "/favicon.ico")
    assert (answer.status, answer.body) == (204, b"")
