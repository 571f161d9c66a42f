"""Another date that costs something: both places held until it is paid, done once, or the money goes back."""

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events import admission, changing, hosting, moving, verify
from events.models import DateChange, Event, Seat, Ticket
from events.moving import OtherDate
from events.views.words import rule as rule_of
from store import cart as carts
from store import checkout, fulfilment, orders, pricing, reconciling, wants
from store.exceptions import CannotBeSold
from store.models import Cart, Offer, Order, OrderLine, Refund
from tests import factories
from tests.events.test_admission import free, left
from tests.events.test_waiting import wait
from tests.store.sellable_contract import SellableContract

pytestmark = pytest.mark.django_db


def two(*, fee: int = 500, price: int = 0, **other: Any) -> tuple[Event, Event]:
    """An event with a fee for leaving it, and another date."""
    event, later = factories.event(transfer_fee=fee), factories.event(days=20, capacity=2)
    factories.ticket(event)
    factories.ticket(later, price=price)
    return event, later


def seated(event: Event) -> Seat:
    free(event.tickets.get(), 1, email="lea@example.org")
    return Seat.objects.select_related("event__shop", "line__order").get(event=event)


def asked(seat: Seat, to: OtherDate | None = None) -> Order:
    """The change, ordered and waiting for its payment."""
    to = to or moving.dates_for(seat)[0]
    wish = changing.wish(changing.ask(seat, to), to)
    cart = Cart.objects.create(shop=seat.event.shop, is_direct=True)
    carts.add(cart, wish.offer, 1, details=wish.details)
    return factories.order(cart, email="lea@example.org")


def paid(sandbox: Any, order: Order) -> None:
    attempt = order.attempts.get()
    sandbox.outcome(checkout.open_attempt(attempt).session_id, "paid")
    reconciling.attempt(attempt.pk, by="test")


def broken() -> list[str]:
    return [check.name for check in verify.checks() if check.breaches]


class TestDateChange(SellableContract):
    def offer(self) -> Offer:
        event, _later = two()
        self.seat = seated(event)
        return changing.ask(self.seat, moving.dates_for(self.seat)[0]).offer

    def details(self) -> dict[str, Any]:
        return {"seat": self.seat.token, "difference": 0}

    def given(self, line: OrderLine) -> int:
        return DateChange.objects.filter(line=line, line__refunded_quantity=0).count()


def test_each_date_says_what_it_costs_and_never_gives_a_difference_back():
    event, _later = two(fee=500, price=1200)
    seat = seated(event)
    (only,) = moving.dates_for(seat)
    assert (only.fee, only.difference, only.due) == (500, 1200, 1700)
    seat.difference = 2000
    assert moving.dates_for(seat)[0].due == 500
    with pytest.raises(moving.CostsMore):
        moving.to_date(seat, only.ticket)


def test_full_dates_and_those_others_wait_for_are_not_offered():
    event, later = two()
    seat = seated(event)
    free(later.tickets.get(), 2, email="b@example.org")
    assert moving.dates_for(seat) == []
    wait(later, "ada", 1)
    admission.give_up(Seat.objects.filter(event=later)[0])
    assert moving.dates_for(seat) == []


def test_both_places_are_held_until_it_is_paid(sandbox, work):
    event, later = two()
    seat = seated(event)
    order = asked(seat)
    assert (order.total, left(event), left(later)) == (500, 9, 1)
    assert Seat.objects.get().is_valid
    paid(sandbox, order)
    work()
    made = Seat.objects.taken().get()
    assert (made.event, made.replaces, made.number) == (later, seat, 2)
    assert (left(event), left(later)) == (10, 1)
    assert broken() == []
    (told,) = [row for row in mail.outbox if "Autre date" in row.subject or "nouvelle date" in row.subject.lower()]
    files = {file.filename.endswith("-x.ics"): file.content for file in told.attachments}
    assert (str(event.uid) in files[True], str(later.uid) in files[False]) == (True, True)
    assert ("METHOD:CANCEL" in files[True], "SEQUENCE:1" in files[True]) == (True, True)
    fulfilment.fulfil(order.pk)
    assert Seat.objects.taken().get() == made


def test_not_paid_in_time_changes_nothing(sandbox, work):
    event, later = two()
    seat = seated(event)
    order = asked(seat)
    sandbox.outcome(checkout.open_attempt(order.attempts.get()).session_id, "expire")
    orders.settle(order.attempts.get().session_id)
    work()
    order.refresh_from_db()
    assert order.state == Order.State.LAPSED
    assert Seat.objects.taken().get() == seat
    assert (left(event), left(later)) == (9, 2)
    assert asked(seat).total == 500


def test_a_place_that_was_not_paid_goes_to_who_waits(sandbox):
    event, later = two()
    order = asked(seated(event))
    free(later.tickets.get(), 1, email="b@example.org")
    entry = wait(later, "ada")
    checkout.open_attempt(order.attempts.get())
    checkout.abandon(order)
    entry.refresh_from_db()
    assert entry.state == "offered"


@pytest.mark.parametrize("gone", ["given up", "other event cancelled"])
def test_paid_in_vain_goes_back(sandbox, work, gone):
    event, later = two()
    seat = seated(event)
    order = asked(seat)
    if gone == "given up":
        admission.give_up(seat)
    else:
        hosting.cancel(later)
    paid(sandbox, order)
    work()
    order.refresh_from_db()
    assert order.state == Order.State.REFUNDED
    assert Refund.objects.get().amount == 500
    assert left(later) == 2
    assert Seat.objects.taken().count() == (0 if gone == "given up" else 1)
    assert broken() == []


@pytest.mark.parametrize(("by_owner", "back"), [(True, 1700), (False, 1200)])
def test_the_fee_comes_back_where_the_owner_cancels_the_dearer_price_always(sandbox, work, by_owner, back):
    event, later = two(price=1200)
    order = asked(seated(event))
    paid(sandbox, order)
    work()
    made = Seat.objects.taken().select_related("event", "line__order").get()
    if by_owner:
        hosting.cancel(later)
    else:
        admission.give_up(made)
    work()
    work()
    assert Refund.objects.get().amount == back
    order.refresh_from_db()
    assert order.refunded == back
    changing.give_back(made.pk, whole=by_owner)
    assert Refund.objects.count() == 1
    assert broken() == []


def test_nobody_else_can_order_it():
    event, _later = two()
    seat = seated(event)
    change = changing.ask(seat, moving.dates_for(seat)[0])
    assert changing.ask(seat, moving.dates_for(seat)[0]) == change
    with pytest.raises(CannotBeSold):
        carts.add(Cart.objects.create(shop=event.shop), change.offer, 1, details={"seat": "guessed"})
    with pytest.raises(CannotBeSold):
        checkout.draft(event.shop, wants.keyed([wants.Wish(change.offer, 1)]), country="FR")


def test_pages_show_the_price_and_lead_to_the_recap(client):
    event, later = two(price=1000)
    factories.event_page(event)
    seat = seated(event)
    url = f"/place/{seat.token}/autre-date/"
    assert "15,00" in client.get(url).content.decode()
    ticket = Ticket.objects.get(event=later)
    answer = client.post(url, {"ticket": ticket.pk})
    assert answer["Location"] == f"{url}{ticket.pk}/"
    recap = client.get(answer["Location"]).content.decode()
    assert "data-counter-form" in recap
    assert 'name="total" value="1500"' in recap
    assert client.post(url, {"ticket": "0"}).status_code == 422
    hosting.cancel(later)
    assert client.get(f"{url}{ticket.pk}/").status_code == 302


def test_a_price_that_rose_since_it_was_asked_is_the_one_that_is_paid(client):
    event, later = two(fee=500, price=1200)
    seat = seated(event)
    changing.ask(seat, moving.dates_for(seat)[0])
    ticket = later.tickets.get()
    pricing.set_price(ticket.offer, 3000)
    client.get(reverse("events:other-date-pay", args=[seat.token, ticket.pk]))
    assert pricing.quote(DateChange.objects.get().offer).unit == 3500


def test_nobody_gets_more_back_than_another_date_cost():
    event, later = two(fee=500, price=1200)
    seat = seated(event)
    changing.ask(seat, moving.dates_for(seat)[0])
    pricing.set_price(later.tickets.get().offer, 3000)
    stale = changing.wish(DateChange.objects.get(), moving.dates_for(seat)[0])
    with pytest.raises(CannotBeSold):
        stale.offer.check_line(1, stale.details, timezone.now())


@pytest.mark.parametrize(
    ("rule", "reason"), [({"cancel_hours": 24 * 20}, "changed"), ({"on_cancel": "never"}, "never"), ({}, "")]
)
def test_another_date_leaves_no_rule_behind(sandbox, work, client, rule, reason):
    """Too late to cancel, or never: a cheaper date with an easier rule gives no money back."""
    factories.ticket(factories.event(days=30), price=100)
    dear = factories.ticket(factories.event(**rule), price=5000)
    factories.paid(sandbox, factories.basket(Offer.objects.get(pk=dear.offer_id)))
    work()
    seat = Seat.objects.get()
    client.post(reverse("events:other-date", args=[seat.token]), {"ticket": moving.dates_for(seat)[0].ticket.pk})
    made = Seat.objects.get(state="valid")
    assert made.event != seat.event
    assert admission.may_cancel(made) == reason
    left = client.post(reverse("events:leave", args=[made.token]))
    work()

    assert (left.status_code, Refund.objects.exists()) == ((409, False) if reason else (302, True))
    assert Seat.objects.filter(state="valid").exists() == bool(reason)


def test_a_price_that_was_not_to_come_back_does_not_by_way_of_another_date(sandbox, work):
    later = factories.ticket(factories.event(days=30), price=100)
    kept = factories.ticket(factories.event(on_cancel=Event.Refusal.NOTHING), price=5000)
    factories.paid(sandbox, factories.basket(Offer.objects.get(pk=kept.offer_id)))
    work()
    made = moving.to_date(Seat.objects.get(), later)

    assert "pas rendu" in rule_of(made)
    assert admission.give_up(made) is None
    assert not Refund.objects.exists()


def test_going_to_and_fro_ends_in_words_and_writes_no_more(client, work):
    event, later = two(fee=0)
    seated(event)
    work()
    before, codes = len(mail.outbox), []
    for number in range(14):
        seat = Seat.objects.get(state="valid")
        other = (later, event)[number % 2].tickets.get()
        answer = client.post(reverse("events:other-date", args=[seat.token]), {"ticket": other.pk})
        codes.append(answer.status_code)
        work()
        if answer.status_code != 302:
            break

    assert codes == [302] * 10 + [422]
    assert "Trop d’essais" in answer.content.decode()
    assert len(mail.outbox) - before <= 10
