"""Files of hits in every format that `graylit find` reads, whole and broken, with entries made for them."""
# ruff: noqa: E501 - engines write a page of hits on one line

import io
import json

import openpyxl

A, B, C = "https://barrels.example/choose", "https://pumps.example/p?model=2", "https://garden.example/filters"
URLS = (A, B, C)
TITLES = ("Choosing a barrel", "Pumps & <b>hoses</b>", "Filters")
WORDS = ("How to choose.", "Which pump.", "Which filter.")
DUMPED = tuple(zip(URLS, TITLES, WORDS, strict=True))


def dump(value):
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def items(url, title, words, **more):
    return [{url: a, title: b, words: c} | more for a, b, c in DUMPED]


SERPAPI = {
    "search_metadata": {"created_at": "2026-02-01 09:30:00 UTC"},
    "search_parameters": {"engine": "google", "q": "rain barrel", "hl": "en", "gl": "us"},
    "search_information": {"total_results": 1200},
    "organic_results": [item | {"position": n} for n, item in enumerate(items("link", "title", "snippet"), start=1)],
    "related_questions": [{"question": "no hit", "link": "https://asked.example/"}],
}
SERPAPI_PAGE_2 = SERPAPI | {"search_parameters": SERPAPI["search_parameters"] | {"start": 10}}
SERPER = {
    "searchParameters": {"q": "rain barrel", "gl": "us", "hl": "en", "type": "search", "engine": "google"},
    "organic": [item | {"position": n} for n, item in enumerate(items("link", "title", "snippet"), start=1)],
}
SEARXNG = {
    "query": "rain barrel",
    "number_of_results": 30,
    "results": items("url", "title", "content", engine="bing", publishedDate="2026-01-05T00:00:00"),
    "unresponsive_engines": [["google", "timeout"]],
}
BRAVE = {
    "type": "search",
    "query": {"original": "rain barrel", "country": "us"},
    "web": {"type": "search", "results": items("url", "title", "description", page_age="2025-11-02T10:00:00")},
}
GOOGLE = {
    "kind": "customsearch#search",
    "queries": {"request": [{"searchTerms": "rain barrel", "startIndex": 11, "totalResults": "28600"}]},
    "items": items("link", "title", "snippet"),
}
BING = {
    "_type": "SearchResponse",
    "queryContext": {"originalQuery": "rain barrel"},
    "webPages": {"totalEstimatedMatches": 900, "value": items("url", "name", "snippet")},
}
DUCKDUCKGO = {
    "Heading": "Rain barrel",
    "AbstractText": WORDS[0],
    "AbstractURL": A,
    "RelatedTopics": [
        {"FirstURL": B, "Text": "Pump - moves water"},
        {"Name": "More", "Topics": [{"FirstURL": C, "Text": "Filter - keeps leaves out"}]},
    ],
}
CSL = [
    {"id": f"i{n}", "type": "webpage", "title": b, "URL": a, "issued": {"date-parts": [[2025, 3, n]]}}
    for n, (a, b, _) in enumerate(DUMPED, start=1)
]
PLAIN_JSON = [{"title": b, "href": a, "body": c} for a, b, c in DUMPED]

RIS = "".join(f"TY  - {kind}\nTI  - {b}\nUR  - {a}\nPY  - 2025/03/01/\nAB  - {c}\nER  - \n\n" for kind, (a, b, c) in zip(("ELEC", "BLOG", "RPRT"), DUMPED, strict=True))  # fmt: skip
BIBTEX = "% by hand\n@string{g = {Garden Press}}\n" + "".join(
    f"@misc{{k{n},\n  title = {{{{{b}}}}},\n  url = {{{a}}},\n  publisher = g,\n  year = 2025\n}}\n\n"
    for n, (a, b, _) in enumerate(DUMPED)
)
ZOTERO = '\ufeff"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note","Date"\n' + "".join(
    f'"K{n}","webpage","2025","","{b}","","","{a}","{c}","2025-03-0{n}"\n' for n, (a, b, c) in enumerate(DUMPED, start=1)
)  # fmt: skip
ZOTERO_SEMICOLONS = "Item Type;Publication Year;Author;Title;Url\n" + "".join(f'webpage;2025;"Brook, Ann";"{b}";{a}\n' for a, b, _ in DUMPED)  # fmt: skip
PERISH = "\ufeffCites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type\r\n" + "".join(
    f'1,A Brook,"{b}",2025,Garden,Press,{a},https://cites.example/{n},{n * 7},2026-02-01 10:00:00,\r\n'
    for n, (a, b, _) in enumerate(DUMPED, start=1)
)
BOOKMARKS = '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n<DT><H3>Barrels</H3>\n<DL><p>\n' + "".join(f'<DT><A HREF="{a.replace("&", "&amp;")}" ADD_DATE="1582322829">{b}</A>\n' for a, b, _ in DUMPED) + "</DL><p>\n</DL><p>\n"  # fmt: skip
ONETAB = "".join(f"{a} | {b} | with a bar\n" for a, b, _ in DUMPED)
HISTORY = "id,date,time,title,url,visitCount,typedCount,transition\n" + "".join(f'{n},2/1/2026,10:00,"{b}",{a},1,0,link\n' for n, (a, b, _) in enumerate(DUMPED))  # fmt: skip
PLAIN = "rain barrel -shop\n" + "".join(f"{a}\n" for a in URLS)
PLAIN_BULLETS = "Query: rain barrel\n\n" + "".join(f"{n}. {a}\n" for n, a in enumerate(URLS, start=1))
SIMPLE = "Nr,Title,Link\n" + "".join(f'{n},"{b}",{a}\n' for n, (a, b, _) in enumerate(DUMPED))
QUERIES = "search engine,search term,rank,url,title\n" + "".join(f'google,"barrel {n}",1,{a},"{b}"\n' for n, (a, b, _) in enumerate(DUMPED))  # fmt: skip
TSV = "name\taddress\n" + "".join(f"{b}\t{a}\n" for a, b, _ in DUMPED)
GERMAN = "Titel;Adresse;Beschreibung;Datum\n" + "".join(f"Für {b};{a};Über {c};01.03.2025\n" for a, b, c in DUMPED)
JAPANESE = "タイトル,リンク\n" + "".join(f"雨水タンク,{a}\n" for a in URLS)
HEADERLESS = "".join(f'"{b}",{a}\n' for a, b, _ in DUMPED)

_HEAD = '<!DOCTYPE html><!-- saved from url=(0052)https://www.google.com/search?q=rain+barrel&hl=en&gl=us -->\n<html itemscope="" itemtype="http://schema.org/SearchResultsPage"><head><meta charset="UTF-8"><title>rain barrel - Google Search</title></head><body><form action="/search"><textarea name="q">rain barrel</textarea></form><div id="result-stats">About 1,200 results (0.3 seconds)</div><div id="rso">'  # fmt: skip
GOOGLE_PAGE = _HEAD + "".join(f'<div class="g"><div><a href="{a}"><h3>{b}</h3><br><cite>barrels.example › choose</cite></a></div><div><span>Jan 5, 2026 — {c}</span></div></div>' for a, b, c in DUMPED) + "</div></body></html>"  # fmt: skip
GOOGLE_OLD = "<html><head><title>rain barrel - Google Search</title></head><body>" + "".join(f'<div class="g"><h3 class="r"><a href="/url?q={a.replace("?", "%3F").replace("=", "%3D")}&amp;sa=U&amp;ved=x">{b}</a></h3><div class="s"><cite>x</cite><span class="st">{c}</span></div></div>' for a, b, c in DUMPED) + "</body></html>"  # fmt: skip
GOOGLE_NEW = _HEAD + "".join(f'<div class="tF2Cxc"><a href="/goto?url=CAES{n}"><h3>{b}</h3><cite>https://site{n}.example › path</cite></a><div>{c}</div></div>' for n, (_, b, c) in enumerate(DUMPED)) + "</div></body></html>"  # fmt: skip
BING_PAGE = '<!DOCTYPE html><html><head><title>rain barrel - Search - Bing</title></head><body><input name="q" value="rain barrel"><span class="sb_count">1.200 results</span><ol id="b_results">' + "".join(f'<li class="b_algo"><h2><a href="{a}">{b}</a></h2><div class="b_caption"><p>{c}</p></div><cite>x</cite></li>' for a, b, c in DUMPED) + "</ol></body></html>"  # fmt: skip
DUCK_PAGE = '<html><head><title>rain barrel at DuckDuckGo</title></head><body><input name="q" value="rain barrel">' + "".join(f'<div class="result results_links"><h2 class="result__title"><a class="result__a" href="//duckduckgo.com/l/?uddg={a.replace(":", "%3A").replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")}&amp;rut=1">{b}</a></h2><a class="result__snippet">{c}</a></div>' for a, b, c in DUMPED) + "</body></html>"  # fmt: skip
DUCK_NEW = '<!DOCTYPE html><html><head><title>rain barrel at DuckDuckGo</title></head><body><input name="q" value="rain barrel">' + "".join(f'<article data-testid="result"><h2><a data-testid="result-title-a" href="{a}"><span>{b}</span></a></h2><div data-result="snippet"><span>{c}</span></div></article>' for a, b, c in DUMPED) + "</body></html>"  # fmt: skip


def workbook(*rows):
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


SHEET = workbook(["Nr", "Title", "Link"], *([n, b, a] for n, (a, b, _) in enumerate(DUMPED)))
JSONS = {
    "serpapi": SERPAPI,
    "serpapi-page-2": SERPAPI_PAGE_2,
    "serper": SERPER,
    "searxng": SEARXNG,
    "brave": BRAVE,
    "google-custom-search": GOOGLE,
    "bing": BING,
    "duckduckgo": DUCKDUCKGO,
    "csl": CSL,
    "plain-json": PLAIN_JSON,
}
TEXTS = {
    "ris": RIS,
    "bibtex": BIBTEX,
    "zotero": ZOTERO,
    "zotero-semicolons": ZOTERO_SEMICOLONS,
    "publish-or-perish": PERISH,
    "bookmarks": BOOKMARKS,
    "onetab": ONETAB,
    "history": HISTORY,
    "plain": PLAIN,
    "plain-bullets": PLAIN_BULLETS,
    "simple": SIMPLE,
    "queries": QUERIES,
    "tsv": TSV,
    "german": GERMAN,
    "japanese": JAPANESE,
    "headerless": HEADERLESS,
    "google-page": GOOGLE_PAGE,
    "google-old": GOOGLE_OLD,
    "bing-page": BING_PAGE,
    "duck-page": DUCK_PAGE,
    "duck-new": DUCK_NEW,
}
# Files that hold the three addresses, in whatever form.
WHOLE = {
    **{name: dump(value) for name, value in JSONS.items()},
    **{name: text.encode() for name, text in TEXTS.items()},
    "workbook": SHEET,
    "json-lines": b"\n".join(json.dumps(item).encode() for item in PLAIN_JSON),
    "count-without-end": dump(SERPAPI).replace(b"1200", b"1e999"),
    "list-of-answers": dump([SERPAPI | {"organic_results": SERPAPI["organic_results"][:2]}, SERPAPI_PAGE_2 | {"organic_results": SERPAPI["organic_results"][2:]}]),
    **{f"{name}-with-bom": b"\xef\xbb\xbf" + TEXTS[name].encode() for name in ("ris", "bibtex", "plain", "simple", "onetab", "google-page")},
    **{f"{name}-with-bom": b"\xef\xbb\xbf" + dump(JSONS[name]) for name in ("serpapi", "searxng", "csl")},
    **{f"{name}-crlf": TEXTS[name].replace("\n", "\r\n").encode() for name in ("ris", "bibtex", "plain", "simple", "bookmarks", "onetab")},
    **{f"{name}-utf16": TEXTS[name].encode("utf-16") for name in ("plain", "simple", "zotero", "tsv")},
    "german-cp1252": GERMAN.encode("cp1252"),
    "simple-semicolons": SIMPLE.replace(",", ";").encode(),
    "simple-sep": ("sep=;\n" + SIMPLE.replace(",", ";")).encode(),
    "ris-of-no-type": RIS.replace("ELEC", "NONSENSE").encode(),
    "simple-without-last-line-end": SIMPLE.rstrip("\n").encode(),
}  # fmt: skip


def cut(content, share=0.7):
    return content[: int(len(content) * share)]


# Files of which nothing is taken, with what is said of them.
BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b"\xef\xbb\xbf \n\n", "is empty"),
    "serpapi-cut": (cut(dump(SERPAPI)), "is cut off"),
    "searxng-cut": (cut(dump(SEARXNG)), "is cut off|is no JSON"),
    "number-too-long": (b'{"organic": [{"link": "https://a.example/x", "position": ' + b"9" * 5_000 + b"}]}", "thousands of digits"),
    "nested-too-deep": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "json-line-too-long": (b'{"url": "https://a.example/x"}\n{"n": ' + b"9" * 5_000 + b"}", "thousands of digits"),
    "csl-cut": (cut(dump(CSL)), "is cut off|is no JSON"),
    "json-lines-cut": (cut(b"\n".join(json.dumps(item).encode() for item in PLAIN_JSON)), "is cut off|is no JSON"),
    "ris-cut": (RIS[: RIS.rindex("ER")].encode(), "its last entry has no end"),
    "bibtex-cut": (BIBTEX.rstrip().removesuffix("}").encode(), "a bracket of an entry is not closed"),
    "bibtex-cut-within": (cut(BIBTEX.encode(), 0.9), "a bracket of an entry is not closed"),
    "zotero-cut": (cut(ZOTERO.encode(), 0.93), "is cut off"),
    "simple-cut": (SIMPLE.encode()[: SIMPLE.rindex(",")], "is cut off: its last row has 2 cells"),
    "error-page": (b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Oops</body></html>", "502 Bad Gateway"),
    "error-answer": (dump({"error": "Your searches have run out."}), "says 'Your searches have run out.'"),
    "google-without-hits": ((_HEAD + "</div></body></html>").encode(), "shows no hits"),
    "words": (b"Nothing to see here.\nNot one address.\n", "is in no format that is known"),
    "no-addresses": (b"name,colour\nbarrel,green\npump,red\n", "is in no format that is known"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text"),
    "workbook-without-addresses": (workbook(["name", "colour"], ["barrel", "green"]), "has no sheet with a column"),
    "workbook-cut": (cut(SHEET), "cannot be read as a workbook"),
    "wide-row": (SIMPLE.encode() + b"4,Two, cells,https://d.example/\n", "has 4 cells, and its header 3"),
}  # fmt: skip
