"""What comes of the test files of other software for web archives, by the specifications of WARC, ARC and WACZ.

The files themselves are not here. A file is known by the beginning of its SHA-256; some stand in several repositories.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """An archive: its records, the addresses whose page is held, those of which a part is, or an error or nothing.

    `n_unusable` are addresses whose records are no answers: undated, to other methods, revisits of what is not there.
    """

    name: str
    digest: str
    n_records: int = 0
    n_held: int = 0
    n_cut: int = 0
    n_failed: int = 0
    n_unusable: int = 0
    refusal: str = ""


CASES: tuple[Case, ...] = (
    # chatnoir-eu/chatnoir-resiliparse ------------------------------------------------------------------------------
    # Records of an unknown type.
    Case("block-sized-records.warc", "8a348b493d38ced0", 3),
    # Records of an unknown type.
    Case("block-sized-records.warc.gz", "1e062665c8a7bd31", 3),
    Case("block-sized-records.warc.lz4", "097892ded2efa802", refusal="lz4 -d"),
    Case("clipped.warc.gz", "47ee2a36d79c296f", refusal="ended before the end"),
    # Its dates count the days of the year (2008-10-294), which are none by W3CDTF.
    Case("clueweb-quirk.warc.gz", "862802d6c3283f3e", 30, n_unusable=29),
    Case("warcfile.warc", "6b24c24068ffdd92", 50, n_held=16),
    Case("warcfile.warc.gz", "5cb22a7ab6d90664", 50, n_held=16),
    Case("warcfile.warc.lz4", "60fa1d65fa1670ca", refusal="lz4 -d"),
    # chfoo/warcat --------------------------------------------------------------------------------------------------
    Case("at.warc", "f9248c1fb356462b", 8, n_held=2),
    Case("at.warc.gz", "931438c6ac96de62", 8, n_held=2),
    Case("bad_http_chunked_content.warc", "09a2d3a4d1ccfb2f", 1, n_held=1),
    # A warcinfo record only.
    Case("c1_warcinfo.warc", "c3ab8874d6cb3d7e", 1),
    Case("long_url.warc", "b57a2922b8d21078", 1, n_held=1),
    Case("not_utf8_http_header.warc", "baaa529973fbd1a8", 1, n_held=1),
    # iipc/jwarc ----------------------------------------------------------------------------------------------------
    Case("cc.warc.gz", "68ecb486138ac84a", 1, n_held=1),
    # A warcinfo record only.
    Case("gzip_extra_sl.warc.gz", "22888c49a56ccb94", 1),
    # iipc/warc-specifications --------------------------------------------------------------------------------------
    Case("20130729-heritrix-original.warc.gz", "1916f44fab388109", 1, n_held=1),
    # A revisit of what it does not hold.
    Case("20130729-heritrix-revisit-with-http-headers.warc.gz", "3e34b12e0a91c13d", 1, n_unusable=1),
    # A revisit of what it does not hold.
    Case("20141124-heritrix-server-not-modified.warc.gz", "3992d5242c0e02d7", 1, n_unusable=1),
    Case("20141129-heritrix-original.warc.gz", "9bbd62a2eecb198d", 1, n_held=1),
    # A revisit of what it does not hold.
    Case(
        "20141129-heritrix-revisit-with-http-headers-and-new-warc-headers.warc.gz", "e800dd79c8f765b1", 1, n_unusable=1
    ),
    Case("hello-world.warc", "b4b976b57e962e34", 6, n_held=1),
    Case("hello-world.warc.gz", "c5b00170a09b2e66", 6, n_held=1),
    # webrecorder/py-wacz -------------------------------------------------------------------------------------------
    Case("example-collection-with-lists.warc", "03010d502c6b15e5", 38, n_held=18),
    Case("example-collection.warc", "18e48de8d35170de", 4, n_held=1),
    Case("example-iana.warc", "4b5ffec68b052db6", 118, n_held=21),
    Case("example-resource.warc.gz", "93b52b397872d2de", 3, n_held=2),
    Case("example-warcinfo-metadata.warc", "598296845ae0e927", 4, n_held=1),
    Case("invalid_example_1.wacz", "7204852a23250eb5", refusal="zip file that holds no WARC file"),
    # A page and a 404. Its signature is wrong, while all its digests hold.
    Case("invalid_signed_example_1.wacz", "ecd111d815820f39", 4, n_held=1, n_failed=1),
    Case("valid_example_1.wacz", "9079dc469debf818", 4, n_held=1),
    Case("valid_example_2.wacz", "f8a3fc207be1d082", 4, n_held=1),
    # A page and a 404.
    Case("valid_signed_example_1.wacz", "08d4c4b515992dd0", 4, n_held=1, n_failed=1),
    # webrecorder/pywb ----------------------------------------------------------------------------------------------
    # Lengths of -1.
    Case("bad.arc", "e83988ef0e46f9b8", refusal="states no length"),
    # Revisits of what it does not hold, a redirect out of it, an empty body.
    Case("dupes.warc.gz", "a1ace265d12b27dc", 25, n_held=1, n_failed=2, n_unusable=8),
    Case("example-bad.warc.gz.bad", "1031dd5e89139b21", refusal="share a gzip member"),
    Case("example-extra.warc", "6c0a2c4eb9cd1e32", 6, n_held=1),
    Case("example-url-agnostic-orig.warc.gz", "60973fc3fbaf412f", 2, n_held=1),
    # A revisit of what it does not hold.
    Case("example-url-agnostic-revisit.warc.gz", "9dcbc48c7efbd84e", 2, n_unusable=1),
    Case("example-wget-1-14.warc.gz", "566aa18cef0e0e0c", 6, n_held=1),
    Case("example-wpull.warc.gz", "9affbf604dae57cf", 4, n_held=1),
    Case("example.arc", "433c37ee6dd68484", 2, n_held=1),
    Case("example.arc.gz", "d6d0d772521e89dc", 2, n_held=1),
    # A page, and a redirect out of it.
    Case("example.warc", "1fdcd0428e9e4f91", 6, n_held=1, n_failed=1),
    # A page, and a redirect out of it.
    Case("example.warc.gz", "be21f99534ee305c", 6, n_held=1, n_failed=1),
    Case("example2.warc.gz", "95925d5d7bf19e71", 3, n_held=1),
    Case("httpbin-resource.warc.gz", "de9dafd246c12725", 1, n_held=1),
    # Two scripts without a body.
    Case("iana.warc.gz", "7c0c21511330bdec", 343, n_held=41, n_failed=2),
    # A redirect out of it.
    Case("missing-status-text.warc", "4f393809b2426309", 1, n_failed=1),
    # Answers to POST only.
    Case("post-test.warc.gz", "4a889c4d15f56245", 6, n_unusable=2),
    # webrecorder/warcio --------------------------------------------------------------------------------------------
    Case("example-bad-non-chunked.warc.gz", "2fb33d4b5c6fb273", refusal="share a gzip member"),
    # Requests only.
    Case("example-digest.warc", "bfaf8596b743a8fc", 4),
    Case("example-iana.org-chunked.warc", "539c746feb63bd12", 3, n_held=1),
    Case("example-resource.warc.gz", "9d3f830f757a3733", 3, n_held=1),
    # A resource of file:, which is no page.
    Case("example-space-in-target-uri.warc.gz", "86e0039c4dadb395", 2),
    # Longer lengths than it has content.
    Case("example-space-in-url.arc", "477418dd57d01809", refusal="is not whole"),
    # Its Content-Length is too short.
    Case("example-trunc.warc", "2f14d2a2ff6ce39a", 4, n_cut=1),
    Case("example-wget-bad-target-uri.warc.gz", "46c5ac2c893a5e20", 6, n_held=1),
    # A longer length than it has content.
    Case("example-wrong-chunks.warc.gz", "1f563e1b9ac122ef", refusal="is not whole"),
    Case("example.warc", "5cc2724ab2969d5f", 6, n_held=1),
    Case("example.warc.gz", "5144459799b3bcb8", 6, n_held=1),
)
