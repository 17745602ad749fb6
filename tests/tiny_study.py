"""A whole tiny study about rain barrels, written into a folder: the start of tests that plant one fault in it."""

from pathlib import Path

from graylit.study.checking import read_study
from graylit.tables.appraisal import ITEMS
from graylit.tables.faults import Fault, describe_faults

CONFIG = """\
title: Rain barrels in small gardens
has_texts: true
seed: 1
variables:
  region: Where the author gardens
collection:
  contact: gardener@example.org
  hosts_at_once: 2
  delay_s: 0
  n_retries: 0
  timeout_s: 60
  source_limit_s: 120
  run_limit_s: 600
  max_bytes: 1000000
  timegate: ""
  allowed_addresses: []
  taken_as_is: []
preparation:
  keep_code_blocks: false
  min_segment_words: 5
topics:
  n_topics: 2
  n_words: 5
  min_sources: 2
  n_dimensions: 10
  min_similarity: 0.2
  max_fitted_segments: 20000
coding:
  suggestion_precision: 0.6
  max_suggestions: 5
synthesis:
  min_publishers: 2
"""
SOURCES = """\
source_id,url,title,publisher,source_type,published,licence,pinned_url,region
S001,https://example.org/barrels,Choosing a barrel,Ann Brook,blog-post,2024-03-01,,,north
S002,https://example.org/pumps?model=2,Pumps,Brook & Sons,vendor-docs,2023,,,
S003,https://garden.example/Filters,Filters,Garden Club,blog-post,,,,south
"""
CODEBOOK = """\
code_id,name,definition,include_when,exclude_when,status,replaced_by
C01,Mesh,A mesh keeps leaves out,,,active,
C02,Overflow,Where water goes when the barrel is full,,,active,
C03,Spill,Another word for overflow,,,retired,C02
"""
CODINGS_A = """\
coding_id,source_id,start,end,exact_sha256,code_id,memo,confidence,coded_at
A-1,S001,0,12,,C01,,high,2026-01-02
A-2,S002,5,9,,C02,,,
A-3,S003,,,,C02,whole page,,
"""
CODINGS_B = """\
coding_id,source_id,start,end,exact_sha256,code_id,memo,confidence,coded_at
B-1,S001,3,20,,C01,,,
"""
THEMES = """\
theme_id,name,description,code_ids
T01,Keeping water clean,,C01
T02,Too much water,,C02; C03
"""
GUIDELINES = """\
guideline_id,name,statement,intent,motivation,applicability,theme_id,code_ids,related
G01,Cover the inlet,Put a mesh over the inlet.,,,,T01,C01,G02
G02,Plan the overflow,Lead the overflow away from walls.,,,,T02,C02,
"""
PRACTICES_CSV = """\
practice_id,name,statement,code_ids,guideline_id,reason,decided_at,decided_by
P01,Sieve,Put a sieve on top.,C01,G01,Same thing,2026-02-01,A
P02,Paint,Paint the barrel.,C01; C02,,Nothing to do with water,2026-02-01,A
"""
CATEGORIES_CSV = """\
category_id,name,guideline_ids,status,decided_at
K01,Inlet,G01,,2026-02-03
K02,Outlet,G01; G02,,2026-02-03
K02,Outlet,G02,,2026-02-04
K03,Both,G01; G02,withdrawn,2026-02-05
"""
CARD_SORTS_CSV = """\
sorter,guideline_id,pile
A,G01,in
A,G02,out
B,G01,water
B,G02,water
"""
IMPACTS_CSV = """\
impact_id,guideline_id,component,quality_attribute,effect,decision,coding_ids
I01,G01,inlet,reliability,strengthened,How fine the mesh is,A-1; B-1
I02,G02,pipe,safety,strained,Where the water goes,A-2
"""
FILES = {
    "config/config.yaml": CONFIG,
    "config/sources.csv": SOURCES,
    "config/coding/codebook.csv": CODEBOOK,
    "config/coding/codings/A.csv": CODINGS_A,
    "config/coding/codings/B.csv": CODINGS_B,
    "config/synthesis/themes.csv": THEMES,
    "config/synthesis/guidelines.csv": GUIDELINES,
}
PATHS = {
    "practices": ("config/synthesis/practices.csv", PRACTICES_CSV),
    "categories": ("config/synthesis/categories.csv", CATEGORIES_CSV),
    "card_sorts": ("config/synthesis/card_sorts.csv", CARD_SORTS_CSV),
    "impacts": ("config/synthesis/impacts.csv", IMPACTS_CSV),
    "quality": (
        "config/quality.csv",
        "source_id,appraiser,item,score\n"
        + "".join(f"S001,A,{item},{'0.5' if item == 'Q20' else 1}\n" for item in ITEMS),
    ),
}
# Words that want to be more than words.
SCRIPT = "<script>alert(1)</script>"
BREAKOUT = """x"><img src=x onerror=alert(1)>'"""
TEMPLATE = "{{ 7 * 7 }}{% raw %}"
CODERS = {"A": "J\u00f6rg M\u00fcller", "B": "Ana-Mar\u00eda O'Neil"}
READER = "Zoë O'Hara & Söhne"
FINDING = "x<img src=x onerror=alert()> <script>alert()</script> {<b>} {sources}"
ORIGINAL = f"""\
original:
  {{title: '{SCRIPT}', authors: ['{SCRIPT}'], year: 2020, url: "https://example.org/<b>", identifier: '{SCRIPT}',
   relation: '{SCRIPT}', counts: {{sources: 3}}, not_compared: '{SCRIPT}'}}
provenance: {{prescreening: '{SCRIPT}', n_prescreened: 0, nominal_date: "2026-01-01"}}
"""
FORMULA = '"><script>alert(1)</script> {{ 7 }}; =1+1'


def write_study(folder: Path) -> Path:
    """Write the study, which has no faults, and return its folder."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8"))
    return folder


def write_synthesis(folder: Path) -> Path:
    """Write the tiny study with all tables of the synthesis, which have no faults."""
    write_study(folder)
    for path, content in PATHS.values():
        (folder / path).write_text(content, encoding="utf-8")
    return folder


def write_hostile(folder: Path) -> Path:
    """Write the tiny study with all tables of the synthesis, without texts; names of people, cells that want more."""
    write_synthesis(folder)
    formula = f'"{FORMULA.replace(chr(34), chr(34) * 2)}"'
    for name, old, new in [
        ("config/config.yaml", "has_texts: true", "has_texts: false"),
        ("config/config.yaml", "title: Rain", f"title: {SCRIPT} Rain"),
        ("config/sources.csv", "Choosing a barrel,Ann Brook", f"Choosing {SCRIPT},{formula}"),
        ("config/sources.csv", "Brook & Sons,vendor-docs", f"{BREAKOUT},{TEMPLATE}"),
        ("config/sources.csv", "2024-03-01,,,north", f"2024-03-01,,,{SCRIPT}"),
        ("config/coding/codebook.csv", "C01,Mesh,A mesh", f"C01,{BREAKOUT},A {SCRIPT}"),
        ("config/synthesis/themes.csv", "Too much water,", f"{SCRIPT},{BREAKOUT}"),
        ("config/synthesis/guidelines.csv", "Cover the inlet,Put a mesh", f"{formula},{SCRIPT}"),
        ("config/synthesis/guidelines.csv", "Plan the overflow", TEMPLATE),
        ("config/synthesis/guidelines.csv", "Lead the overflow away from walls.,,", f"x,{BREAKOUT},{SCRIPT}"),
        (PATHS["practices"][0], "Nothing to do with water", formula),
        (PATHS["categories"][0], "K01,Inlet", f"K01,{formula}"),
        (PATHS["impacts"][0], "inlet,reliability", f"{formula},{formula}"),
    ]:
        replace_once(folder, name, old, new)
    for path, content in (
        (
            "claims",
            f"claim_id,guideline_id,wording,status,reason\nL01,G01,{formula},accepted,{SCRIPT}\nL02,G01,{TEMPLATE},,\n",
        ),
        (
            "claim_readings",
            f"reading_id,claim_id,coding_id,reader,reading,reason\nR1,L01,A-1,{READER},against,{SCRIPT}\n",
        ),
        ("relations", f"guideline_id,other_guideline_id,relation,reason\nG01,G02,conflicts,{formula}\n"),
        (
            "correspondences",
            f"correspondence_id,guideline_id,published_guideline,relation,reason\nO1,G01,{formula},part,x\n",
        ),
        ("findings", f"finding_id,wording,guideline_ids,shows,reason\nF1,{FINDING},G01,attributes,{SCRIPT}\n"),
        ("places_read", f"opened_by,coding_id,opened_at\n{READER},A-1,2026-01-01\n"),
        (
            "impact_readings",
            "impact_id,reader,reading,quality_attribute,effect,reason,read_at\n"
            f"I01,{READER},shown,{formula},strained,{SCRIPT},2026-02-05\nI02,{READER},not_shown,,,,2026-02-05\n",
        ),
        ("../attributes", f"attribute,definition\nsafety,{SCRIPT}\n{formula},{TEMPLATE}\n"),
    ):
        (folder / f"config/synthesis/{path}.csv").write_text(content, encoding="utf-8")
    write_more(folder, "publisher_group", f'"{BREAKOUT.replace(chr(34), chr(34) * 2)}"')
    write_more(folder, "rendered_from", SCRIPT)
    with (folder / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write(ORIGINAL)
    for letter, name in CODERS.items():
        table = folder / f"config/coding/codings/{letter}.csv"
        table.rename(table.with_stem(name))
    return folder


def replace_once(folder: Path, name: str, old: str, new: str) -> None:
    """Replace what stands exactly once in a file of the study."""
    path = folder / name
    content = path.read_bytes().decode("utf-8")
    if content.count(old) != 1:
        raise ValueError(f"{old!r} stands {content.count(old)} times in {name}")
    path.write_bytes(content.replace(old, new).encode("utf-8"))


def faults_of(folder: Path) -> list[Fault]:
    """Return every fault of what people wrote in a study."""
    return read_study(folder)[1]


def only_fault(folder: Path) -> Fault:
    """Return the one fault of a study."""
    faults = faults_of(folder)
    assert len(faults) == 1, describe_faults(faults)
    return faults[0]


def place(fault: Fault) -> tuple[str, int | None, str, str | None]:
    """Return where a fault is, and what stands there."""
    return fault.file, fault.row, fault.column, fault.value


def write_further(folder: Path, *cells: str) -> None:
    """Write the further pages of each source of the tiny study."""
    write_more(folder, "further_urls", *cells)


def write_more(folder: Path, column: str, *cells: str) -> None:
    """Write another column of the sources of the tiny study."""
    path = folder / "config/sources.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    more = (column, *cells, *[""] * (len(lines) - 1 - len(cells)))
    path.write_text("".join(f"{line},{cell}\n" for line, cell in zip(lines, more, strict=True)))
