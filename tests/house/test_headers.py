"""The header matrix: every address has its row, and answers as the row says."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.csp import build_policy

from core.models import TermsVersion
from events.models import EventPage
from tests import factories
from tests.house import addresses

# public: the same bytes for every visitor, no cookie, kept if asked about again. private: never stored.
PUBLIC = {
    "events:calendar", "events:chairs", "robots", "favicon", "favicon-ico", "security-txt", "live", "feed-rss", "feed-atom", "store:terms", "store:terms-version", "store:legal", "store:privacy",
    "store:withdraw-form", "wagtail_serve",
}  # fmt: skip
FILES = {"media", "wagtaildocs_serve"}
PRIVATE = {
    "health", "sitemap-index", "sitemap", "change-password", "webhook", "me", "account",
    "account-language", "page-login", "wagtailcore_login", "wagtailcore_authenticate_with_password",
    "wagtaildocs_authenticate_with_password", "feed-rss-section", "feed-atom-section",
    "store:cart", "store:add", "store:change", "store:checkout", "store:buy", "store:return", "store:hosted",
    "store:abandon", "store:status", "store:thanks", "store:resume", "store:find-order", "store:order",
    "store:order-document", "store:subscription", "store:withdraw", "store:addresses", "store:address", "store:address-delete",
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate", "account_email",
    "account_email_verification_sent", "account_change_password", "account_set_password", "account_reset_password",
    "account_confirm_login_code", "account_reset_password_from_key_done", "account_reset_password_from_key",
    "account_reset_password_done", "account_request_login_code", "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "events:seat", "events:seat-calendar", "events:seat-worker", "events:leave", "events:hand-on", "events:other-date", "events:other-date-pay", "events:wait",
    "events:waiting", "events:claim", "events:calendar-mine", "events:calendar-new-key", "events:door", "events:door-roster",
    "events:door-sync", "events:door-walk-in", "events:door-worker", "article-rest", "account-erase", "account-export",
    "members:act", "members:ask", "members:card", "members:directory", "members:gift", "members:introductions", "members:leave",
    "members:portrait", "members:profile", "members:saved", "members:mails", "members:card-image", "members:end-session", "members:unsubscribe", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_list_webauthn",
    "members:renewing",
    "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "usersessions_list",
    "events:booking", "events:booking-calendar", "events:booking-move", "events:booking-cancel",
}  # fmt: skip
DEMO = {
    "style-guide", "demo-mailbox", "demo-letter", "demo-letter-html", "demo-enclosure", "demo-strip", "demo-enter",
    "demo-last-one", "demo-start-over",
}  # fmt: skip
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DISCREET = {"store:find-order", "store:order", "store:order-document", "store:withdraw"}
FRONT = addresses.named(behind=False)


def test_every_address_has_a_row() -> None:
    assert set(FRONT) == PUBLIC | FILES | PRIVATE | DEMO


def policy(response) -> dict[str, str]:
    rows = response.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _space, rest in (row.partition(" ") for row in rows)}


def get(client: Client, name: str):
    """Ask for an example of that address; PostgreSQL's keys do not begin at 1 in each test."""
    if name == "store:terms-version":
        return client.get(reverse(name, args=[TermsVersion.objects.get().pk]))
    if name == "events:chairs":
        return client.get(reverse(name, args=[(EventPage.objects.first() or factories.event_page()).event_id]))
    return client.get(addresses.example(name, FRONT[name]))


@pytest.fixture
def reader(db) -> Client:
    factories.open_shop()
    return Client()


@pytest.mark.parametrize("name", sorted(PUBLIC - {"wagtail_serve"}))
def test_public_addresses(reader: Client, name: str, settings) -> None:
    factories.article()
    first, again = (
        get(reader, name),
        get(Client(headers={"cookie": "here=1; session=forged", "accept-language": "de"}), name),
    )

    assert (first.status_code, first.content) == (200, again.content)
    assert not first.cookies
    assert "Vary" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.headers["ETag"]
    assert first.headers["Content-Security-Policy"] == build_policy(settings.SECURE_CSP)
    assert {key: first.headers[key] for key in FIXED} == FIXED


@pytest.mark.parametrize("name", sorted((PRIVATE | DEMO) - {"style-guide"}))
def test_private_addresses_are_never_stored(reader: Client, name: str) -> None:
    response = get(reader, name)

    assert {"private", "no-store"} <= {part.strip() for part in response.headers["Cache-Control"].split(",")}
    expected = {**FIXED, "Referrer-Policy": response.headers["Referrer-Policy"]} if name in DISCREET else FIXED
    assert {key: response.headers[key] for key in FIXED} == expected
    assert response.headers["Referrer-Policy"] in {FIXED["Referrer-Policy"], "same-origin", "no-referrer"}
    assert policy(response)["default-src"] == "'none'"
    assert policy(response)["base-uri"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_only_the_return_page_may_stand_in_stripes_frame(reader: Client, settings) -> None:
    framed = {name: policy(get(reader, name))["frame-ancestors"] for name in sorted(PRIVATE)}

    assert {name for name, hosts in framed.items() if hosts != "'none'"} == {"store:return"}
    assert framed["store:return"] == " ".join(["'self'", *settings.CSP_FRAME_HOSTS])


@pytest.mark.parametrize("code", ["fr", "en"])
def test_pages_are_the_same_bytes_for_everybody(reader: Client, code: str, settings) -> None:
    product = factories.product_page(code=code)
    pages = [
        factories.article(product, code=code),
        product,
        factories.journal(code),
        factories.shop_page(code),
        factories.home(code),
    ]
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())

    for page in pages:
        first, second = reader.get(page.url), owner.get(page.url)
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.content == second.content
        assert not first.cookies
        assert not second.cookies
        assert "Vary" not in first.headers
        assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert first.headers["Content-Security-Policy"] == build_policy(settings.SECURE_CSP)
        assert reader.get(page.url, headers={"if-none-match": first.headers["ETag"]}).status_code == 304


def test_pages_hold_no_token_no_inline_script_and_no_inline_style(reader: Client) -> None:
    page = factories.article(factories.product_page())
    html = reader.get(page.url).content.decode()

    for part in ("csrfmiddlewaretoken", "<style", " style=", " onclick=", "javascript:"):
        assert part not in html
    assert 'method="post"' not in html


def test_behind_the_counter_nothing_is_shown_to_strangers(reader: Client) -> None:
    shown = []
    for name, row in addresses.named(behind=True).items():
        if name in {"cms-login", "cms-password-reset"}:
            continue
        try:
            url = addresses.example(name, row)
        except Exception as error:  # noqa: BLE001 - an address that needs more than an example is named below
            shown.append(f"{name}: {error}")
            continue
        response = reader.get(url)
        if response.status_code == 200 or response.headers["Cache-Control"].startswith("public"):
            shown.append(f"{name} {url} {response.status_code}")

    assert sorted(row for row in shown if not row.startswith(HARMLESS)) == []


HARMLESS = (
    "wagtailadmin_javascript_catalog ", "wagtailadmin_login ", "wagtailadmin_sprite ", "wagtailimages_serve",
)  # fmt: skip


def test_the_editor_has_its_own_policy(db) -> None:
    client = Client()
    factories.open_shop()
    factories.sign_in_strongly(client, factories.owner())
    response = client.get("/cms/")

    assert response.status_code == 200
    assert policy(response)["script-src"] == "'self' 'unsafe-inline'"
    assert policy(response)["frame-ancestors"] == "'self'"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_media_is_kept_for_a_year(reader: Client) -> None:
    photo = factories.photo()
    response = reader.get(f"/media/{photo.file.name}")

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_wagtails_own_sign_in_is_nowhere(reader: Client) -> None:
    for address in ("/cms/login/", "/_util/login/", "/en/_util/login/"):
        response = reader.get(address)
        assert response.status_code == 302
        assert "/login/" in response.headers["Location"]
        assert "_util" not in response.headers["Location"]
