"""From a PDF to its text: words as its file has them, paragraphs as the eye sees them."""

import random

import pytest

from graylit.captures.warcs import Response
from graylit.preparation.source_texts import extract_pdf, extract_text
from pdfs import encrypt_pdf, place_lines, write_lines, write_pages

SENTENCES = (
    "A rain barrel stands under the gutter and fills itself in a single stormy night. "
    "Paint the wood every second spring, and keep the tap a hand above the ground."
)


def extract(body, media_type="application/pdf"):
    return extract_text(
        Response(200, {"content-type": media_type}, body), "https://example.org/barrels", "2026-03-01T12:00:00Z", False
    )


# Files ----------------------------------------------------------------------------------------------------------

LINES = SENTENCES.replace(". ", ".\n").split("\n")


def test_a_pdf_gives_its_words_and_metadata():
    text = extract(write_lines(LINES, "/Title (Rain barrels) /Author (Ann Brook)"), "application/pdf")
    assert (text.outcome, text.words.split()) == ("extracted", SENTENCES.split())
    assert (text.title, text.author) == ("Rain barrels", "Ann Brook")


def test_a_pdf_without_metadata_gives_its_words():
    text = extract_pdf(write_lines(LINES).replace(b"/Info 6 0 R", b""))
    assert (text.outcome, text.title) == ("extracted", "")


def test_a_pdf_without_words_is_empty():
    text = extract(write_lines([]), "application/pdf")
    assert text.outcome == "empty_text"
    assert "no words on 1 pages, which may be pictures of words" in text.note


def test_a_page_that_is_damaged_leaves_the_others_their_words():
    body = write_pages(place_lines(*LINES), place_lines(*LINES)).replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [4 0 R 9 0 R]")
    text = extract(body)
    assert (text.outcome, text.words.split()) == ("extracted", SENTENCES.split())
    assert text.note == "1 of 2 pages cannot be read"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_needs_no_password_is_read(algorithm):
    assert extract_pdf(encrypt_pdf(write_lines(LINES), "", algorithm)).words.split() == SENTENCES.split()


def test_a_pdf_that_needs_a_password_is_unreadable():
    text = extract_pdf(encrypt_pdf(write_lines(LINES), user_password="secret"))
    assert (text.outcome, text.words) == ("unreadable", "")
    assert "password" in text.note


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"/Filter /Standard", b"/Filter /Homemade"),  # another encryption handler
        (b"/Length 128", b"/Length 0"),  # a key of no bytes
        (b"/Kids [", b"/Kids 7 ["),
    ],
)
def test_a_pdf_with_broken_encryption_or_pages_is_unreadable(good, bad):
    body = encrypt_pdf(write_lines(LINES), user_password="")
    assert good in body
    assert extract_pdf(body.replace(good, bad)).outcome == "unreadable"


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"%PDF-1.7\n" + b"\x00" * 300, write_lines(LINES)[:200]])
def test_a_broken_pdf_is_unreadable(body):
    text = extract(body, "application/pdf")
    assert (text.outcome, text.words) == ("unreadable", "")


def change_bytes(body, seed):
    """Return a body with up to five bytes changed, taken out or doubled."""
    chance, changed = random.Random(seed), bytearray(body)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(changed))
        changed[place : place + chance.randint(0, 2)] = chance.choice([b"", b"0", b"<<", b"/", b"\xff", b" 3 0 R"])
    return bytes(changed)


def test_a_pdf_with_changed_bytes_never_stops_the_run():
    bodies = [write_lines(LINES), encrypt_pdf(write_lines(LINES), user_password="")]
    outcomes = {extract_pdf(change_bytes(body, seed)).outcome for body in bodies for seed in range(300)}
    assert outcomes == {"extracted", "unreadable"}


def map_letter_a(code):
    """Return the table with which the letter A of a font stands for another sign."""
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        f"endcodespacerange 1 beginbfchar <41> <{code}> endbfchar endcmap end end"
    )
    return f"<< /Length {len(table)} >>\nstream\n{table}\nendstream"


def test_ligatures_are_written_as_their_letters():
    text = extract(write_lines(["A" + "nd " * 20], font="/ToUnicode 7 0 R", more=[map_letter_a("FB01")]))
    assert text.words.startswith("find nd")


def test_signs_of_two_halves_are_whole():
    text = extract(write_lines(["A " * 20 + LINES[1]], font="/ToUnicode 7 0 R", more=[map_letter_a("D835DC00")]))
    assert text.words.startswith("\U0001d400 \U0001d400")


def test_half_signs_in_a_pdf_do_not_reach_the_text():
    table = map_letter_a("D835")
    text = extract(write_lines(LINES, font="/ToUnicode 7 0 R", more=[table]), "application/pdf")
    assert text.words.encode("utf-8").decode("utf-8").startswith("\ufffd rain barrel")
