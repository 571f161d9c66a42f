"""kill -9 at each step of a seat's life: the same thing again, and the worker, and nobody lost or doubled a seat."""

import signal
from contextlib import suppress
from typing import Any

import pytest

from events import admission, moving, waiting
from events.models import CheckIn, Event, WaitingEntry
from store import checkout, fulfilment, webhooks
from store.exceptions import REFUSALS
from store.models import MailSent, Offer, Order, Payment, Refund
from tests import factories
from tests.events.test_changing import asked
from tests.kills import seats
from tests.kills.test_kills import LEASE, drain, notice_of, run, work
from tests.rig.sound import breaches

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

BOOKED = ["seat held", "seat paid", "seat ordered", "seat making", "seat made"]
GIVEN_UP = ["seat ended", "seat offered on", "seat given up"]
TAKEN = ["offer taken", "offer claimed"]
HANDED = ["seat replaced", "seat handed on"]
OTHER_DATE = ["other date held", "seat replaced", "other date taken"]
PAID_DATE = ["settled", "seat replaced", "change done", "seat made"]
MOVED = ["guests told", "date moved"]
TOLD = ["guest mail before", "guest mail behind"]
CANCELLED = ["list closed", "event cancelled"]
CALLED_OFF = ["seats refunding", "seats called off", "refund called", "guest mail behind"]
SYNCED = ["guest let in", "guests synced"]
WALKED_IN = ["walk-in ordered", "seat made", "walk-in let in"]
GONE = (admission.TooLate, moving.CostsMore, waiting.OfferOver, *REFUSALS)


def killed(sandbox: Any, step: str, act: str, key: object) -> None:
    """It dies there; somebody asks for the same again; the worker does what is due. Every app's invariants hold."""
    assert run(sandbox, step, act, str(key)) == -signal.SIGKILL
    if act in seats.ACTS:
        with suppress(*GONE):
            seats.ACTS[act](str(key))
        drain()
    else:
        work()
    assert breaches() == []


def house(capacity: int = 2, **fields: Any) -> Event:
    """An event with a free place for nobody: each seat has an order of its own."""
    event = factories.event(capacity=capacity, **fields)
    offer = Offer.objects.get(pk=factories.ticket(event).offer_id)
    for number in range(capacity):
        order = factories.order(factories.basket(offer), email=f"sits{number}@example.org", name=f"S{number}")
        fulfilment.fulfil(order.pk)
    return event


def wait(event: Event, name: str, size: int = 1) -> WaitingEntry:
    address = f"{name}@example.org"
    return waiting.join(event, event.tickets.get(), size=size, name=name, email=address, locale="fr")


def sitting(event: Event) -> list[str]:
    """Addresses of who may come, each as often as they have a seat."""
    return sorted(event.seats.taken().values_list("email", flat=True))


def told(kind: str) -> int:
    return MailSent.objects.filter(key__contains=f":{kind}").count()


@pytest.mark.parametrize("step", BOOKED)
def test_killed_while_a_free_seat_is_taken(sandbox, step):
    event = factories.event(capacity=2)
    cart = factories.basket(Offer.objects.get(pk=factories.ticket(event).offer_id), quantity=2)
    killed(sandbox, step, "seat", cart.pk)
    assert sitting(event) == ["lea@example.org"] * 2
    assert Order.objects.count() == 1
    assert MailSent.objects.filter(key="receipt").count() == 1


@pytest.mark.parametrize("step", GIVEN_UP)
def test_killed_while_a_seat_is_given_up_and_offered_on(sandbox, step):
    event = house()
    first, second = wait(event, "ada"), wait(event, "bob")
    killed(sandbox, step, "give up", event.seats.order_by("pk")[0].pk)
    assert sitting(event) == ["sits1@example.org"]
    assert (told("given_up"), told("offered")) == (1, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.set_aside, first.told) == ("offered", 1, ["joined", "offered"])
    assert (second.state, second.set_aside) == ("waiting", 0)


@pytest.mark.parametrize("step", TAKEN)
def test_killed_while_an_offered_place_is_taken(sandbox, step):
    event = house()
    entry = wait(event, "ada")
    wait(event, "bob")
    admission.give_up(event.seats.order_by("pk")[0])
    killed(sandbox, step, "take", entry.pk)
    assert sitting(event) == ["ada@example.org", "sits1@example.org"]
    entry.refresh_from_db()
    assert (entry.state, entry.set_aside) == ("taken", 0)


@pytest.mark.parametrize("step", HANDED)
def test_killed_while_a_seat_is_handed_on(sandbox, step):
    event = house()
    killed(sandbox, step, "hand on", event.seats.order_by("pk")[0].pk)
    assert sitting(event) == ["nour@example.org", "sits1@example.org"]
    assert (told("received"), told("handed_on")) == (1, 1)


@pytest.mark.parametrize("step", OTHER_DATE)
def test_killed_while_a_seat_goes_to_another_date(sandbox, step):
    event, other = house(), factories.event(capacity=1, days=20)
    factories.ticket(other)
    entry = wait(event, "ada")
    killed(sandbox, step, "other date", event.seats.order_by("pk")[0].pk)
    assert (sitting(event), sitting(other)) == (["sits1@example.org"], ["sits0@example.org"])
    assert told("other_date") == 1
    entry.refresh_from_db()
    assert entry.state == "offered"


@pytest.mark.parametrize("step", PAID_DATE)
def test_killed_while_another_date_is_paid(sandbox, step):
    event, other = house(transfer_fee=500), factories.event(capacity=1, days=20)
    factories.ticket(other)
    wait(event, "ada")
    order = asked(event.seats.select_related("event__shop", "line__order").order_by("pk")[0])
    session = checkout.open_attempt(order.attempts.get()).session_id
    sandbox.outcome(session, "paid")
    work()
    webhooks.keep(notice_of(sandbox, session))
    killed(sandbox, step, "work", LEASE)
    assert (sitting(event), sitting(other)) == (["sits1@example.org"], ["sits0@example.org"])
    assert (told("other_date"), told("offered"), Payment.objects.count()) == (1, 0, 1)
    assert event.waiting.get().state == "offered"


@pytest.mark.parametrize("step", MOVED)
def test_killed_while_the_owner_moves_the_date(sandbox, step):
    event = house()
    killed(sandbox, step, "move", event.pk)
    event.refresh_from_db()
    assert (event.state, event.sequence) == ("moved", 1)
    assert told("moved") == 2


@pytest.mark.parametrize("step", TOLD)
def test_killed_while_guests_are_told(sandbox, step):
    event = house()
    work()
    seats.move(str(event.pk))
    killed(sandbox, step, "work", LEASE)
    assert told("moved:1") == 2


@pytest.mark.parametrize("step", CANCELLED)
def test_killed_while_the_owner_cancels(sandbox, step):
    event = house()
    entry = wait(event, "ada")
    killed(sandbox, step, "cancel", event.pk)
    assert sitting(event) == []
    assert told("called_off") == 2
    entry.refresh_from_db()
    assert (entry.state, entry.told) == ("left", ["joined", "called_off"])


@pytest.mark.parametrize("step", CALLED_OFF)
def test_killed_while_the_money_of_a_cancelled_event_goes_back(sandbox, step):
    event = factories.event(capacity=2)
    offer = Offer.objects.get(pk=factories.ticket(event, price=1200).offer_id)
    for name in ("ada", "bob"):
        factories.paid(sandbox, factories.basket(offer), email=f"{name}@example.org")
    work()
    seats.cancel(str(event.pk))
    killed(sandbox, step, "work", LEASE)
    assert sitting(event) == []
    assert told("called_off") == 2
    assert list(Refund.objects.values_list("amount", "state")) == [(1200, "succeeded")] * 2
    assert [row["amount"] for row in sandbox.api("/v1/refunds?limit=100")["data"]] == [1200, 1200]


@pytest.mark.parametrize("step", SYNCED)
def test_killed_while_a_phone_tells_who_came(sandbox, step):
    event = house()
    killed(sandbox, step, "sync", event.pk)
    came = CheckIn.objects.filter(undone_at=None).values_list("seat", flat=True)
    assert sorted(came) == sorted(event.seats.values_list("pk", flat=True))


@pytest.mark.parametrize("step", WALKED_IN)
def test_killed_while_somebody_walks_in(sandbox, step):
    event = factories.event(capacity=2)
    factories.ticket(event)
    killed(sandbox, step, "walk in", event.pk)
    assert sitting(event) == ["nour@example.org"]
    assert CheckIn.objects.get().seat.email == "nour@example.org"
