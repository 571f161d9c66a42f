"""The test cards, their ready-made names and the SEPA accounts, with what happens to each.

Numbers as in https://docs.stripe.com/testing.
"""

from dataclasses import dataclass

from sandbox.store import Body, new_id


@dataclass(frozen=True)
class Card:
    number: str
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    # Refusal: an error code, or a decline code of ``card_declined`` after a colon.
    refusal: str = ""
    challenge: bool = False
    # The bank asks each time, also where the card was kept after a challenge.
    always: bool = False
    # What becomes of money: "", "dispute", "refund_pending", "refund_fails".
    fate: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def code(self) -> str:
        return self.refusal.partition(":")[0]

    @property
    def decline_code(self) -> str:
        return self.refusal.partition(":")[2]


_DECLINED = "card_declined:"
CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("4000056655665556", funding="debit"),
        Card("5555555555554444", "mastercard"),
        Card("378282246310005", "amex"),
        Card("4000002500001001", "visa", "FR"),
        Card("4000000000000002", refusal=_DECLINED + "generic_decline"),
        Card("4000000000009995", refusal=_DECLINED + "insufficient_funds"),
        Card("4000000000009987", refusal=_DECLINED + "lost_card"),
        Card("4000000000009979", refusal=_DECLINED + "stolen_card"),
        Card("4000000000000069", refusal="expired_card"),
        Card("4000000000000127", refusal="incorrect_cvc"),
        Card("4000000000000119", refusal="processing_error"),
        Card("4000000000000341", refusal=_DECLINED + "generic_decline"),
        Card("4000002500003155", challenge=True),
        Card("4000002760003184", challenge=True, always=True),
        Card("4000000000003220", challenge=True),
        Card("4000008400001629", challenge=True, refusal=_DECLINED + "generic_decline"),
        Card("4000000000000259", fate="dispute"),
        Card("4000000000007726", fate="refund_pending"),
        Card("4000000000005126", fate="refund_fails"),
    )
}
NAMED = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_fr": "4000002500001001",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_threeDSecureRequired": "4000000000003220",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}
MESSAGES = {
    "card_declined": "Your card was declined.",
    "card_declined:insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
}
IBAN_FAILS = "AT321904300235473204"
IBANS = (
    "AT611904300234573201",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    IBAN_FAILS,
)


def message(card: Card) -> str:
    return MESSAGES.get(card.refusal) or MESSAGES[card.code]


def payment_method(card: Card, created: int, *, expires: tuple[int, int], wallet: bool) -> Body:
    """A PaymentMethod for a card; ``expires`` is month and year."""
    return _method(created, "card") | {
        "card": {
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "country": card.country,
            "display_brand": "american_express" if card.brand == "amex" else card.brand,
            "exp_month": expires[0],
            "exp_year": expires[1],
            "fingerprint": f"fp{card.number[-8:]}{card.brand[:4]}",
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": {"dynamic_last4": None, "google_pay": {}, "type": "google_pay"} if wallet else None,
        }
    }


def sepa_method(iban: str, created: int) -> Body:
    return _method(created, "sepa_debit") | {
        "sepa_debit": {
            "bank_code": iban[4:9],
            "branch_code": "",
            "country": iban[:2],
            "fingerprint": f"fp{iban[-10:]}",
            "generated_from": {"charge": None, "setup_attempt": None},
            "last4": iban[-4:],
        }
    }


def _method(created: int, kind: str) -> Body:
    return {
        "id": new_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
            "email": None,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "created": created,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
