"""The report as a page: nothing in a table can act in it."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from graylit.study.checking import read_study
from tiny_study import BREAKOUT, SCRIPT, TEMPLATE, replace_once, write_study


@pytest.fixture(scope="module")
def report(hostile):
    """Return the report of a study whose every cell wants to be more than words."""
    return (hostile / "results/report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(report):
    return BeautifulSoup(report, "html.parser")


def test_no_element_of_a_table_is_an_element_of_the_report(page):
    assert page.body.find_all(["script", "img", "iframe", "object", "embed", "form", "base"]) == []
    assert len(page.head.find_all("script")) == 1


def test_no_element_of_the_report_has_a_handler(page):
    assert [name for element in page.find_all(True) for name in element.attrs if name.startswith("on")] == []


def test_links_of_the_report_lead_to_itself_the_audit_pages_or_the_web(page):
    targets = {link["href"] for link in page.find_all("a")}
    assert {"https://example.org/barrels", "https://example.org/pumps?model=2", "audit/sources/S001.html"} <= targets
    assert all(
        target.startswith(("#", "https://", "http://", "audit/", "ledger.html", "report.html")) for target in targets
    )


def test_hostile_words_are_shown_as_words(page):
    words = page.get_text()
    assert f"Choosing {SCRIPT}" in words
    assert BREAKOUT in words
    assert TEMPLATE in words


def test_the_report_needs_no_network(page, report):
    assert page.find_all(["link", "video", "audio"]) == []
    assert "@import" not in report and not re.search(r"url\((?!#)", report)


def test_the_report_forbids_scripts(page):
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy


def test_every_link_inside_the_report_has_its_target(page):
    ids = {element["id"] for element in page.find_all(id=True)}
    assert {link["href"][1:] for link in page.find_all("a", href=True) if link["href"].startswith("#")} <= ids


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:alert(1)", "//example.org"])
def test_an_address_that_could_act_in_the_report_is_refused_before_anything_runs(tmp_path, url):
    folder = write_study(tmp_path)
    replace_once(folder, "config/sources.csv", "https://example.org/barrels", url if "," not in url else f'"{url}"')
    assert [(fault.row, fault.column, fault.value) for fault in read_study(folder)[1]] == [(2, "url", url)]


def test_numbers_of_the_report_are_those_of_the_tables(page):
    glance = {item.dt.get_text(): item.dd.get_text() for item in page.find(class_="glance").find_all("div")}
    assert {name: glance[name] for name in ("sources", "codes", "codings in force", "guidelines")} == {
        "sources": "3",
        "codes": "2",
        "codings in force": "4",
        "guidelines": "2",
    }


def test_missing_cells_are_shown_as_nothing(report):
    assert "nan" not in pd.Series(report.split()).str.lower().tolist()
    assert "<NA>" not in report and "&lt;NA&gt;" not in report
