"""robots.txt by RFC 9309: which pages Graylit may ask for, and how fast."""

import pytest

from graylit.collection.robots import MAX_BYTES, RobotsAnswer, Rules, read_rules
from robots_cases import CASES, Case

HOST = "https://bees.example"


def read(robots: bytes) -> Rules:
    return read_rules(RobotsAnswer(200, robots))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stands_for)
def test_pages_are_asked_for_as_the_rules_say(case: Case):
    rules = read(case.robots)
    asked = [*case.allowed, *case.forbidden]
    expected = dict.fromkeys(case.allowed, "allowed") | dict.fromkeys(case.forbidden, "disallowed")
    assert {path: rules.decide(HOST + path) for path in asked} == expected


@pytest.mark.parametrize("field", ["Dissallow", "disalow", "Diasllow", "disallaw", "dissalow"])
def test_a_misspelt_rule_is_kept(field):
    assert read(f"User-agent: *\n{field}: /\n".encode()).decide(f"{HOST}/hive") == "disallowed"


def test_prose_is_no_record():
    page = b"User-agent: *\n\nUser agent strings are listed elsewhere.\nDisallow robots if you must.\nDisallow: /wax\n"
    assert read(page).decide(f"{HOST}/wax") == "disallowed"


@pytest.mark.parametrize(
    ("lines", "delay_s"),
    [
        ("User-agent: Graylit\nCrawl-delay: 7\nUser-agent: *\nDisallow: /wax", 7),
        ("User-agent: *\nCrawl-delay: 7\nUser-agent: Graylit\nDisallow: /wax", 0),
        ("User-agent: *\nDisallow: /wax\nCrawl-delay: 0.5", 0.5),
        ("User-agent: Graylit/0.1\nDisallow: /wax\n\nUser-agent: graylit\nCrawl-delay: 2", 2),
        ("User-agent: *\nCrawl-delay: a while", 0),
        ("User-agent: *\nCrawl-delay: 3600", 60),
    ],
)
def test_the_delay_is_that_of_our_group(lines, delay_s):
    assert read(lines.encode()).delay_s == delay_s


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_that_the_limit_cuts_through_does_not_count(end):
    head = b"User-agent: *" + end + b"Disallow: /" + end
    filler = b"#" * (MAX_BYTES - len(head) - len(end) - len("Allow: /")) + end
    rules = read(head + filler + b"Allow: /open" + end)
    assert rules.decide(f"{HOST}/hive") == "disallowed"


def test_all_that_is_before_the_limit_counts():
    comments = b"# " + b"a" * (MAX_BYTES - 100) + b"\n"
    assert read(comments + b"User-agent: *\nDisallow: /\n").decide(f"{HOST}/hive") == "disallowed"
