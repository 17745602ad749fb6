"""Authors and licence of a study: what the config may say, and what an export still needs of it."""

import pytest

from graylit.study.authors import Author, check_authors, list_authors, list_open, name_licence
from graylit.study.config import load_defaults
from tiny_study import only_fault, write_study

CARBERRY = "0000-0002-1825-0097"  # ORCID's own example


@pytest.mark.parametrize("orcid", [CARBERRY, f"https://orcid.org/{CARBERRY}", "0000-0002-1694-233X"])
def test_an_orcid_whose_last_digit_checks_the_others_is_taken(orcid):
    config = {"authors": [{"name": "Ann Brook", "orcid": orcid}], "licence": "MIT"}
    assert check_authors(config) == []
    assert list_authors(config)[0].orcid == f"https://orcid.org/{orcid[-19:]}"


@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0098", "0000-0002-1825-009", "ann", "", "0000000218250097", "1-2-3-X"]
)
def test_what_is_no_orcid_is_a_fault_that_names_the_author(orcid):
    (fault,) = check_authors({"authors": [{"name": "Ben"}, {"name": "Ann", "orcid": orcid}]})
    assert (fault.column, fault.value, fault.problem) == ("authors.1.orcid", orcid, "is no ORCID iD")


def test_a_licence_is_named_as_spdx_writes_it():
    assert name_licence({"licence": "cc-by-4.0"}) == "CC-BY-4.0"


@pytest.mark.parametrize("licence", ["CC BY 4.0", "all rights reserved", "MIT OR Apache-2.0", "LicenseRef-Mine"])
def test_what_is_not_one_identifier_of_spdx_is_a_fault(licence):
    (fault,) = check_authors({"licence": licence})
    assert (fault.column, fault.value) == ("licence", licence)


def test_a_check_names_an_orcid_that_cannot_be_one(tmp_path):
    config = write_study(tmp_path) / "config/config.yaml"
    config.write_text("authors: [{name: Ann, orcid: 0000-0002-1825-0098}]\n" + config.read_text())
    assert only_fault(tmp_path).column == "authors.0.orcid"


def test_an_author_without_a_name_is_a_fault(tmp_path):
    config = write_study(tmp_path) / "config/config.yaml"
    config.write_text("authors: [{affiliation: Garden Club}]\n" + config.read_text())
    assert only_fault(tmp_path).column == "authors.0.name"


def test_what_a_new_study_has_in_brackets_is_no_fault_and_is_named_before_an_export():
    config = load_defaults()
    assert check_authors(config) == []
    assert [fault.column for fault in list_open(config)] == [
        "authors.0.name", "authors.0.orcid", "authors.0.affiliation", "licence"
    ]  # fmt: skip
    assert (list_authors(config), name_licence(config)) == ((), "")


def test_a_config_without_authors_and_licence_is_told_of_both():
    assert [(fault.column, fault.problem) for fault in list_open({})] == [
        ("authors", "is missing, and an export says it"), ("licence", "is missing, and an export says it")
    ]  # fmt: skip


def test_an_empty_list_of_authors_names_nobody_on_purpose():
    assert list_open({"authors": [], "licence": "CC0-1.0"}) == []


def test_a_group_is_an_author_too():
    config = {"authors": [{"name": "The Bee Readers", "is_group": True}]}
    assert list_authors(config) == (Author("The Bee Readers", is_group=True),)
