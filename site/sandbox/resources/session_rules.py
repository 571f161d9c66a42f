"""The rules of checkout sessions that stand in Stripe's prose and not in its description."""

from urllib.parse import urlsplit

from sandbox import money
from sandbox.errors import StripeError, exclusive, missing
from sandbox.store import Body, db

MOST_LINES, MOST_SUBSCRIPTION_LINES, MOST_FIELDS, MOST_RATES = 100, 20, 3, 5
SOONEST, LATEST = 30 * 60, 24 * 3600
ABSENT = (
    "after_expiration[recovery][enabled]",
    "automatic_tax[enabled]",
    "invoice_creation[enabled]",
    "managed_payments[enabled]",
    "optional_items",
)
# Params that make sense in one mode only.
ONLY_PAYMENT = ("payment_intent_data", "shipping_options", "invoice_creation", "customer_creation")
ONLY_SUBSCRIPTION = ("subscription_data",)


def check(sent: Body) -> None:
    """Everything that can be said of the params alone."""
    if "mode" not in sent:
        raise missing("mode")
    if sent["mode"] == "setup":
        raise StripeError("The stand-in has no sessions in `setup` mode.", param="mode")
    if sent.get("ui_mode") == "form":
        raise StripeError("The `form` UI mode is in beta and needs access.", param="ui_mode")
    _check_absent(sent)
    _check_mode(sent)
    _check_addresses(sent)
    _check_customer(sent)
    _check_time(sent)
    _check_limits(sent)
    _check_discounts(sent)
    if not sent.get("line_items"):
        raise missing("line_items")


def _check_absent(sent: Body) -> None:
    """What the stand-in does not have is refused, never silently ignored."""
    for param in ABSENT:
        node: object = sent
        for step in param.replace("]", "").split("["):
            node = node.get(step) if isinstance(node, dict) else None
        if node:
            raise StripeError(f"The stand-in has no {param}.", param=param)


def _check_mode(sent: Body) -> None:
    mode = sent["mode"]
    refused = ONLY_SUBSCRIPTION if mode == "payment" else ONLY_PAYMENT
    for name in refused:
        if name in sent:
            raise StripeError(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if mode == "subscription" and "submit_type" in sent and sent["submit_type"] != "subscribe":
        raise StripeError("`submit_type` can only be `subscribe` in `subscription` mode.", param="submit_type")
    if mode == "payment" and "payment_method_collection" in sent:
        raise StripeError(
            "`payment_method_collection` can only be set in `subscription` mode.",
            param="payment_method_collection",
        )


def _check_addresses(sent: Body) -> None:
    ui_mode = sent.get("ui_mode", "hosted_page")
    if ui_mode == "hosted_page":
        for name in ("return_url", "redirect_on_completion"):
            if name in sent:
                raise StripeError(
                    f"`{name}` can only be used with `ui_mode: embedded_page` or `elements`.",
                    param=name,
                )
        if "success_url" not in sent:
            raise missing("success_url")
    else:
        _check_embedded(sent, ui_mode)
    for name in ("success_url", "cancel_url", "return_url"):
        if name in sent:
            _check_url(sent[name], name)


def _check_embedded(sent: Body, ui_mode: str) -> None:
    for name in ("success_url", "cancel_url"):
        if name in sent:
            raise StripeError(f"You cannot pass `{name}` when `ui_mode` is `{ui_mode}`.", param=name)
    never = sent.get("redirect_on_completion") == "never"
    if never and "return_url" in sent:
        raise StripeError(
            "`return_url` cannot be set when `redirect_on_completion` is `never`.",
            param="return_url",
        )
    if not never and "return_url" not in sent:
        raise missing("return_url")


def _check_url(url: str, param: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise StripeError("Not a valid URL", code="url_invalid", param=param)


def _check_customer(sent: Body) -> None:
    if "customer" in sent and "customer_email" in sent:
        raise exclusive("customer", "customer_email")
    if "customer" in sent and "customer_creation" in sent:
        raise exclusive("customer", "customer_creation")
    if "customer_update" in sent and "customer" not in sent:
        raise StripeError("`customer_update` can only be used with `customer`.", param="customer_update")
    email = sent.get("customer_email")
    if email and ("@" not in email or " " in email):
        raise StripeError(f"Invalid email address: {email}", code="email_invalid", param="customer_email")
    if len(sent.get("client_reference_id", "")) > 200:
        raise StripeError("`client_reference_id` can be up to 200 characters.", param="client_reference_id")


def _check_time(sent: Body) -> None:
    if "expires_at" not in sent:
        return
    ahead = sent["expires_at"] - db.now()
    if ahead < SOONEST:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if ahead > LATEST:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )


def _check_limits(sent: Body) -> None:
    fields = sent.get("custom_fields", [])
    if len(fields) > MOST_FIELDS:
        raise StripeError(f"`custom_fields` can have up to {MOST_FIELDS} entries.", param="custom_fields")
    for index, one in enumerate(fields):
        if one["type"] == "dropdown" and "dropdown" not in one:
            raise missing(f"custom_fields[{index}][dropdown]")
    if len(sent.get("shipping_options", [])) > MOST_RATES:
        raise StripeError(f"`shipping_options` can have up to {MOST_RATES} entries.", param="shipping_options")
    if sent.get("excluded_payment_method_types") and "allowed_payment_method_types" in sent:
        raise exclusive("allowed_payment_method_types", "excluded_payment_method_types")


def _check_discounts(sent: Body) -> None:
    if "discounts" not in sent:
        return
    if "allow_promotion_codes" in sent:
        raise exclusive("allow_promotion_codes", "discounts")
    if len(sent["discounts"]) > 1:
        raise StripeError("You can pass at most one discount.", param="discounts")


def check_lines(lines: list[Body], mode: str) -> str:
    """The one currency of all lines; each has its ``price`` object and ``quantity``."""
    if len(lines) > MOST_LINES:
        raise StripeError(f"You may only specify up to {MOST_LINES} line items.", param="line_items")
    recurring = [line for line in lines if line["price"]["type"] == "recurring"]
    if mode == "payment" and recurring:
        raise StripeError(
            "You specified `payment` mode but passed a recurring price. Either switch to "
            "`subscription` mode or use only one-time prices.",
            param="line_items",
        )
    if mode == "subscription":
        _check_recurring(lines, recurring)
    currencies = {line["price"]["currency"] for line in lines}
    if len(currencies) > 1:
        raise StripeError(
            f"The line items must all use the same currency. You passed {' and '.join(sorted(currencies))}.",
            param="line_items",
        )
    return str(currencies.pop())


def _check_recurring(lines: list[Body], recurring: list[Body]) -> None:
    if not recurring:
        raise StripeError(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
            param="line_items",
        )
    if max(len(recurring), len(lines) - len(recurring)) > MOST_SUBSCRIPTION_LINES:
        raise StripeError(
            "You may specify up to 20 recurring and 20 one-time prices in `subscription` mode.",
            param="line_items",
        )
    rhythms = {
        (one["price"]["recurring"]["interval"], one["price"]["recurring"]["interval_count"]) for one in recurring
    }
    if len(rhythms) > 1:
        raise StripeError("All recurring prices of a session must have the same interval.", param="line_items")


def check_total(total: int, currency: str) -> None:
    """Nothing to pay is allowed, a few cents are not."""
    least = money.smallest(currency)
    if 0 < total < least:
        raise StripeError(
            "The Checkout Session's total amount due must add up to at least "
            f"{money.words(least, currency)} {currency}",
            code="amount_too_small",
        )
    if total > money.LARGEST:
        raise StripeError(
            f"The Checkout Session's total amount due must be no more than {money.words(money.LARGEST, currency)}",
            code="amount_too_large",
        )
