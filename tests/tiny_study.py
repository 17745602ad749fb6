"""A whole tiny study about rain barrels, written into a folder: the start of tests that plant one fault in it."""

from pathlib import Path

CONFIG = """\
title: Rain barrels in small gardens
has_texts: true
variables:
  region: Where the author gardens
collection:
  contact: gardener@example.org
  hosts_at_once: 2
  delay_s: 0
  n_retries: 0
  timeout_s: 5
  source_limit_s: 20
  run_limit_s: 60
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
  seed: 1
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
FILES = {
    "config/config.yaml": CONFIG,
    "config/sources.csv": SOURCES,
    "config/coding/codebook.csv": CODEBOOK,
    "config/coding/codings/A.csv": CODINGS_A,
    "config/coding/codings/B.csv": CODINGS_B,
    "config/synthesis/themes.csv": THEMES,
    "config/synthesis/guidelines.csv": GUIDELINES,
}


def write_study(folder: Path) -> Path:
    """Write the study, which has no faults, and return its folder."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8"))
    return folder


def replace_once(folder: Path, name: str, old: str, new: str) -> None:
    """Replace what stands exactly once in a file of the study."""
    path = folder / name
    content = path.read_bytes().decode("utf-8")
    if content.count(old) != 1:
        raise ValueError(f"{old!r} stands {content.count(old)} times in {name}")
    path.write_bytes(content.replace(old, new).encode("utf-8"))
