"""The account itself and the domains that may show wallets."""

from sandbox import listing
from sandbox.call import Call, asked
from sandbox.errors import StripeError
from sandbox.store import Body, Record, db, new_id

ACCOUNT_ID = "acct_1ComptoirSandbox"
WALLETS = ("amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal")


def retrieve(call: Call) -> Body:
    del call
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_type": "individual",
        "capabilities": {"card_payments": "active", "sepa_debit_payments": "active"},
        "charges_enabled": True,
        "country": "FR",
        "created": 1_700_000_000,
        "default_currency": "eur",
        "details_submitted": True,
        "email": "atelier@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "dashboard": {"display_name": "Comptoir", "timezone": "Europe/Paris"},
            "payments": {
                "statement_descriptor": "COMPTOIR",
                "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None,
            },
        },
        "type": "standard",
    }


def retrieve_one(call: Call) -> Body:
    check(call.ids["account"])
    return retrieve(call)


def check(account: str) -> None:
    """Refuses any account but our own, in an address or in the ``Stripe-Account`` header."""
    if account != ACCOUNT_ID:
        raise StripeError(
            f"The provided key does not have access to account '{account}' (or that account does not "
            "exist). Application access may have been revoked.",
            code="account_invalid",
            status=403,
        )


def create_domain(call: Call) -> Body:
    name = call.params["domain_name"]
    if "/" in name or ":" in name or " " in name:
        raise StripeError(f"Invalid domain name: {name}", param="domain_name")
    for known in db.select("payment_method_domain", "AND json_extract(body, '$.domain_name') = ?", (name,)):
        return _update(known, call)
    body: Body = {
        "id": new_id("pmd_1"),
        "object": "payment_method_domain",
        "created": db.now(),
        "domain_name": name,
        "enabled": call.params.get("enabled", True),
        "livemode": False,
    }
    return db.add(body | {wallet: {"status": "active"} for wallet in WALLETS}).body


def retrieve_domain(call: Call) -> Body:
    return asked(call, "payment_method_domain").body


def update_domain(call: Call) -> Body:
    return _update(asked(call, "payment_method_domain"), call)


def _update(record: Record, call: Call) -> Body:
    record.body |= call.given("enabled")
    db.save(record)
    return record.body


def list_domains(call: Call) -> Body:
    filters = {"domain_name": "$.domain_name", "enabled": "$.enabled"}
    return listing.answer(call, "payment_method_domain", filters)
