"""Stripe.js and the payment frame in a real browser, across two sites."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.conftest import Sandbox

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SHOP = """<!doctype html><html lang="fr"><title>Boutique</title><meta name="viewport" content="width=device-width">
<body style="margin:0"><div id="pay"></div><script src="http://localhost:{port}/js/endive/stripe.js"></script>
<script>
window.completed = 0;
window.ready = Stripe("pk_test_comptoir").createEmbeddedCheckoutPage({{
  fetchClientSecret: async () => "{secret}", onComplete: () => window.completed++,
}}).then((checkout) => {{ window.checkout = checkout; checkout.mount("#pay"); }});
</script>"""


class Shop:
    """A page of a shop, on another site than the frame."""

    def __init__(self) -> None:
        self.page = ""
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = (shop.page if self.path == "/" else f"<h1>{self.path}</h1>").encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not at hand")
    from playwright.sync_api import sync_playwright

    flags = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    flags += " --no-sandbox" if os.geteuid() == 0 else ""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=flags.split())
        yield one
        one.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page at phone width that refuses third-party cookies and notes what goes wrong."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    one = context.new_page()
    wrongs: list[str] = []
    one.on("pageerror", lambda error: wrongs.append(str(error)))
    one.on("console", lambda said: wrongs.append(said.text) if said.type == "error" else None)
    yield one
    assert wrongs == []
    assert context.cookies() == []
    context.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    one = Shop()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def opened(sandbox: Sandbox, client: Any, payment: dict[str, Any], shop: Shop, page: Any) -> Any:
    """Opens a shop's page with the frame of a new session; gives the session and the frame."""

    def make(**more: Any) -> tuple[Any, Any]:
        params = {
            **payment,
            "locale": "fr",
            "return_url": f"{shop.url}retour?s={{CHECKOUT_SESSION_ID}}",
            **more,
        }
        session = client.v1.checkout.sessions.create(params)
        shop.page = SHOP.format(port=sandbox.port, secret=session.client_secret)
        page.goto(shop.url)
        page.evaluate("window.ready")
        return session, page.frame_locator("iframe")

    return make


def test_card_pays_in_place(client: Any, opened: Any, page: Any) -> None:
    session, frame = opened(redirect_on_completion="if_required")
    frame.get_by_label("E-mail").fill("lea@example.com")
    frame.get_by_label("Numéro de carte").press_sequentially("4242424242424242")
    assert frame.get_by_label("Numéro de carte").input_value() == "4242 4242 4242 4242"
    frame.get_by_label("Expiration").press_sequentially("1234")
    frame.get_by_label("Cryptogramme").fill("123")

    frame.get_by_role("button", name="Payer").click()

    page.wait_for_function("window.completed === 1")
    frame.get_by_text("Paiement accepté").wait_for()
    assert page.url.endswith("/")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_declined_then_challenged_by_keyboard_alone(client: Any, opened: Any, page: Any) -> None:
    session, frame = opened(redirect_on_completion="if_required", customer_email="lea@example.com")
    number = frame.get_by_label("Numéro de carte")
    number.focus()
    page.keyboard.type("4000000000000002")
    for typed in ("1234", "123"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    frame.get_by_role("alert").get_by_text("Votre carte a été refusée.").wait_for()
    assert frame.get_by_role("alert").evaluate("one => one === document.activeElement")
    assert frame.get_by_label("Cryptogramme").input_value() == "123"

    number.fill("4000 0027 6000 3184")
    page.keyboard.press("Enter")
    frame.get_by_role("heading", name="Votre banque").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_function("window.completed === 1")
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_redirect_always_leaves_the_shop_page(opened: Any, page: Any) -> None:
    session, frame = opened()

    frame.get_by_role("button", name="Portefeuille de test").click()

    page.wait_for_url(f"**/retour?s={session.id}")


def test_frame_fits_its_content(opened: Any, page: Any) -> None:
    _, frame = opened()
    frame.get_by_role("button", name="Payer").wait_for()
    measure = "Math.abs(document.querySelector('iframe').offsetHeight - %d) < 2"
    inner = frame.locator("html").evaluate("one => Math.ceil(one.getBoundingClientRect().height)")

    page.wait_for_function(measure % inner)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_session_that_ends_elsewhere_is_told(client: Any, opened: Any) -> None:
    session, frame = opened()

    client.v1.checkout.sessions.expire(session.id)

    frame.get_by_role("heading", name="a expiré").wait_for(timeout=8000)


def test_stripe_js_refuses_as_the_real_one(opened: Any, page: Any) -> None:
    opened()

    said = page.evaluate("""async () => {
      const said = [];
      const note = async (act) => {
        try { await act(); said.push("nothing"); } catch (error) { said.push(error.name); }
      };
      const stripe = Stripe("pk_test_comptoir");
      const secret = "cs_test_a_secret_b";
      await note(() => stripe.initEmbeddedCheckout({ clientSecret: secret }));
      await note(() => stripe.createEmbeddedCheckoutPage({ clientSecret: secret }));
      await note(() => checkout.mount("#pay"));
      await note(() => { checkout.unmount(); checkout.mount("#pay"); });
      await note(() => checkout.destroy());
      await note(() => checkout.destroy());
      await note(() => checkout.mount("#pay"));
      await note(() => stripe.createEmbeddedCheckoutPage({}));
      await note(() => stripe.createEmbeddedCheckoutPage({ clientSecret: "nonsense" }));
      await note(() => stripe.createEmbeddedCheckoutPage({ fetchClientSecret: async () => { throw new RangeError(); } }));
      await note(async () => { (await stripe.createEmbeddedCheckoutPage({ clientSecret: secret })).mount("#none"); });
      await note(() => Stripe(""));
      await note(() => Stripe("sk_test_x"));
      return said;
    }""")

    wrong = "IntegrationError"
    assert said == [
        wrong,
        wrong,
        wrong,
        "nothing",
        "nothing",
        wrong,
        wrong,
        wrong,
        wrong,
        "RangeError",
        wrong,
        wrong,
        wrong,
    ]


def test_messages_of_strangers_are_ignored(opened: Any, page: Any) -> None:
    _, frame = opened(redirect_on_completion="if_required")
    frame.get_by_role("button", name="Payer").wait_for()

    page.evaluate("postMessage({ name: 'complete', redirect: '' }, '*')")
    page.wait_for_timeout(200)

    assert page.evaluate("window.completed") == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_have_no_axe_violations(
    browser: Any, client: Any, payment: dict[str, Any], sandbox: Sandbox, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    params = {name: one for name, one in payment.items() if name not in ("ui_mode", "return_url")}
    session = client.v1.checkout.sessions.create(
        {
            **params,
            "success_url": "http://127.0.0.1/",
            "locale": "fr",
            "allow_promotion_codes": True,
            "shipping_address_collection": {"allowed_countries": ["FR", "BE"]},
            "consent_collection": {"terms_of_service": "required"},
            "phone_number_collection": {"enabled": True},
            "name_collection": {"individual": {"enabled": True}, "business": {"enabled": True}},
            "custom_text": {"submit": {"message": "Merci"}, "after_submit": {"message": "À bientôt"}},
            "custom_fields": [
                {"key": "word", "label": {"type": "custom", "custom": "Mot"}, "type": "text"},
                {
                    "key": "size",
                    "label": {"type": "custom", "custom": "Taille"},
                    "type": "dropdown",
                    "dropdown": {"options": [{"label": "Grand", "value": "large"}]},
                },
            ],
        }
    )
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(session.url)
    found = [Axe().run(page)]
    page.get_by_role("button", name="Payer").click()
    page.get_by_role("alert").wait_for()
    found.append(Axe().run(page))
    client.v1.checkout.sessions.expire(session.id)
    page.reload()
    found.append(Axe().run(page))
    page.close()

    assert [one.generate_report() for one in found if one.violations_count] == []
