"""A child that does one part of a purchase with the shop's own code and is killed (SIGKILL) at a named step.

`python -m tests.kills.dying STEP PART ARGUMENT`; the test hands its database and stand-in over by the environment.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import django

from tests.kills import seats


def die(*_args: Any, **_kwargs: Any) -> None:
    """No clean-up, no rollback by us: as when the power goes."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, and death once it has returned."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        die()

    return wrapped


def step_patch(step: str) -> Any:
    """What to replace so that the process dies there; unknown steps are an error."""
    from store import claims, fulfilment, gateway, mail, orders, refunds, renewals, stock, subscriptions, webhooks

    before, behind = "before", "after"
    places: dict[str, tuple[Any, str, str]] = {
        "placing": (stock, "hold", behind),
        "committed": (gateway, "open_session", before),
        "session opened": (gateway, "open_session", behind),
        "notice storing": (webhooks, "redacted", behind),
        "notice stored": (webhooks, "keep", behind),
        "settling": (orders, "_after_payment", before),
        "units kept": (stock, "keep", behind),
        "settled": (orders, "settle", behind),
        "fulfilling": (fulfilment, "pack", behind),
        "fulfilled": (fulfilment, "fulfil", behind),
        "mail before": (mail, "to_buyer", before),
        "mail behind": (mail, "to_buyer", behind),
        "mail claimed": (claims, "take", behind),
        "mail taken": (mail, "_send", behind),
        "refund before": (gateway, "create_refund", before),
        "refund called": (gateway, "create_refund", behind),
        "refund applied": (refunds, "_apply", behind),
        "subscribed": (subscriptions, "begin", behind),
        "end asked": (gateway, "change_subscription", before),
        "end called": (gateway, "change_subscription", behind),
        "renewal placing": (renewals, "_line", behind),
        "renewed": (renewals, "record", behind),
        **seats.places(),
    }
    owner, name, when = places[step]
    return mock.patch.object(owner, name, die if when == before else after(getattr(owner, name)))


def part(name: str, argument: str) -> None:
    """The part of the purchase to do."""
    from store import checkout, reconciling, refunds, renewals, subscriptions
    from store.models import Cart, Subscription
    from tests import factories

    if name == "order":
        order = factories.order(Cart.objects.get(pk=argument))
        checkout.open_attempt(order.attempts.get())
    elif name == "notice":
        from django.test import Client

        from tests.rig.standin import Standin, signed

        event = Standin.__new__(Standin)
        event.base = os.environ["KILL_STRIPE"]
        notice = next(
            row for row in event.notices("checkout.session.completed") if row["data"]["object"]["id"] == argument
        )
        body, signature = signed(notice)
        Client().post(
            "/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
        )
    elif name == "work":
        from django.core.management import call_command

        call_command("ox_worker", batch=True, interval=0.1, lock_timeout=float(argument))
    elif name == "refund":
        refunds.send(int(argument))
    elif name == "wish":
        subscriptions.send(int(argument))
    elif name in seats.ACTS:
        seats.ACTS[name](argument)
    elif name == "renewal":
        renewals.bring(Subscription.objects.get(pk=argument))
    else:
        reconciling.run(everything=True)


def main() -> None:
    """Set up as the test did, then do the part and die."""
    step, name, argument = sys.argv[1:4]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.conf import settings
    from django.db import connections

    connections["default"].settings_dict["NAME"] = os.environ["KILL_DATABASE"]
    settings.STRIPE_API_BASE = os.environ["KILL_STRIPE"]
    if step == "-":
        part(name, argument)
        return
    with step_patch(step):
        part(name, argument)


if __name__ == "__main__":
    main()
