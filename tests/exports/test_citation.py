"""Who a package names: the authors of the study as its authors, and the makers of the program apart from them."""

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from urllib.parse import quote

import pytest
import yaml

from archives import REPOSITORY
from conftest import change_config, read_table
from graylit.exports.citation import (
    About,
    DecidingModel,
    cite_in_cff,
    describe_program,
    format_citation,
    format_licence,
)
from graylit.exports.crate import describe_crate
from graylit.exports.opening import describe_replay, format_opening, read_verdict
from graylit.exports.works import list_works, write_identifier
from graylit.exports.writing import PARTS, make_export
from graylit.exports.zenodo import format_zenodo
from graylit.study.authors import Author
from graylit.study.checking import require_study
from graylit.tables.comparison import VERDICT
from graylit.tables.faults import InputError
from tiny_study import CODERS

MAKERS = "The Graylit contributors"
ANN = Author("Ann Brook", "https://orcid.org/0000-0002-1825-0097", "Garden Club")
ABOUT = About("Barrels", (ANN, Author("The Bee Readers", is_group=True)), "CC-BY-4.0", "2026-01-01",
              describe_program(), "9.0")  # fmt: skip


def read_graph(about, files=("README.md", "workflow/Snakefile"), of_program=("workflow/Snakefile",)):
    """Return the entities of a crate by their ids."""
    return {entity["@id"]: entity for entity in describe_crate(about, list(files), of_program)["@graph"]}


def test_the_crate_names_the_authors_of_the_study_and_their_licence():
    graph = read_graph(ABOUT)
    assert [graph[author["@id"]]["name"] for author in graph["./"]["author"]] == ["Ann Brook", "The Bee Readers"]
    assert graph["./"]["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    ann = graph["https://orcid.org/0000-0002-1825-0097"]
    assert (ann["@type"], graph[ann["affiliation"]["@id"]]["name"]) == ("Person", "Garden Club")


def test_the_program_is_credited_apart_with_its_own_makers_and_licence():
    graph = read_graph(ABOUT)
    run = next(entity for entity in graph.values() if entity["@type"] == "CreateAction")
    program = graph["#graylit"]
    assert {"@id": "#graylit"} in run["instrument"]
    assert graph[program["author"]["@id"]]["name"] == MAKERS
    assert program["license"] == {"@id": "https://spdx.org/licenses/MIT"} == graph["workflow/Snakefile"]["license"]
    assert "license" not in graph["README.md"]


def test_a_study_whose_authors_are_not_named_has_none():
    graph = read_graph(About("Barrels", (), "CC0-1.0", "2026-01-01", describe_program(), "9.0"))
    assert "author" not in graph["./"]
    assert "publisher" not in graph["./"]


def test_ids_of_files_are_encoded_as_addresses_are():
    graph = read_graph(ABOUT, ["config/coding/codings/Zoë K #1.csv", "workflow/Snakefile"])
    assert graph["./"]["hasPart"][0] == {"@id": "config/coding/codings/Zo%C3%AB%20K%20%231.csv"}
    assert graph["config/coding/codings/Zo%C3%AB%20K%20%231.csv"]["name"] == "Zoë K #1.csv"


def test_the_citation_is_that_of_the_study_and_refers_to_the_program():
    cited = yaml.safe_load(format_citation(ABOUT))
    assert [author["name"] for author in cited["authors"]] == ["Ann Brook", "The Bee Readers"]
    assert (cited["type"], cited["title"], cited["license"]) == ("dataset", "Barrels", "CC-BY-4.0")
    assert [(work["type"], work["authors"]) for work in cited["references"]] == [("software", [{"name": MAKERS}])]


ORIGINAL = {
    "title": "Barrels: a review", "authors": ["Amou Rill", "Haug, Ida"], "year": 2026,
    "identifier": "arXiv 2606.00001v1",
    "url": "https://arxiv.org/abs/2606.00001v1", "relation": "independent application of the published method",
    "counts": {}, "not_compared": "",
}  # fmt: skip
GONE_BACK = replace(ABOUT, goes_back_to=list_works({"original": ORIGINAL}), version="1.0", doi="10.5281/zenodo.12")


def test_a_work_whose_method_is_applied_is_cited_as_that_and_by_the_names_that_are_known():
    cited = yaml.safe_load(format_citation(GONE_BACK))
    assert cited["references"][0] == {
        "type": "article", "title": "Barrels: a review", "year": 2026, "url": "https://arxiv.org/abs/2606.00001v1",
        "authors": [{"family-names": "Amou Rill"}, {"family-names": "Haug", "given-names": "Ida"}],
        "identifiers": [{"type": "other", "value": "arXiv:2606.00001v1"}],
    }  # fmt: skip
    assert (cited["version"], cited["doi"]) == ("1.0", "10.5281/zenodo.12")
    assert cited["abstract"].endswith(": independent application of the published method. It is no replication.")
    repeated = list_works({"original": ORIGINAL | {"relation": "replication"}})
    assert format_citation(replace(ABOUT, goes_back_to=repeated)).count("no replication") == 0


def test_the_crate_cites_the_work_with_its_authors():
    graph = read_graph(GONE_BACK)
    cited = graph[graph["./"]["citation"]["@id"]]
    assert (cited["@type"], cited["identifier"]) == ("ScholarlyArticle", "arXiv:2606.00001v1")
    assert [graph[author["@id"]]["name"] for author in cited["author"]] == ["Amou Rill", "Ida Haug"]
    assert (graph["./"]["version"], graph["./"]["identifier"]) == ("1.0", "https://doi.org/10.5281/zenodo.12")


def test_one_thing_alone_stands_without_a_list_as_the_format_recommends():
    model = DecidingModel("M1", "m", "1", "unknown", "coder", 2, ("config/quality.csv",))
    files = ["README.md", "config/quality.csv", "tables/codes.csv", "workflow/Snakefile"]
    described = describe_crate(replace(GONE_BACK, models=(model,)), files, ("workflow/Snakefile",))["@graph"]
    lists = [(one["@id"], value) for one in described for value in one.values() if isinstance(value, list)]
    assert [named for named, value in lists if len(value) < 2] == []


def test_zenodo_is_told_who_made_the_review_and_what_it_cites():
    deposit = json.loads(format_zenodo(GONE_BACK))
    assert deposit["creators"] == [
        {"name": "Ann Brook", "affiliation": "Garden Club", "orcid": "0000-0002-1825-0097"}, {"name": "The Bee Readers"}
    ]  # fmt: skip
    assert deposit["related_identifiers"] == [{"identifier": "arXiv:2606.00001v1", "relation": "cites"}]
    assert (deposit["license"], deposit["doi"], deposit["upload_type"]) == ("CC-BY-4.0", "10.5281/zenodo.12", "dataset")
    assert json.loads(format_zenodo(replace(ABOUT, authors=())))["creators"] == [{"name": "Anonymous"}]


@pytest.mark.parametrize(
    ("written", "read"),
    [("arXiv 2606.00001v1", "arXiv:2606.00001v1"), ("arXiv:2606.00001", "arXiv:2606.00001"), ("ISBN 3", "ISBN 3"),
     ("https://doi.org/10.1000/x.1", "10.1000/x.1"), ("doi:10.1000/x.1", "10.1000/x.1")],
)  # fmt: skip
def test_identifiers_are_written_as_archives_take_them(written, read):
    assert write_identifier(written) == read


def test_a_doi_of_an_old_form_is_cited_as_another_identifier():
    (work,) = list_works({"original": ORIGINAL | {"identifier": "10.1002/(SICI)1096<1::AID>3.0.CO;2-X"}})
    assert "doi" not in cite_in_cff(work)
    assert cite_in_cff(work)["identifiers"] == [{"type": "other", "value": work.identifier}]


def test_two_authors_of_one_name_are_listed_once_as_the_format_asks():
    twice = replace(ABOUT, authors=(Author("Ann Brook"), Author("Ann Brook")))
    assert yaml.safe_load(format_citation(twice))["authors"] == [{"name": "Ann Brook"}]
    once = read_graph(replace(ABOUT, authors=(Author("Ann Brook"),)))
    assert read_graph(twice)["./"]["author"] == once["./"]["author"]


def test_the_repository_is_cited_with_the_work_whose_method_its_study_applies():
    cited = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    works = list_works(yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8")))
    assert cited["references"] == [cite_in_cff(work) for work in works] != []


def test_the_licence_of_the_package_says_which_part_is_whose():
    words = format_licence(ABOUT)
    assert words.index("Ann Brook, The Bee Readers:\nCC-BY-4.0") < words.index(f"{MAKERS}:\nMIT")


def test_the_package_of_the_mini_study_names_no_maker_of_the_program_as_its_author(package):
    graph = {one["@id"]: one for one in json.loads(package["ro-crate-metadata.json"])["@graph"]}
    assert [graph[author["@id"]]["name"] for author in graph["./"]["author"]] == ["Mira Holm", "The Roof Hive Readers"]
    assert yaml.safe_load(package["CITATION.cff"])["license"] == "CC-BY-4.0"
    assert b"MIT License" in package["src/graylit/LICENSE"]
    described = json.loads(package["tables/datapackage.json"])
    assert [one["title"] for one in described["contributors"]] == ["Mira Holm", "The Roof Hive Readers"]
    assert described["licenses"] == [{"name": "CC-BY-4.0", "path": "https://spdx.org/licenses/CC-BY-4.0"}]


def test_an_export_is_refused_before_the_config_says_who_made_the_review(built_copy):
    change_config(built_copy, authors=[{"name": "(your name)"}], licence="(how)")
    with pytest.raises(InputError, match="authors.0.name") as refused:
        make_export(built_copy)
    assert [fault.column or fault.file for fault in refused.value.faults] == [
        "authors.0.name",
        "licence",
        "data/frozen",
    ]


def test_a_study_that_was_never_frozen_is_not_packed_but_goes_into_papers(built):
    with pytest.raises(InputError, match="data/frozen: is missing.*run: graylit freeze"):
        make_export(built, ["package"])
    assert "sources.bib" in make_export(built, ["paper"])


@pytest.fixture(scope="module")
def packed(hostile, tmp_path_factory):
    """Return a study without texts, and the files of its export."""
    folder = shutil.copytree(hostile, tmp_path_factory.mktemp("packed") / "copy")
    change_config(folder, authors=[], licence="CC0-1.0")
    return folder, make_export(folder, PARTS)


def test_a_study_without_texts_is_packed_without_a_frozen_corpus(packed):
    folder, files = packed
    assert "replication-package.zip" in files
    opening = format_opening(require_study(folder), ABOUT, [], {"environment.yml": b""})
    assert "| `data/frozen" not in opening
    assert "VERDICT: NONE. No tables were released with this study" in opening


def test_coders_have_the_names_of_people_in_all_that_is_made_and_packed(packed):
    folder, files = packed
    located = read_table(folder / "data/processed/located_codings.csv")
    assert {row["coder"] for row in located} == set(CODERS.values())
    report = (folder / "results/report.html").read_text(encoding="utf-8")
    assert all(f"audit/tables/codings.html?coder={quote(name)}" in report for name in CODERS.values())
    fields = json.loads(files["data-package/datapackage.json"])["resources"]
    schema = next(resource["schema"] for resource in fields if resource["name"] == "located-codings")
    (pattern,) = (f["constraints"]["pattern"] for f in schema["fields"] if f["name"] == "coder")
    assert all(re.fullmatch(pattern, name) for name in CODERS.values())
    with zipfile.ZipFile(io.BytesIO(files["replication-package.zip"])) as archive:
        tables = {name.rpartition("/")[2] for name in archive.namelist() if "/codings/" in name}
    assert tables == {f"{name}.csv" for name in CODERS.values()}


def test_a_package_that_is_not_what_was_frozen_says_so(frozen, tmp_path):
    (tmp_path / "results").mkdir()
    row = dict.fromkeys(VERDICT.names, "") | {"stage": "coding", "table": "code_counts", "n_rows": "2",
           "n_released": "1", "verdict": "differs", "cause": "A.csv was changed", "is_explained": "yes"}  # fmt: skip
    VERDICT.write_rows([row], tmp_path / "results/verdict.csv")
    assert describe_replay(tmp_path).startswith("Differs from the release, since the study was changed: A.csv")
    opening = format_opening(require_study(frozen), ABOUT, read_verdict(tmp_path), {"environment.yml": b""})
    assert "**Not as it was frozen**: Differs" in opening
    VERDICT.write_rows([row | {"verdict": "same", "cause": ""}], tmp_path / "results/verdict.csv")
    assert describe_replay(tmp_path) == ""
