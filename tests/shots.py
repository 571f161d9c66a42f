"""Screenshots of the main pages into `var/shots/`: `./comptoir shots [words of a name ...]`.

Uses the shop at BASE_URL, else a fresh demo of its own: the scenes buy, so a shop that runs is changed by them.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.rig.processes import ROOT, Process, free_port

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
FOLDER = ROOT / "var" / "shots"
SIZES = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
BUYER = {
    "email": "claire@example.org", "name": "Claire Morin", "line1": "4 rue des Lilas", "postcode": "93100", "city": "Montreuil",
}  # fmt: skip


@dataclass
class Visit:
    """One browser at one width, in one scheme and one language."""

    page: Page
    base: str
    language: str

    def go(self, fr: str, en: str = "") -> None:
        """Open an address; the English one where it differs."""
        self.page.goto(self.base + (en if en and self.language == "en" else fr))
        self.page.wait_for_load_state("networkidle")

    def follow(self, selector: str) -> None:
        """Go where the first such link leads."""
        self.go(self.page.locator(selector).first.evaluate("one => one.pathname + one.search"))

    def enter(self, role: str) -> None:
        """Sign in by the demo's strip."""
        self.go("/_demo/strip/")
        self.page.locator(f"main button[name=role][value={role}]").click()
        self.page.wait_for_load_state("networkidle")


Scene = Callable[[Visit], None]
EVENT = ("/agenda/culotter-ensemble/", "/en/events/culotter-ensemble/")
PAN = ("/journal/culotter-une-poele/", "/en/journal/seasoning-a-steel-pan/")


def at(fr: str, en: str = "") -> Scene:
    """A scene that is an address."""
    return lambda visit: visit.go(fr, en)


def recap(visit: Visit) -> None:
    """The counter open in the article."""
    visit.go(*PAN)
    visit.page.locator("[data-buy]").first.click()
    expect(visit.page.locator("[data-counter]:not([hidden]) [data-step=recap]")).to_be_visible(timeout=15000)


def payment(visit: Visit) -> None:
    """Ordered: Stripe's form stands in the article."""
    recap(visit)
    for name, text in BUYER.items():
        visit.page.locator(f"[data-counter]:not([hidden]) [name={name}]").fill(text)
    visit.page.locator("[data-counter]:not([hidden]) [data-order]").click()
    visit.page.frame_locator("[data-frame] iframe").locator("button.main").wait_for(timeout=15000)


def done(visit: Visit) -> None:
    """Paid, with the article still open."""
    payment(visit)
    frame = visit.page.frame_locator("[data-frame] iframe")
    for name, text in {"cc-number": "4242424242424242", "cc-exp": "1234", "cc-csc": "123"}.items():
        frame.locator(f"[autocomplete={name}]").fill(text)
    frame.locator("button.main").click()
    expect(visit.page.locator("[data-step=done]")).to_be_visible(timeout=20000)


def basket(visit: Visit) -> None:
    """One thing in the basket."""
    visit.go("/boutique/cafetiere-emaillee/", "/en/shop/enamel-coffee-pot/")
    visit.page.locator("[data-add]").first.click()
    expect(visit.page.locator("[data-badge]").first).to_have_text("1", timeout=15000)
    visit.follow("[data-cart]")


def login(visit: Visit) -> None:
    """What the account asks for first."""
    visit.go("/", "/en/")
    visit.follow("[data-account]")


def account(visit: Visit) -> None:
    """The reader at home."""
    visit.enter("reader")
    login(visit)


def order(visit: Visit) -> None:
    """One of the reader's orders."""
    account(visit)
    visit.follow(".orders a")


def member(*names: str) -> Scene:
    """What the member's account leads to, by a part of its address in either language; "" is the account itself."""
    links = ", ".join(f"main a[href*='{name}']" for name in names)

    def look(visit: Visit) -> None:
        visit.enter("member")
        login(visit)
        if any(names):
            visit.follow(links)

    return look


def come(visit: Visit, event: tuple[str, str] = EVENT) -> None:
    """A free seat asked for, on the event's page."""
    visit.go(*event)
    visit.page.locator("[data-buy]").first.click()
    expect(visit.page.locator("[data-counter]:not([hidden]) [data-step=recap]")).to_be_visible(timeout=15000)


def coming(visit: Visit, event: tuple[str, str] = EVENT) -> None:
    """The seat taken, with its code."""
    come(visit, event)
    for name in ("name", "email"):
        visit.page.locator(f"[data-counter]:not([hidden]) [name={name}]").fill(BUYER[name])
    visit.page.locator("[data-counter]:not([hidden]) [data-order]").click()
    expect(visit.page.locator("[data-step=done]")).to_be_visible(timeout=20000)


def seat(visit: Visit) -> None:
    """The page of the seat just taken, where there is room for everybody."""
    coming(visit, ("/agenda/questions-en-ligne/", "/en/events/questions-en-ligne/"))
    visit.follow("[data-step=done] a[href*='/place/'], [data-step=done] a[href*='/seat/']")


def footer(words: str) -> Scene:
    """The page behind a legal link, by the place of its name in the address."""

    def follow(visit: Visit) -> None:
        visit.go("/", "/en/")
        visit.follow(words)

    return follow


def owner(path: str, *, first: bool = False) -> Scene:
    """A screen of the owner's; `first`: the first of the things that it lists."""

    def look(visit: Visit) -> None:
        visit.enter("owner")
        visit.go(path)
        if first:
            links = visit.page.locator(f"main a[href^='{path}']").evaluate_all("all => all.map((one) => one.pathname)")
            visit.go(next(link for link in links if link.removeprefix(path).strip("/").isdigit()))

    return look


# Names that end in "~" are photographed as the window shows them, the others whole.
SCENES: dict[str, Scene] = {
    "home": at("/", "/en/"),
    "journal": at("/journal/", "/en/journal/"),
    "article": at(*PAN),
    "counter-recap~": recap,
    "counter-payment~": payment,
    "counter-done~": done,
    "shop": at("/boutique/", "/en/shop/"),
    "category": at("/boutique/cuisine/", "/en/shop/kitchen/"),
    "product": at("/boutique/poele-tole-acier/", "/en/shop/carbon-steel-pan/"),
    "sold-out": at("/journal/la-paille-du-balai/"),
    "sold-out-product": at("/boutique/balayette-de-sorgho/"),
    "scheduled-product": at("/boutique/lanterne-tempete/"),
    "archived-product": at("/boutique/moulin-a-cafe/"),
    "basket": basket,
    "basket-empty": footer("[data-cart]"),
    "withdrawal": footer(".footer__withdraw a"),
    "terms": footer(".footer [href*=term], .footer [href*=conditions]"),
    "order": order,
    "account": account,
    "login": login,
    "desk": owner("/cms/"),
    "orders": owner("/cms/shop/orders/"),
    "owner-order": owner("/cms/shop/orders/", first=True),
    "products": owner("/cms/produits/"),
    "product-editor": owner("/cms/produits/", first=True),
    "sales": owner("/cms/shop/sales/"),
    "stock": owner("/cms/shop/stock/"),
    "agenda": at("/agenda/", "/en/events/"),
    "event": at(*EVENT),
    "event-full": at("/agenda/journee-atelier/", "/en/events/journee-atelier/"),
    "event-counter~": come,
    "event-coming": coming,
    "seat": seat,
    "club": at("/club/", "/en/club/"),
    "members-only": at("/journal/une-meche-bien-taillee/"),
    "leaving": footer(".footer [href*=resilier], .footer [href*=end-a-contract]"),
    "member-account": member(""),
    "card": member("/carte/", "/card/"),
    "directory": member("/membres/", "/members/"),
    "profile": member("/profil/", "/profile/"),
    "meetings": owner("/cms/meetings/"),
    "meeting": owner("/cms/meetings/", first=True),
    "appointments": owner("/cms/meetings/appointments/"),
    "services": owner("/cms/meetings/services/"),
    "hours": owner("/cms/meetings/hours/"),
    "tiers": owner("/cms/club/"),
    "members": owner("/cms/club/members/"),
    "not-found": at("/nulle-part/", "/en/nowhere/"),
    "gone": at("/boutique/burette-de-cuivre/", "/en/shop/copper-oil-can/"),
    "mailbox": at("/_demo/mailbox/", "/en/_demo/mailbox/"),
    "strip": at("/_demo/strip/", "/en/_demo/strip/"),
    "style": at("/_style/"),
}
FRENCH_ONLY = {"sold-out", "sold-out-product", "scheduled-product", "archived-product", "style"}
FRENCH_ONLY |= {"members-only", "meetings", "meeting", "appointments", "services", "hours", "tiers", "members"}
FRENCH_ONLY |= {"desk", "orders", "owner-order", "products", "product-editor", "sales", "stock"}


def main(words: list[str]) -> int:
    """Take them all, or those whose name holds one of the words; 1 when one could not be taken."""
    wanted = {name: scene for name, scene in SCENES.items() if not words or any(word in name for word in words)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    failed = []
    with shop() as base, sync_playwright() as play:
        flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        for name, scene in wanted.items():
            failed += [file for file in take(browser, base, name, scene) if file]
        browser.close()
    print(f"{FOLDER}: {len(wanted)} scenes, {len(failed)} pictures not taken", flush=True)
    return 1 if failed else 0


def take(browser: Browser, base: str, name: str, scene: Scene) -> Iterator[str]:
    """One scene at each width, scheme and language; yields the names of pictures that failed."""
    stem = name.removesuffix("~")
    for language in ("fr",) if stem in FRENCH_ONLY else ("fr", "en"):
        for width, height in SIZES.items():
            for scheme in SCHEMES:
                file = f"{stem}.{language}.{width}.{scheme}.png"
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce",
                    locale="fr-FR" if language == "fr" else "en-GB",
                )  # fmt: skip
                try:
                    visit = Visit(context.new_page(), base, language)
                    scene(visit)
                    settle(visit.page)
                    visit.page.screenshot(path=FOLDER / file, full_page=not name.endswith("~"))
                except (Error, AssertionError, StopIteration) as error:
                    print(f"{file}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
                    yield file
                finally:
                    context.close()
    print(f"  {stem}", flush=True)


def settle(page: Page) -> None:
    """Lazy pictures come when they are scrolled to; a whole page shows them all."""
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((one) => (one.loading = 'eager'))")
    page.evaluate("Promise.all([...document.images].map((one) => one.decode().catch(() => null)))")
    page.evaluate("document.fonts.ready")


@contextmanager
def shop() -> Iterator[str]:
    """The address of the shop that runs, or of one that is started for this and ended afterwards."""
    if base := os.environ.get("BASE_URL"):
        yield base.rstrip("/")
        return
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        env = {**os.environ, "PORT": str(port), "SANDBOX_PORT": str(free_port()), "COMPTOIR_VAR": str(var)}
        demo = Process("the demo", [sys.executable, "-m", "comptoir.launcher", "demo"], env, var / "demo.log")
        print("Starting a demo", flush=True)
        demo.start()
        stack.callback(demo.stop)
        demo.wait_for(f"http://127.0.0.1:{port}/healthz", 300)
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
