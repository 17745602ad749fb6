"""The audit pages of a stage of a study, rendered without a review."""

from graylit.audit.pages import AuditPages
from graylit.audit.parts import Audit
from graylit.runs.places import TEMPLATES
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.store import Store
from stages import read_stage


def make_audit(stage, **more):
    """Return the audit of a stage, with `more` rows of tables."""
    store, (tables, _) = Store(), read_stage(stage)
    filled = {}
    for name, contract in CONTRACTS.items():
        names = contract.names + (["coder"] if name == "codings" else [])
        rows = [*tables.get(name, []), *more.get(name, [])]
        filled[name] = store.add(name, names, (dict.fromkeys(names, "") | row for row in rows))
    return Audit(filled, {})


def render_candidates(stage, **more):
    """Return the page of candidates of a stage."""
    pages = AuditPages(make_audit(stage, **more), read_stage(stage)[1], TEMPLATES)
    return "".join(dict(pages.write_lists(0))["screening.html"])
