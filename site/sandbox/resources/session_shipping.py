"""The ways of delivery that a session offers, and which of them is chosen."""

from sandbox.call import referred
from sandbox.errors import StripeError, exclusive, missing
from sandbox.resources import rates
from sandbox.store import Body, Record


def offer(record: Record, sent: list[Body] | None) -> None:
    """The shipping options; the first is chosen until the buyer chooses another."""
    chosen = []
    for index, option in enumerate(sent or ()):
        param = f"shipping_options[{index}]"
        rate = _shipping_rate(option, param)
        if rate.body["fixed_amount"]["currency"] != record.body["currency"]:
            raise StripeError("The shipping rate's currency is not the session's.", param=param)
        amount = rate.body["fixed_amount"]["amount"]
        chosen.append({"shipping_amount": amount, "shipping_rate": rate.id})
    record.body["shipping_options"] = chosen
    choose(record, 0)


def _shipping_rate(option: Body, param: str) -> Record:
    if "shipping_rate" in option and "shipping_rate_data" in option:
        raise exclusive(f"{param}[shipping_rate]", f"{param}[shipping_rate_data]")
    if "shipping_rate_data" in option:
        return rates.make_shipping_rate(option["shipping_rate_data"], f"{param}[shipping_rate_data]")
    if "shipping_rate" not in option:
        raise missing(f"{param}[shipping_rate]")
    rate = referred("shipping_rate", option["shipping_rate"], f"{param}[shipping_rate]")
    if not rate.body["active"]:
        raise StripeError(f"The shipping rate {rate.id} is not active.", param=f"{param}[shipping_rate]")
    return rate


def choose(record: Record, index: int) -> None:
    rates_offered = record.body["shipping_options"]
    if not 0 <= index < len(rates_offered):
        record.body["shipping_cost"] = None
        return
    amount = rates_offered[index]["shipping_amount"]
    record.body["shipping_cost"] = {
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "shipping_rate": rates_offered[index]["shipping_rate"],
    }
