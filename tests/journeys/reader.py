"""A reader at the browser: what they tap and type is counted, what goes wrong in the page is noted."""

import re

from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, ConsoleMessage, FrameLocator, Locator, Page, expect

from tests.factories.people import PASSWORD

PERSON = {
    "email": "claire@example.org", "name": "Claire Morin", "line1": "4 rue des Lilas", "postcode": "93100", "city": "Montreuil",
}  # fmt: skip
PAID, DECLINED, CHALLENGED = "4242424242424242", "4000000000000002", "4000002500003155"
# A browser reports what a policy refused as an event; said aloud, it is caught with the console's errors.
WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP refused ${event.blockedURI} (${event.effectiveDirective})`));"""


class Reader:
    """One browser of one person."""

    def __init__(self, context: BrowserContext, base: str, stripe: str) -> None:
        self.context, self.base, self.stripe = context, base, stripe
        self.taps = self.typed = 0
        self.wrongs: list[str] = []
        self.expected: list[str] = []
        context.add_init_script(WATCH)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrongs.append(str(error.error)))
        self.page: Page = context.new_page()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrongs.append(f"{message.text} [{message.location.get('url', '')}]")

    def expect(self, *patterns: str) -> None:
        """These words in the console belong to this journey."""
        self.expected += patterns

    def complaints(self) -> list[str]:
        """What went wrong in the browser and was not expected."""
        return [text for text in self.wrongs if not any(re.search(pattern, text) for pattern in self.expected)]

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def tap(self, target: Locator) -> None:
        self.click(target)
        self.taps += 1

    def click(self, target: Locator) -> None:
        """After a scroll the browser needs a frame or two to know again which page lies under the pointer."""
        target.scroll_into_view_if_needed()
        target.evaluate("() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 120))")
        target.click()

    def close(self) -> None:
        """Shut the drawer by its own link."""
        self.click(self.counter.locator("[data-counter-close]"))
        expect(self.counter).to_have_count(0, timeout=15000)

    def sign_in(self, email: str) -> None:
        """With a password, as on the account's page."""
        with translation.override("fr"):
            self.open(reverse("account_login"))
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def place(self) -> int:
        """Where the article stands in the window: what a reader calls "my place"."""
        return round(self.page.locator("h1").first.evaluate("one => one.getBoundingClientRect().top"))

    def scroll_to(self, selector: str) -> None:
        """So that it stands near the top of the window."""
        self.page.locator(selector).first.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 60)")

    def third_parties(self) -> list[str]:
        """Addresses of other hosts that the page asked for something."""
        script = "performance.getEntriesByType('resource').map((one) => one.name)"
        return [url for url in self.page.evaluate(script) if not url.startswith(self.base)]

    def tab_to(self, selector: str) -> None:
        """Press Tab until that has the focus."""
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
        raise AssertionError(f"the keyboard never reaches {selector}")

    def tab_inside(self, selector: str) -> None:
        """Press Tab inside Stripe's frame until that has the focus."""
        for _press in range(20):
            if self.frame.locator(f"{selector}:focus").count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never reaches {selector}")

    def type(self, target: Locator, text: str) -> None:
        target.fill(text)
        self.typed += 1

    # --- the counter ------------------------------------------------------------------------------

    @property
    def counter(self) -> Locator:
        """The open drawer."""
        return self.page.locator("[data-counter]:not([hidden])")

    def step(self, name: str) -> Locator:
        """One state of the drawer: recap, pay or done."""
        found = self.counter.locator(f"[data-step={name}]")
        expect(found).to_be_visible(timeout=15000)
        return found

    @property
    def frame(self) -> FrameLocator:
        """Stripe's payment form."""
        return self.page.frame_locator("[data-frame] iframe")

    def buy(self, title: str = "") -> Locator:
        """Tap "Buy" at the offer of that name (the first without one); the recap."""
        place = self.page.locator("[data-offer-group]", has=self.page.get_by_text(title)) if title else self.page
        self.tap(place.locator("[data-buy]").first)
        expect(self.counter.locator("[data-step=recap]", has_text=title)).to_be_visible(timeout=15000)
        return self.step("recap")

    def fill(self, **other: str | None) -> None:
        """Type what a guest must type; None: is not asked."""
        for name, text in {**PERSON, **other}.items():
            if text is not None:
                self.type(self.counter.locator(f"[name={name}]"), text)

    def order(self) -> Locator:
        """Order with obligation to pay; the payment form's step."""
        self.tap(self.counter.locator("[data-order]"))
        return self.step("pay")

    def card(self, number: str = PAID) -> None:
        """Type a card into Stripe's form."""
        self.type(self.frame.locator("[autocomplete=cc-number]"), number)
        self.type(self.frame.locator("[autocomplete=cc-exp]"), "1234")
        self.type(self.frame.locator("[autocomplete=cc-csc]"), "123")

    def pay(self) -> None:
        """The one tap inside Stripe's form."""
        self.tap(self.frame.locator("button.main"))

    def done(self) -> Locator:
        """The confirmation in place: paid."""
        found = self.step("done")
        expect(found).to_have_attribute("data-state", re.compile("paid|fulfilled"), timeout=15000)
        return found

    def pay_on_stripes_page(self) -> Locator:
        """The hosted page, with a card that works; back in the shop."""
        self.page.wait_for_url(f"{self.stripe}/**")
        for name, text in {"card_number": PAID, "expiry": "1234", "cvc": "123"}.items():
            self.page.locator(f"[name={name}]").fill(text)
        self.page.locator("button.main").click()
        self.page.wait_for_url(f"{self.base}/**")
        return self.done()
