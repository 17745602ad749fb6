"""Links of the site: the pages that it shares with the report and the audit pages name rows of any table.

The site shows large tables where they are read, on the pages of their sources, codes and guidelines. A link to such a
table leads there, or else to the line of the table in the list of data.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote

_HREF = re.compile(r'href="(?!#|[a-z][a-z0-9+.-]*:|//)([^"]*)"')


@dataclass(frozen=True)
class Guide:
    """What links need to know of a study: where rows are shown, by their ids, and which tables have a page."""

    source_of: Mapping[str, str]  # of codings
    superseded: Collection[str]  # codings that are counted, not listed
    guideline_of: Mapping[str, str]  # of claims
    candidate_of: Mapping[str, str]  # of screenings
    shown: Collection[str]  # tables with a page

    def lead(self, target: str, query: Mapping[str, str], anchor: str) -> tuple[str, str]:
        """Return the page of the site, with its query, and the anchor that a link of the other pages leads to."""
        target = target.removeprefix("audit/")
        if target in ("ledger.html", "effects.html"):
            return "sources.html", ""
        if not target.startswith("tables/"):
            return _join(target, query), anchor
        name = target.removeprefix("tables/").removesuffix(".html")
        if led := self._lead_elsewhere(name, query, anchor):
            return led
        return (_join(target, query), anchor) if name in self.shown else ("tables.html", name)

    def _lead_elsewhere(self, name: str, query: Mapping[str, str], anchor: str) -> tuple[str, str] | None:
        if name == "log":
            return self._lead_to_decision(anchor)
        if name in ("codings", "located_codings"):
            return self._lead_to_codings(query, anchor)
        if name == "evidence" and "guideline_id" in query:
            return f"guidelines/{query['guideline_id']}.html", "evidence"
        if name == "claim_evidence" and query.get("claim_id", "") in self.guideline_of:
            place = f"{query['claim_id']}-{query['reading']}" if query.get("reading", "") else query["claim_id"]
            return f"guidelines/{self.guideline_of[query['claim_id']]}.html", place
        if name == "agreement":
            scope = query.get("scope", "overall")
            return ("report.html", "agreement") if scope == "overall" else (f"codes/{scope}.html", "agreement")
        if name == "impacts":
            return _join("index.html", query), "list"
        if name == "topic_segments" and "topics" in self.shown:
            return _join("tables/topics.html", query), ""
        return None

    def _lead_to_decision(self, anchor: str) -> tuple[str, str]:
        if anchor in self.candidate_of:
            return "screening.html", self.candidate_of[anchor]
        return self._lead_to_coding(anchor) or ("decisions.html", anchor)

    def _lead_to_coding(self, coding_id: str) -> tuple[str, str] | None:
        if coding_id not in self.source_of:
            return None
        return f"sources/{self.source_of[coding_id]}.html", "others" if coding_id in self.superseded else coding_id

    def _lead_to_codings(self, query: Mapping[str, str], anchor: str) -> tuple[str, str] | None:
        if led := self._lead_to_coding(anchor):
            return led
        for column, folder, place in (("source_id", "sources", ""), ("code_id", "codes", "codings")):
            if column in query:
                return f"{folder}/{query[column]}.html", place
        return None


def relink(page: str, content: str, lead: Callable[[str, Mapping[str, str], str], tuple[str, str]]) -> str:
    """Return a page of the site with every link to another page led to where the site has it."""
    folder = posixpath.dirname(page)

    def replace(found: re.Match[str]) -> str:
        address, _, anchor = html.unescape(found[1]).partition("#")
        path, _, asked = address.partition("?")
        if path.endswith(".html"):
            target = posixpath.normpath(posixpath.join(folder, unquote(path)))
            query = {name: values[-1] for name, values in parse_qs(asked, keep_blank_values=True).items()}
            address, anchor = lead(target, query, unquote(anchor))
            path, _, asked = address.partition("?")
            address = "?".join(filter(None, [posixpath.relpath(path, folder or "."), asked]))
            address = "" if address == posixpath.basename(page) and anchor else address
            anchor = quote(anchor)
        return f'href="{html.escape(address + ("#" + anchor if anchor else ""))}"'

    return _HREF.sub(replace, content)


def lead_out(content: str, places: Mapping[str, str]) -> str:
    """Return a page in which links to a place that it lacks lead to the page that has it; `places` are by anchor."""
    known = set(re.findall(r'\sid="([^"]*)"', content))

    def replace(found: re.Match[str]) -> str:
        anchor = html.unescape(found[1])
        return found[0] if anchor in known or anchor not in places else f'href="{html.escape(places[anchor])}"'

    return re.sub(r'href="#([^"]*)"', replace, content)


def _join(target: str, query: Mapping[str, str]) -> str:
    asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    return f"{target}?{asked}" if asked else target
