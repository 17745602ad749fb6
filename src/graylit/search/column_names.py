"""What columns of tables of hits are called, by the programs that write them and by people."""

from __future__ import annotations

from collections.abc import Mapping

# What columns are called, in small letters and digits only; the likeliest first.
ROLES: Mapping[str, tuple[str, ...]] = {
    "url": (
        *("url", "link", "links", "uri", "href", "web address", "webaddress", "address", "articleurl", "article url"),
        *("page url", "pageurl", "source url", "result url", "result link", "permalink", "weblink", "web link", "urls"),
        *("website", "web page", "webpage", "web site", "site url", "final url", "document url", "full text url"),
        *("fulltexturl", "adresse", "webadresse", "lien", "adresse url", "enlace", "dirección", "indirizzo", "ссылка"),
        *("网址", "链接", "リンク", "endereço", "ligação", "adres", "länk", "primary url", "access url"),
    ),
    "doi": ("doi",),
    "title": (
        *("title", "page title", "name", "titel", "titre", "título", "titolo", "heading", "headline", "document title"),
        *("article title", "result title", "tab title", "заголовок", "название", "标题", "タイトル", "tytuł"),
    ),
    "snippet": (
        *("snippet", "description", "abstract note", "abstract", "summary", "content", "body", "excerpt", "text"),
        *("beschreibung", "zusammenfassung", "résumé", "descripción", "resumen"),
    ),
    "published": (
        *("published", "published date", "publisheddate", "publication date", "date published", "date", "year"),
        *("publication year", "pub date", "datum", "jahr", "année", "fecha", "año"),
    ),
    "publisher": (
        *("publisher", "publication title", "organisation", "organization", "source", "site", "site name", "sitename"),
        *("publication", "journal", "herausgeber", "verlag", "éditeur", "editorial", "displayed link source"),
    ),
    "rank": ("gsrank", "rank", "position", "result rank", "hit", "rang", "posición"),
    "query": ("query", "search query", "search term", "search terms", "search string", "searchstring", "keyword query"),
    "engine": ("engine", "search engine", "searchengine", "suchmaschine"),
    "searched_at": (
        *("querydate", "query date", "search date", "date searched", "searched at", "searched on", "date of search"),
        *("search time", "retrieved at", "retrieval date"),
    ),
}
OF_HISTORY = {
    "visitcount",
    "visit count",
    "typedcount",
    "typed count",
    "lastvisittime",
    "last visit time",
    "visit time",
} | {
    *(
        "visittime",
        "transition",
        "visits",
        "lastvisitdate",
        "visit date",
        "last visit date",
        "last visited",
        "visited at",
    )
}
