"""What sites write in addresses without meaning another page, and what does mean another: names, parts, forms."""

from __future__ import annotations

import re

# Hosts and parts of paths by which a page is shown to telephones, for printing, or by Google's AMP.
SHOWN_HOSTS = re.compile(r"www[0-9]?|ww[0-9]|m|mobile|mobil|touch|wap|amp")
COMMENTS = re.compile(r"comment-page-[0-9]+")  # of WordPress: the same post above other comments
AMP_PARTS = frozenset(("amp", ".amp", "google-amp", "sn-amp"))
SHOWN_NAMES = frozenset(
    (
        *("noamp", "nojs", "answertab", "sortby", "hs_amp", "amp-content", "format", "tmpl"),
        *(
            "amp",
            "_amp",
            "amphtml",
            "outputtype",
            "output",
            "print",
            "printable",
            "printmode",
            "printview",
            "pfv",
            "pf",
        ),
        *("m", "mobile", "view", "display", "useskin", "mobileaction", "isappinstalled", "layout", "mode", "theme"),
    )
)
SHOWN_VALUES = frozenset(
    (
        "",
        "1",
        "y",
        "yes",
        "true",
        "on",
        "amp",
        "print",
        "printable",
        "mobile",
        "touch",
        "desktop",
        "minerva",
        "classic",
        "component",
        "scoredesc",
        "reaction",
        "votes",
        "oldest",
        "active",
    )
)
# Names that say where a reader came from. Beyond the page key's, these choose the page on a few sites.
COMING_NAMES = frozenset(
    (
        *(
            "ref",
            "referrer",
            "referer",
            "ref_src",
            "ref_url",
            "refsrc",
            "source",
            "src",
            "s_cid",
            "cmp",
            "cmpid",
            "campaign",
        ),
        *("spm", "trk", "trkinfo", "trackingid", "ncid", "ocid", "icid", "mkt_tok", "mc_cid", "mc_eid", "via", "share"),
        *(
            "sh",
            "shared",
            "sr_share",
            "smid",
            "smtyp",
            "partner",
            "emc",
            "feature",
            "si",
            "igsh",
            "gi",
            "sk",
            "sref",
            "ved",
        ),
        *(
            "usg",
            "sa",
            "ei",
            "oq",
            "gs_lcp",
            "fromsource",
            "from_source",
            "from",
            "rss",
            "_ga",
            "_gl",
            "__twitter_impression",
        ),
        *("phpsessid", "jsessionid", "sessionid", "session_id", "aspsessionid", "sid", "cfid", "cftoken", "replytocom"),
        *(
            "showcomment",
            "showcomments",
            "trackid",
            "srsltid",
            "intcid",
            "share",
            "lastactivity",
            "add-to-cart",
            "wpdparentid",
            "ref_",
            "noredirect",
            "c_src",
            "c_src2",
            "srcref",
            "linkcode",
            "recommendation",
            "position",
            "nr_email_referer",
        ),
    )
)
COMING_STARTS = ("utm_", "at_", "pk_", "mtm_", "matomo_", "hsa_", "ga_", "fb_", "piwik_", "wt.", "wt_", "itm_", "hss_")
INDEX_FILES = re.compile(
    r"(?:index|default|home)\.(?:html?|xhtml|shtml|php[345]?|aspx?|jspx?|cfm)|index", re.IGNORECASE
)
# ISO 639-1, and the regions that follow.
LANGUAGES = frozenset(
    (
        *(
            "ar",
            "bg",
            "bn",
            "bs",
            "ca",
            "cs",
            "cy",
            "da",
            "de",
            "el",
            "en",
            "es",
            "et",
            "eu",
            "fa",
            "fi",
            "fr",
            "ga",
            "gl",
        ),
        *(
            "he",
            "hi",
            "hr",
            "hu",
            "hy",
            "id",
            "is",
            "it",
            "ja",
            "ka",
            "kk",
            "km",
            "ko",
            "lt",
            "lv",
            "mk",
            "ml",
            "mn",
            "mr",
        ),
        *(
            "ms",
            "my",
            "nb",
            "ne",
            "nl",
            "nn",
            "no",
            "pa",
            "pl",
            "pt",
            "ro",
            "ru",
            "sk",
            "sl",
            "sq",
            "sr",
            "sv",
            "sw",
            "ta",
        ),
        *("te", "th", "tl", "tr", "uk", "ur", "uz", "vi", "zh", "cn", "jp", "kr"),
    )
)
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2}|hans|hant|[0-9]{3}))?", re.IGNORECASE)
LANGUAGE_NAMES = frozenset(("hl", "lang", "language", "locale", "setlang", "l10n", "lng", "tl", "ln", "la", "uselang"))
VERSION = re.compile(
    r"v?[0-9]{1,3}(?:\.(?:[0-9]{1,3}|x)){1,3}(?:[-.]?(?:alpha|beta|rc|dev|lts)[0-9.]*)?|v[0-9]{1,3}|"
    r"r[0-9]+\.[0-9]+|release-[0-9.]+|version-[0-9.]+",
    re.IGNORECASE,
)
NAMED_VERSIONS = frozenset(
    ("latest", "stable", "current", "master", "main", "dev", "devel", "nightly", "next", "edge", "head")
)
PAGE_NAMES = frozenset(("page", "paged", "pg", "pagenum", "page_num", "pageno", "start", "offset", "page_id_num"))
# The last part of a path of a page of a list.
NUMBERED = re.compile(r"(?:page|seite)[-_]?([0-9]{1,4})(?:\.[a-z]{3,5})?")
# A fragment by which scripts choose the page: `!/guide`, `/guide`, `example/async`.
ROUTE = re.compile(r"\A(?!:~:)[^?]*[!/]")
# Caches of Google's: the address of the page stands in their path.
AMP_CACHE = re.compile(r"(?:/amp)?/(?:[cvi]/)?(?:s/)?([^/]+\.[^/]+)(/.*)?")
# A copy in an archive of the web: the time when it was made, then the address of the page.
ARCHIVED = re.compile(r"/[0-9]{8,14}(?:[a-z]{2}_)?/(?=https?:/)", re.IGNORECASE)
DOI = re.compile(r"10\.[0-9]{4,9}/[^\s?#&]+")
DOI_END = re.compile(r"(?:/(?:full(?:text)?|abstract|epdf|pdf|meta|html|summary)|\.pdf|\.full)\Z", re.IGNORECASE)
DOI_HOSTS = re.compile(
    r"(?:^|\.)(?:doi\.org|dl\.acm\.org|onlinelibrary\.wiley\.com|tandfonline\.com|springer\.com|sagepub\.com)$"
)
ARXIV = re.compile(
    r"/(?:abs|pdf|html|format)/([a-z.-]+/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(v[0-9]+)?(?:\.pdf)?/?", re.IGNORECASE
)
VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
