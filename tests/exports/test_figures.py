"""Figures: pictures of their own in both forms."""

import io
import xml.etree.ElementTree as ElementTree

import pypdf
import pytest

from conftest import REPOSITORY
from graylit.exports.figures import convert_to_pdf
from graylit.pages.pictures import Picture
from hostile_words import HOSTILE

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


@pytest.mark.parametrize("name", ["support", "saturation", "dendrogram"])
def test_a_figure_is_a_picture_of_its_own_in_both_forms(exported, name):
    root = ElementTree.fromstring(exported[f"figures/{name}.svg"])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(pypdf.PdfReader(io.BytesIO(exported[f"figures/{name}.pdf"])).pages) == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_a_figure_are_words(words):
    picture = Picture("hostile", 100, 100, words, words)
    picture.write(1, 1, words, target="audit/index.html")
    picture.add("circle", "dot", words, cx=1, cy=1, r=1)
    root = ElementTree.fromstring(picture.to_svg())
    tags = [one.tag.rsplit("}")[-1] for one in root.iter()]
    assert tags == ["svg", "title", "desc", "text", "circle", "title"]  # a link leads nowhere from a file
    assert convert_to_pdf(picture.to_svg()).startswith(b"%PDF")
