"""Pages made of templates: everything is shown as text, and no page runs a script that is not ours.

A page stands alone (style and scripts inside it, allowed by their digests) or belongs to a folder of pages that share
`style.css` and the scripts. Both work without a server and without a network.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from graylit.languages.words import CHUNK, find_words
from graylit.pages.wording import agree, count_among, count_things
from graylit.tables.kinds import KINDS

# Characters that turn the direction of what follows, and those that no reader sees at all.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_OWN = "'self' file:"  # some browsers do not count a folder of files as one site
_CLOSED = "default-src 'none'; base-uri 'none'; img-src data:"


def show_controls(text: str) -> str:
    """Return a text with its control characters spelled out, so that none can turn or hide what stands around it."""
    return _CONTROLS.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def web_address(url: str) -> str:
    """Return an address that may be followed: of the web, without marks of its own meaning in a page; '' otherwise."""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~") if KINDS["url"].is_valid(url) else ""


def point_to_words(url: str, words: str, n_words: int = 5) -> str:
    """Return the address of a page with a text fragment, by which browsers that know it lead to words in the page."""
    address = web_address(url)
    lines = [re.sub(r"^\s*([-*+•#>|]+|\d+[.)])\s+|[*_`|]", "", line) for line in words.split("\n")]
    cut = [(line, spans) for line in lines if (spans := list(find_words(line, CHUNK)))]
    if not address or not cut:
        return address
    (first, starts), (last, ends) = cut[0], cut[-1]
    parts = [first[: starts[:n_words][-1][1]], last[ends[-n_words:][0][0] :]]
    if len(cut) == 1 and len(starts) <= 2 * n_words:
        parts = [first]
    quoted = ",".join(quote(" ".join(part.split()), safe="").replace("-", "%2D") for part in parts)
    return f"{address.split('#')[0]}#:~:text={quoted}"


def make_environment(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder: every value is escaped, and every value that is missing is a mistake."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: (
            value if hasattr(value, "__html__") or not isinstance(value, str) else show_controls(value)
        ),
    )
    environment.filters["web_address"] = web_address
    environment.filters |= {"counted": count_things, "among": count_among, "agree": agree}
    return environment


def render_alone(
    environment: jinja2.Environment,
    name: str,
    values: Mapping[str, Any],
    scripts: Sequence[str],
    styles: Sequence[str] = ("style.css",),
) -> str:
    """Return a page that stands alone: the styles and the scripts named are put into it."""
    style = "".join(_read_source(environment, file) for file in styles)
    inside = [_read_source(environment, file) for file in scripts]
    policy = f"{_CLOSED}; style-src {_digest(style)}; script-src {' '.join(map(_digest, inside))}; form-action 'none'"
    inline = {"style": style, "scripts": inside}
    return environment.get_template(name).render(values, inline=inline, policy=policy, root="", scripts=[])


def _read_source(environment: jinja2.Environment, file: str) -> str:
    if environment.loader is None:
        raise ValueError("the environment has no folder of templates")
    return environment.loader.get_source(environment, file)[0]


def render_shared(
    environment: jinja2.Environment, name: str, values: Mapping[str, Any], scripts: Sequence[str], root: str
) -> Iterator[str]:
    """Yield a page of a folder of pages in parts, since a long one should never be in memory as a whole.

    `root` leads from it to the folder of style.css and the scripts.
    """
    policy = f"{_CLOSED}; style-src {_OWN}; script-src {_OWN}; form-action {_OWN}"
    return environment.get_template(name).generate(values, inline=None, policy=policy, root=root, scripts=scripts)


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode()}'"
