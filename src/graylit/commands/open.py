"""Serve the audit pages of the last review, and the report beside them, on this machine only (`make audit`)."""

import argparse
import sys
from pathlib import Path

from graylit.pages.serving import LOOPBACK, make_shown, open_socket, serve
from graylit.tables.faults import Fault, InputError, name_command

INDEX = "results/audit/index.html"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=Path(), help="the study's folder")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    try:
        if not (asked.study / INDEX).exists():
            raise InputError(
                [Fault(INDEX, "is missing", "the audit pages of a review", f"run `{name_command('review')}` first")]
            )
        listening = open_socket(asked.port)
        port = listening.getsockname()[1]
        print(f"The audit pages are at http://{LOOPBACK}:{port}/audit/index.html; end with Ctrl-C", flush=True)
        serve(make_shown(asked.study / "results"), listening)
    except InputError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("\nEnded.")
