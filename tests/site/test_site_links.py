"""Links of the site: rows of large tables are shown where they are read, and links to them lead there."""

import pytest

from graylit.site.links import Guide, relink

GUIDE = Guide(
    source_of={"A-1": "S001", "A-2": "S001"},
    superseded={"A-2"},
    guideline_of={"L01": "G01"},
    candidate_of={"N1": "X7"},
    shown={"agreement", "topics"},
)


@pytest.mark.parametrize(
    ("page", "link", "led"),
    [
        ("report.html", "audit/guidelines/G01.html", "guidelines/G01.html"),
        ("report.html", "audit/index.html", "index.html"),
        ("report.html", "audit/tables/codings.html?source_id=S001", "sources/S001.html"),
        ("report.html", "audit/tables/codings.html?code_id=C01&amp;is_evidence=yes", "codes/C01.html#codings"),
        ("report.html", "audit/tables/codings.html?coder=A", "tables.html#codings"),
        ("report.html", "audit/tables/topics.html?topic_id=3", "tables/topics.html?topic_id=3"),
        ("report.html", "audit/tables/topic_segments.html?topic_id=3", "tables/topics.html?topic_id=3"),
        ("report.html", "audit/tables/crosswalk.html?code_id=C01", "tables.html#crosswalk"),
        ("report.html", "audit/tables/agreement.html?scope=C01&amp;round=2", "codes/C01.html#agreement"),
        ("report.html", "ledger.html", "sources.html"),
        ("codes/C01.html", "../tables/log.html#J-1", "../decisions.html#J-1"),
        ("screening.html", "tables/log.html#N1", "#X7"),
        ("guidelines/G01.html", "../tables/codings.html#A-1", "../sources/S001.html#A-1"),
        ("guidelines/G01.html", "../tables/codings.html#A-2", "../sources/S001.html#others"),
        ("guidelines/G01.html", "../tables/evidence.html?guideline_id=G01", "#evidence"),
        (
            "claims.html",
            "tables/claim_evidence.html?claim_id=L01&amp;reading=against",
            "guidelines/G01.html#L01-against",
        ),
        ("index.html", "cite/review.bib", "cite/review.bib"),
    ],
)
def test_a_link_leads_to_where_the_site_has_it(page, link, led):
    assert relink(page, f'<a href="{link}">x</a>', GUIDE.lead) == f'<a href="{led}">x</a>'


@pytest.mark.parametrize(
    "link", ["https://example.org/tables/log.html", "#evidence", "mailto:a@example.org", "//x.y/z.html"]
)
def test_links_to_the_web_and_within_the_page_stay(link):
    assert relink("index.html", f'<a href="{link}">x</a>', GUIDE.lead) == f'<a href="{link}">x</a>'


def test_an_address_in_a_text_is_no_link():
    words = "&lt;a href=&#34;audit/index.html&#34;&gt;"
    assert relink("index.html", words, GUIDE.lead) == words
