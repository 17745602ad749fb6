"""What a page must hold in a real browser: readable for everybody, nothing of it run as a script, nothing sent away."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Route

SCREENSHOTS = Path(__file__).resolve().parents[2] / "results/screenshots"
SCHEMES = ("light", "dark")
GRAVE = ("serious", "critical")
ANY = ("minor", "moderate", *GRAVE)
NEAR = ("127.0.0.1", "localhost", "")  # no host: file:, data:, about:, blob:
# Installed before anything of a page runs. Hostile pages of the tests call fired('name') wherever a script could hide.
RECORDER = """
document.addEventListener("securitypolicyviolation", (event) =>
  record(`the policy stopped ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
window.fired = (name) => record(`a script ran: ${name}`);
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => record(`a script ran: ${name}`);
"""
LIST_HANDLERS = """() => [...document.querySelectorAll("*")].flatMap((element) => [
  ...[...element.attributes].filter((one) => one.name.startsWith("on")
    || /^\\s*(javascript|vbscript):/i.test(one.value)
    || (/^\\s*data:/i.test(one.value) && /^(href|action|formaction)$/i.test(one.name)))
    .map((one) => `${element.tagName} ${one.name}=${one.value}`),
])"""


@dataclass
class Observed:
    """What went on in a page beside what a test did: scripts of data, errors, requests to other machines."""

    scripts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


_observed: dict[Page, Observed] = {}


def observe(page: Page) -> Observed:
    """Record from now on what a page does; requests to other machines are refused and recorded."""
    seen = _observed[page] = Observed()
    page.context.expose_function("record", lambda what: seen.scripts.append(what))
    page.context.add_init_script(RECORDER)
    page.context.route("**/*", lambda route, request: _stay_near(route, request, seen))
    page.context.on("weberror", lambda one: seen.errors.append(str(one.error)))
    page.context.on("console", lambda one: seen.errors.append(one.text) if one.type == "error" else None)
    page.on("popup", lambda other: seen.scripts.append(f"a window opened: {other.url}"))
    return seen


def _stay_near(route: Route, request: Request, seen: Observed) -> None:
    if (urlsplit(request.url).hostname or "") in NEAR:
        route.continue_()
    else:
        seen.strangers.append(request.url)
        route.abort()


def observed(page: Page) -> Observed:
    """Return what was recorded of a page."""
    return _observed[page]


def forget(page: Page) -> None:
    """Let go of what was recorded of a page."""
    del _observed[page]


def assert_no_script_ran(page: Page) -> None:
    """Fail where a script of the data ran or was tried, or where the page holds one that waits for a click."""
    page.wait_for_load_state("networkidle")
    assert _observed[page].scripts == []
    assert page.evaluate(LIST_HANDLERS) == []


def assert_nothing_left_the_machine(page: Page) -> None:
    """Fail where the page asked another machine for anything."""
    assert _observed[page].strangers == []


def assert_accessible(page: Page, impacts: tuple[str, ...] = GRAVE) -> None:
    """Fail where axe-core finds something of these impacts in the page as it stands, in light or in dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"preload": False}).response["violations"]  # it would ask for style sheets
        grave = [
            f"{scheme}: {one['id']} ({one['help']}) {[node['target'] for node in one['nodes'][:4]]}"
            for one in found
            if one["impact"] in impacts
        ]
        assert grave == [], "\n".join(grave)
    page.emulate_media(color_scheme="light")


def take_screenshots(page: Page, name: str) -> None:
    """Write results/screenshots/<name>-light.png and -dark.png of what is in the window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png", animations="disabled")
    page.emulate_media(color_scheme="light")
