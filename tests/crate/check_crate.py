"""Have rocrate-validator and frictionless judge an export, without network (`make test-crate`, in its environment).

The validator reads the terms of RO-Crate 1.1 from w3id.org; here they come from the package rocrate 0.15, by its cache.
"""

import importlib.resources
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import requests_cache

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILES = ("workflow-run-crate-0.5", "workflow-ro-crate-1.0")


def fill_cache(path):
    """Put the terms into the validator's cache."""
    content = importlib.resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
    headers = {"Content-Type": "application/ld+json"}
    response = requests_cache.CachedResponse(url=CONTEXT, status_code=200, content=content, headers=headers)
    response.request = requests_cache.CachedRequest(method="GET", url=CONTEXT)
    with requests_cache.CachedSession(str(path), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(response)


def check_profile(crate, cache, profile):
    """Return whether the validator finds nothing that the profile requires wanting."""
    program = Path(sys.executable).with_name("rocrate-validator")
    command = [
        program,
        "--disable-color",
        "-y",
        "validate",
        "--offline",
        "--cache-path",
        cache,
        "--verbose",
        "--no-paging",
    ]
    return subprocess.run([*map(str, command), "-p", profile, str(crate)], check=False).returncode == 0


def check_tables(descriptor):
    """Return whether frictionless finds every table of the data package valid."""
    program = Path(sys.executable).with_name("frictionless")
    return subprocess.run([str(program), "validate", str(descriptor)], check=False).returncode == 0


if __name__ == "__main__":
    export = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        crate, cache = Path(scratch) / "crate", Path(scratch) / "cache"
        with zipfile.ZipFile(export / "replication-package.zip") as package:
            package.extractall(crate)
        fill_cache(cache)
        results = {profile: check_profile(crate, cache, profile) for profile in PROFILES}
    results["data package"] = check_tables(export / "data-package/datapackage.json")
    print("\n".join(f"{judged}: {'passed' if passed else 'FAILED'}" for judged, passed in results.items()))
    sys.exit(0 if all(results.values()) else 1)
