"""Words that want to be more than words, for tests of what is exported."""

import csv
import io

from graylit.tables.sources import SOURCES

HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    r"\input{/etc/passwd} \write18{touch owned} \immediate\openout3=owned",
    r"}\end{longtable}\newpage \catcode`\@=11 ^^5cinput{/etc/hostname}",
    "100 % of $x_1$ & #3 ~ `ls` [4cm] \"quoted\" }{ } \\\\[2cm]",
    "<script>alert(1)</script> ]]> &amp; <!-- -->",
    "[click](javascript:alert(1)) ![x](http://evil.example/p.png) *bold* `code` # head | cell",
    "{{ 7*7 }} {% raw %} ${HOME} $(id)",
    "right\u202eto left\u2066 \u200b zero\x07 bell 🤖 robot ✅",
    "@online{S999, title = {another}}",
)  # fmt: skip


def read_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def name_hostile_sources():
    blank = dict.fromkeys(SOURCES.names, "")
    return [
        blank | {"source_id": f"S{number:03d}", "url": f"https://evil.example/{{}}\\%{number}", "title": words,
                 "publisher": words, "source_type": "blog-post", "published": "2024"}
        for number, words in enumerate(HOSTILE, start=1)
    ]  # fmt: skip
