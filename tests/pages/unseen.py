"""What the walk leaves out, with the reason: every other address and template must be looked at."""

WORDS = "text or data, no page"
POST = "takes a form and leads to a page that is looked at"
FILE = "a file"
LEADS = "leads to another page"
PART = "a part of a list that is looked at as a whole; Wagtail's script asks for it"
ADDRESSES = {
    "health": WORDS, "robots": WORDS, "sitemap-index": WORDS, "sitemap": WORDS, "security-txt": WORDS, "live": WORDS,
    "me": WORDS, "webhook": WORDS, "feed-rss": WORDS, "feed-atom": WORDS, "feed-rss-section": WORDS, "feed-atom-section": WORDS,
    "media": FILE, "favicon": FILE, "favicon-ico": FILE, "wagtaildocs_serve": FILE, "demo-enclosure": FILE, "store:order-document": FILE,
    "store:withdraw-form": FILE, "mfa_download_recovery_codes": FILE, "owner:terms_file": FILE,
    "change-password": LEADS, "page-login": LEADS, "wagtailcore_login": LEADS, "cms-login": LEADS,
    "events:calendar": WORDS, "events:chairs": PART, "events:calendar-mine": WORDS, "events:calendar-new-key": POST, "events:door-roster": WORDS,
    "events:door-sync": WORDS, "events:door-walk-in": WORDS, "events:door-worker": WORDS, "events:seat-worker": WORDS, "account-export": FILE,
    "members:end-session": POST, "members:mails": POST, "members:card-image": FILE,
    "members:act": POST, "members:saved": WORDS, "members:portrait": FILE, "mfa_login_webauthn": WORDS,
    "mfa_edit_webauthn": "a form of one field, after a passkey was made: no browser here holds one",
    "mfa_remove_webauthn": "the same", "mfa_reauthenticate_webauthn": "the same",
    "club:people_results": PART, "club:plan_add": POST, "club:plan_end": POST, "club:show_out": POST,
    "demo-enter": POST, "demo-last-one": POST, "demo-start-over": POST, "account-language": POST,
    "store:change": POST, "store:hosted": POST, "store:abandon": POST, "store:subscription": POST,
    "owner:deliver": POST, "owner:make_parcel": POST, "owner:note": POST, "owner:note_read": POST, "owner:receipt": POST,
    "owner:ship": POST, "owner:split": POST, "owner:buyer": POST, "owner:troubles_act": POST, "products:variants": POST, "products:state": POST,
    "owner:orders_results": PART, "owner:subscriptions_results": PART, "owner:stock_results": PART, "products:index_results": PART,
    "product_chooser:choose_results": PART, "product_chooser:chosen": WORDS, "product_chooser:chosen_multiple": WORDS,
    "product_chooser:create": "answers with data; the form that it takes is looked at",
    "wagtaildocs_authenticate_with_password": "Wagtail's page for restricted files, which the shop does not offer",
    "wagtailcore_authenticate_with_password": "Wagtail's page for restricted pages, which the shop does not offer",
    "cms-password-reset": "always 404: Wagtail's own way to a password is shut",
    "product_chooser:choose": "answers with data; what it holds is looked at inside the editor",
    "demo-letter-html": "a mail, laid out for mail readers; its page shows it in a frame",
    "events:seat-calendar": FILE, "events:booking-calendar": FILE,
    "meetings:events_results": PART, "meetings:roster_results": PART, "meetings:waiting_results": PART, "meetings:appointments_results": PART,
    "meetings:places": POST, "meetings:add_ticket": POST, "meetings:price": POST,
    "wagtail_serve": "each type of page stands under a name of its own here",
}  # fmt: skip
OF_DOCUMENT = "a part of a document that is printed or mailed"
TEMPLATES = {
    "account/confirm_password_reset_code.html": "passwords are reset by a link, not by a code",
    "components/blocks/reserved.html": "the cut in a text shows nothing",
    "home/data.html": "a file in the archive of one's own data",
    "mfa/webauthn/edit_form.html": "after a passkey was made: no browser here holds one",
    "mfa/webauthn/authenticator_confirm_delete.html": "the same", "mfa/webauthn/reauthenticate.html": "the same",
    "account/verification_sent.html": "addresses are confirmed by a code, not by a link",
    "allauth/layouts/base.html": "under pages of allauth that we have no template for; no address leads there",
    "blog/feed_item.html": "an article in the feeds",
    "store/legal/withdrawal_form.fr.html": OF_DOCUMENT, "store/legal/withdrawal_form.en.html": OF_DOCUMENT,
}  # fmt: skip
