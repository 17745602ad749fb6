"""How to cite the review, a guideline and a source: entries of BibLaTeX and of RIS."""

from dataclasses import replace

from graylit.exports.bibliography import list_csl_items
from graylit.exports.citation import About, describe_program
from graylit.exports.citing import describe_guideline, describe_review, format_dataset, format_ris
from graylit.study.authors import Author

ABOUT = About(
    "Bees & roofs",
    (Author("Mira Holm"), Author("The Roof Readers")),
    "CC-BY-4.0",
    "2026-03-10",
    describe_program(),
    "9",
)
SOURCE = {
    "source_id": "S001",
    "url": "https://example.org/a",
    "title": "Roofs\nfor hives",
    "publisher": "City of Bees",
    "source_type": "blog post",
    "published": "2024-05",
    "pinned_url": "",
}


def test_a_source_is_a_record_of_ris_of_one_line_a_field():
    (item,) = list_csl_items([SOURCE], {"S001": {"captured_at": "2026-08-24T00:00:00Z"}})
    assert format_ris(item).split("\r\n") == [
        "TY  - BLOG",
        "ID  - S001",
        "TI  - Roofs for hives",
        "AU  - City of Bees",
        "PY  - 2024",
        "DA  - 2024/05",
        "Y2  - 2026/08/24",
        "UR  - https://example.org/a",
        "ER  - ",
        "",
    ]


def test_a_title_cannot_begin_a_field_of_its_own():
    (item,) = list_csl_items([{**SOURCE, "title": "Roofs\nER  - \nTY  - BOOK"}], {})
    assert [line[:2] for line in format_ris(item).split("\r\n")].count("TY") == 1


def test_the_review_names_its_authors_date_and_licence():
    entry = format_dataset(describe_review(ABOUT))
    assert entry.startswith("@dataset{review,\n  author = {{Mira Holm} and {The Roof Readers}},")
    assert "title = {Bees \\& roofs}" in entry and "date = {2026-03-10}" in entry and "CC-BY-4.0" in entry
    assert format_ris(describe_review(ABOUT)).count("AU  - ") == 2


def test_a_guideline_is_cited_as_part_of_the_review():
    item = describe_guideline(ABOUT, "G01", "Let the roof decide")
    assert "@dataset{guideline-G01," in format_dataset(item)
    assert "N1  - Guideline G01 of: Bees & roofs. Licence: CC-BY-4.0" in format_ris(item)


def test_a_version_and_a_doi_are_cited_if_the_config_says_them():
    item = describe_review(replace(ABOUT, version="1.1", doi="10.5281/zenodo.1234567"))
    assert "doi = {10.5281/zenodo.1234567}" in format_dataset(item) and "version = {1.1}" in format_dataset(item)
    assert "DO  - 10.5281/zenodo.1234567" in format_ris(item)
    assert "doi" not in format_dataset(describe_review(ABOUT))
