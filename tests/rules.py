"""The rules of the workflow as their files hold them, for tests."""

import re

from archives import REPOSITORY

WORKFLOW = [REPOSITORY / "workflow" / "Snakefile", *sorted((REPOSITORY / "workflow").rglob("*.smk"))]


def read_rules():
    """Return the sections of each rule, by name of the rule and of the section."""
    rules = {}
    for path in WORKFLOW:
        lines = path.read_text(encoding="utf-8").splitlines()
        for start, line in enumerate(lines):
            if found := re.match(r"( *)(?:rule|checkpoint) (\w+):", line):
                indent, sections, section = len(found[1]), {}, ""
                for inner in lines[start + 1 :]:
                    depth = len(inner) - len(inner.lstrip())
                    if inner.strip() and depth <= indent:
                        break
                    if opened := re.match(r" *(\w+):(.*)", inner) if depth == indent + 4 else None:
                        section = opened[1]
                        sections[section] = opened[2]
                    elif section:
                        sections[section] += inner + "\n"
                rules[found[2]] = sections
    return rules


RULES = read_rules()
MAKING_RULES = [name for name, sections in RULES.items() if "output" in sections]  # the others name targets


def find_script(rule):
    """Return the script of a rule, which is in the folder of its stage."""
    return next((REPOSITORY / "scripts").glob(f"*/{rule}.py"))
