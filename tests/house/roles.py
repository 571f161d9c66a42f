"""What each role is answered at each address: to look (GET), then to act with an empty form (POST)."""

from django.http import HttpResponse


def letter(response: HttpResponse) -> str:
    """o: opens, l: asked to sign in, g: goes elsewhere, n: not there, f: refused, m: not that way, u: unclear, x: gone."""
    if response.status_code in {301, 302, 303}:
        return "l" if "next=" in response.headers["Location"] else "g"
    return {200: "o", 304: "o", 403: "f", 404: "n", 405: "m", 400: "u", 422: "u", 410: "x"}[response.status_code]


FRONT = {
    "account": "ll ll oo oo oo oo oo",
    "account-language": "ml ml mg mg mg mg mg",
    "account_change_password": "ll ll oo oo oo oo oo",
    "account_confirm_login_code": "gg gg gg gg gg gg gg",
    "account_email": "ll ll og og og og og",
    "account_email_verification_sent": "gg gg gg gg gg gg gg",
    "account_inactive": "om om om om om om om",
    "account_login": "oo oo gg gg gg gg gg",
    "account_logout": "gg gg og og og og og",
    "account_reauthenticate": "ll ll oo oo oo oo oo",
    "account_request_login_code": "oo oo gg gg gg gg gg",
    "account_reset_password": "oo oo oo oo oo oo oo",
    "account_reset_password_done": "om om om om om om om",
    "account_reset_password_from_key": "oo oo oo oo oo oo oo",
    "account_reset_password_from_key_done": "om om om om om om om",
    "account_set_password": "ll ll gg gg gg gg gg",
    "account_signup": "oo oo gg gg gg gg gg",
    "change-password": "gg gg gg gg gg gg gg",
    "demo-enclosure": "nm nm nm nm nm nm nm",
    "demo-enter": "mn mn mn mn mn mn mn",
    "demo-last-one": "mg mg mg mg mg mg mg",
    "demo-letter": "nm nm nm nm nm nm nm",
    "demo-letter-html": "nm nm nm nm nm nm nm",
    "demo-mailbox": "om om om om om om om",
    "demo-start-over": "mg mg mg mg mg mg mg",
    "demo-strip": "om om om om om om om",
    "favicon": "om om om om om om om",
    "favicon-ico": "om om om om om om om",
    "feed-atom": "oo oo oo oo oo oo oo",
    "feed-atom-section": "nn nn nn nn nn nn nn",
    "feed-rss": "oo oo oo oo oo oo oo",
    "feed-rss-section": "nn nn nn nn nn nn nn",
    "health": "om om om om om om om",
    "live": "om om om om om om om",
    "me": "om om om om om om om",
    "media": "nn nn nn nn nn nn nn",
    "mfa_activate_totp": "ll ll ll ll ll ll ll",
    "mfa_authenticate": "gg gg gg gg gg gg gg",
    "mfa_deactivate_totp": "ll ll nn nn nn ll ll",
    "mfa_download_recovery_codes": "ll ll nn nn nn nn nn",
    "mfa_generate_recovery_codes": "ll ll ll ll ll ll ll",
    "mfa_index": "ll ll om om om om om",
    "mfa_reauthenticate": "ll ll gg gg gg oo oo",
    "mfa_view_recovery_codes": "ll ll nm nm nm nm nm",
    "page-login": "gg gg gg gg gg gg gg",
    "robots": "om om om om om om om",
    "security-txt": "om om om om om om om",
    "sitemap": "oo oo oo oo oo oo oo",
    "sitemap-index": "oo oo oo oo oo oo oo",
    "store:abandon": "mn mn mg mn mn mn mn",
    "store:add": "xx xx xx xx xx xx xx",
    "store:buy": "xx xx xx xx xx xx xx",
    "store:cart": "om om om om om om om",
    "store:change": "mg mg mg mg mg mg mg",
    "store:checkout": "gg gg gg gg gg gg gg",
    "store:find-order": "oo oo oo oo oo oo oo",
    "store:hosted": "mn mn mg mn mn mn mn",
    "store:legal": "om om om om om om om",
    "store:order": "om om om om om om om",
    "store:order-document": "nm nm nm nm nm nm nm",
    "store:privacy": "om om om om om om om",
    "store:resume": "og og og og og og og",
    "store:return": "nm nm nm nm nm nm nm",
    "store:status": "nm nm om nm nm nm nm",
    "store:terms": "om om om om om om om",
    "store:terms-version": "om om om om om om om",
    "store:thanks": "nm nm om nm nm nm nm",
    "store:withdraw": "ou ou ou ou ou ou ou",
    "store:withdraw-form": "om om om om om om om",
    "style-guide": "oo oo oo oo oo oo oo",
    "wagtail_serve": "oo oo oo oo oo oo oo",
    "wagtailcore_authenticate_with_password": "nn nn nn nn nn nn nn",
    "wagtailcore_login": "gg gg gg gg gg gg gg",
    "wagtaildocs_authenticate_with_password": "nn nn nn nn nn nn nn",
    "wagtaildocs_serve": "nn nn nn nn nn nn nn",
    "webhook": "mu mu mu mu mu mu mu",
}

# Behind /cms/: furniture of Wagtail's that says nothing, and what raises on purpose.
OPEN_BEHIND = {
    "wagtailadmin_javascript_catalog", "wagtailadmin_sprite", "wagtailadmin_login", "wagtailadmin_logout",
    "wagtailadmin_error_test", "wagtailimages_serve", "cms-login", "cms-password-reset",
}  # fmt: skip
OWNERS = ("owner:", "products:", "wagtailusers_", "wagtailsites:")
"""What only who keeps the shop may open: orders, money, people."""
