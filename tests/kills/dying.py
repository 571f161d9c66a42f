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

from tests.kills import club, hours, seats


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
        "stop asked": (gateway, "end_subscription", before),
        "stop called": (gateway, "end_subscription", behind),
        "late noted": (renewals, "failed", behind),
        "disputed": (webhooks, "_call_once", behind),
        "dispute stopping": (webhooks, "_stop", behind),
        "dispute handled": (webhooks, "dispute", behind),
        "renewal placing": (renewals, "_line", behind),
        "renewed": (renewals, "record", behind),
        **seats.places(),
        **hours.places(),
        **club.places(),
    }
    owner, name, when = places[step]
    return mock.patch.object(owner, name, die if when == before else after(getattr(owner, name)))


def order(cart: str) -> None:
    """Place the order of a basket and open its session."""
    from store import checkout
    from store.models import Cart
    from tests import factories

    placed = factories.order(Cart.objects.get(pk=cart))
    checkout.open_attempt(placed.attempts.get())


def notice(session: str) -> None:
    """Take in Stripe's word that a session was paid."""
    from django.test import Client

    from tests.rig.standin import Standin, signed

    event = Standin.__new__(Standin)
    event.base = os.environ["KILL_STRIPE"]
    found = next(row for row in event.notices("checkout.session.completed") if row["data"]["object"]["id"] == session)
    body, signature = signed(found)
    Client().post("/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature})


def part(name: str, argument: str) -> None:
    """The part of the purchase to do."""
    from django.core.management import call_command

    from store import reconciling, refunds, renewals, subscriptions, webhooks
    from store.models import Subscription

    acts: dict[str, Callable[[str], Any]] = {
        "order": order,
        "notice": notice,
        "work": lambda lease: call_command("ox_worker", batch=True, interval=0.1, lock_timeout=float(lease)),
        "refund": lambda pk: refunds.send(int(pk)),
        "wish": lambda pk: subscriptions.send(int(pk)),
        "renewal": lambda pk: renewals.bring(Subscription.objects.get(pk=pk)),
        "invoice": webhooks.invoice,
        "dispute": webhooks.dispute,
        "reconcile": lambda _none: reconciling.run(everything=True),
        **seats.ACTS,
        **hours.ACTS,
        **club.ACTS,
    }
    acts[name](argument)


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
