"""Small PDF files for tests: words at places, in Helvetica, its bold or Courier."""

import io
from dataclasses import dataclass

import pypdf

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "code": "Courier"}


@dataclass(frozen=True)
class Placed:
    """Words at a place of a page of 600 by 800 points; `font` is plain, bold or code."""

    words: str
    left: float = 50
    base: float = 700
    size: float = 12
    font: str = "plain"
    matrix: str = "1 0 0 1"  # how the letters are turned


def place_lines(*lines, left=50, top=700, leading=14, size=12, font="plain"):
    """Return lines one below the other."""
    return [Placed(words, left, top - leading * number, size, font) for number, words in enumerate(lines)]


def write_pages(*pages, page="", info=""):
    """Return a PDF with such words on its pages; `page` is written into the dictionary of each page."""
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
        for name, base in FONTS.items()
    )
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        f"<< {info} >>",
    ]
    for number, placed in enumerate(pages):
        stream = "".join(_show(part) for part in placed)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {page} /Contents {5 + 2 * number} 0 R"
            f" /Resources << /Font << {fonts} >> >> >>",
            f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream",
        ]
    return _join_objects(objects, info=3)


def _show(part):
    words = part.words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{part.font} {part.size} Tf {part.matrix} {part.left} {part.base} Tm ({words}) Tj ET\n"


def write_lines(lines, info="", font="", more=()):
    """Return a PDF of one page with a line of text for each of `lines`; `more` holds further objects from 7."""
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td\n{shown}ET"
    return _join_objects(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
            f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {font} >>",
            f"<< {info} >>",
            *more,
        ],
        info=6,
    )


def _join_objects(objects, info):
    """Return a PDF of objects; `info` is the number of that with title and author."""
    content, places = b"%PDF-1.4\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{written}\nendobj\n".encode("cp1252")
    size, start = len(objects) + 1, len(content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {size} /Root 1 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return content + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("cp1252")


def encrypt_pdf(body, user_password, algorithm="RC4-128"):
    """Return a PDF encrypted in one of pypdf's ways."""
    writer, encrypted = pypdf.PdfWriter(clone_from=io.BytesIO(body)), io.BytesIO()
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    writer.write(encrypted)
    return encrypted.getvalue()
