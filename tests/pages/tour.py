"""A walk through every page in one language: each is looked at by axe, its console is heard, its HTML kept."""

import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from playwright.sync_api import Browser, Error, Page, Response
from wagtail.models import Page as WagtailPage
from wagtail.models import Site

from tests import factories
from tests.journeys.reader import Reader
from tests.journeys.shop import LiveShop

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Each page at both widths and in both schemes; width, scheme and language meet pair by pair over the two walks, since
# no colour and no width depends on the words. The owner's screens are walked in French alone: there what depends on
# colour is looked at in the two other combinations too.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
Look = tuple[int, str, dict[str, Any]]
LOOKS: dict[str, list[Look]] = {
    "fr": [(390, "light", {}), (1280, "dark", {})],
    "en": [(390, "dark", {}), (1280, "light", {})],
}
BEHIND: list[Look] = [*LOOKS["fr"], (1280, "light", {"runOnly": COLOURS}), (390, "dark", {"runOnly": COLOURS})]
HEIGHT = 844
# Stripe's form stands on another site and answers for itself: its page is looked at by its own address.
# Wagtail's own checker of drafts sets up the same axe in its way, hence the reset.
RUN = """([options, inside]) => axe.reset() ?? axe.run(
  {...(inside ? {include: [[inside]]} : {}), exclude: [["iframe"], ["wagtail-userbar"], ["wagtail-inline-userbar"]]},
  {resultTypes: ["violations"], ...options}).then((found) =>
  found.violations.flatMap((row) => row.nodes.map((node) => `${row.id}: ${node.target} ${node.html.slice(0, 160)}`)))"""
# A colour on its way from one scheme to the other is neither.
STILL = """() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => {
  for (const moving of document.getAnimations()) if (moving instanceof CSSTransition) moving.finish();
  requestAnimationFrame(done);
})))"""


@dataclass
class Record:
    """What a walk saw, each by the name of the place."""

    axe: dict[str, list[str]] = field(default_factory=dict)
    console: dict[str, list[str]] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)  # that answered with HTML, parts of pages too
    looked: set[str] = field(default_factory=set)


class Visit:
    """One person with a browser of their own."""

    def __init__(self, shop: LiveShop, browser: Browser, language: str, record: Record) -> None:
        self.shop, self.language, self.record = shop, language, record
        context = browser.new_context(
            viewport={"width": 390, "height": HEIGHT}, reduced_motion="reduce",
            locale="fr-FR" if language == "fr" else "en-GB",
        )  # fmt: skip
        context.add_init_script(AXE)
        context.on("response", self._answered)
        self.reader = Reader(context, shop.base, shop.standin.origin)
        self.page: Page = self.reader.page
        self.document: Response | None = None
        self.answered: set[str] = set()

    def _answered(self, response: Response) -> None:
        """Remember the page's own answer, and everything that answers with HTML; the database is not asked in here."""
        if not response.headers.get("content-type", "").startswith("text/html") or 300 <= response.status < 400:
            return
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.document = response
        if response.url.startswith(self.shop.base):
            self.answered.add(response.url)

    def enter(self, user: Any) -> None:
        """Sign in as this person, who has just proved once more who it is."""
        client = Client()
        factories.sign_in_just_now(client, user)
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": self.shop.base}
        self.page.context.add_cookies([cookie])

    def url(self, name: str, *args: Any) -> str:
        """The address of that name in this language."""
        with translation.override(self.language):
            return reverse(name, args=args)

    def go(self, url: str, status: int = 200, *, moves: bool = False) -> None:
        """Open an address that answers with this status; unless it `moves`, it answers itself."""
        whole = urllib.parse.urljoin(self.shop.base, url)
        if status >= 400:
            self.expect(status)
        response = self.page.goto(whole)
        assert response is not None
        assert response.status == status, f"{url} answers {response.status}"
        stays = response.url.partition("?")[0] == whole.partition("?")[0]
        assert stays or moves, f"{url} leads to {response.url}"

    def expect(self, status: int) -> None:
        """The browser reports an answer of this status in its console, as it should."""
        self.reader.expect(f"the server responded with a status of {status}")

    def send(self, form: str = "main form", **fields: str) -> None:
        """Fill a form of the page and send it, as a page without script would."""
        place = self.page.locator(form).first
        for name, text in fields.items():
            place.locator(f"[name={name}]").first.fill(text)
        with self.page.expect_navigation():
            place.evaluate("one => HTMLFormElement.prototype.submit.call(one)")

    def press(self, selector: str) -> None:
        """A button or link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def look(self, name: str, inside: str = "") -> None:
        """What axe finds here, at both widths and in both schemes; the HTML as the server sent it to readers.

        `inside`: only there, where the page around it is Wagtail's own.
        """
        is_behind = self.page.url.startswith(f"{self.shop.base}/cms/")
        if self.page.url.startswith(self.shop.base):
            assert self.document
            self.record.looked.add(name_of(self.page.url))
            if not is_behind:
                self.record.html[name] = self.document.text()
        found: list[str] = []
        for width, scheme, options in BEHIND if is_behind else LOOKS[self.language]:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.evaluate(STILL)
            seen = self.page.evaluate(RUN, [options, inside])
            found += [f"{width} {scheme} {row}" for row in seen]
        self.page.set_viewport_size({"width": 390, "height": HEIGHT})
        self.page.emulate_media(color_scheme="light")
        assert name not in self.record.axe, f"two places are called {name}"
        self.record.axe[name] = found

    def see(self, name: str, url: str, status: int = 200, inside: str = "") -> None:
        """Open and look."""
        self.go(url, status)
        self.look(name, inside)


Scene = Callable[[Visit], None]


def walk(visits: dict[str, Visit], scenes: dict[str, tuple[str, Scene]], record: Record) -> None:
    """Every scene by its person; what breaks is written down and the walk goes on."""
    for name, (who, scene) in scenes.items():
        visit = visits[who]
        reader = visit.reader
        reader.wrongs, reader.expected, visit.answered = [], [], set()
        try:
            scene(visit)
        except (Error, AssertionError, LookupError) as error:
            record.broken[name] = f"{type(error).__name__}: {error} at {visit.page.url}"
        record.addresses |= {name_of(url) for url in visit.answered}
        if complaints := reader.complaints():
            record.console[name] = complaints


def name_of(url: str) -> str:
    """The name of an address; of a page of the tree its type, and which of its lists."""
    path = urllib.parse.urlsplit(url).path
    with translation.override("en" if re.match(r"/en(/|$)", path) else "fr"):
        try:
            match = resolve(path)
        except Resolver404:
            return "nowhere"
        return page_of(path) if match.view_name == "wagtail_serve" else match.view_name


def page_of(path: str) -> str:
    """`page:ArticlePage`, or `page:JournalPage.by_tag`; "nowhere" where no page is."""
    from django.http import Http404

    root: WagtailPage = Site.objects.get(is_default_site=True).root_page
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["en"]:
        parts, root = parts[1:], root.get_translation(factories.locale("en"))
    try:
        page, args, _kwargs = root.specific.route(RequestFactory().get(path), parts)
    except Http404:
        return "nowhere"
    name = f"page:{type(page.specific).__name__}"
    return f"{name}.{args[0].__name__}" if args else name
