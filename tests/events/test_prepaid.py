"""Hours paid in advance: granted once, used by an appointment, given back, paid back for what is left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from events import account, adopting, coaching, coaching_verify, prepaid, privacy
from events.models import Booking, Credit, CreditMove, HourPack
from store import cart as carts
from store import checkout, promises, refunds, selling
from store import mail as letters
from store.exceptions import CannotBeSold
from store.models import Offer, Order, OrderLine, Refund
from tests import factories
from tests.store.sellable_contract import SellableContract

pytestmark = pytest.mark.django_db


class TestHourPack(SellableContract):
    def offer(self) -> Offer:
        return Offer.objects.get(pk=factories.pack().offer_id)

    def given(self, line: OrderLine) -> int:
        return Credit.objects.usable().filter(line=line).count()


@pytest.fixture
def credit(db) -> Credit:
    """Five appointments of somebody with an account."""
    return factories.credit(user=factories.person())


def left(credit: Credit) -> int:
    credit.refresh_from_db()
    return credit.left


def broken() -> set[str]:
    return {name for name, find in coaching_verify.INVARIANTS if list(find())}


def test_a_pack_is_granted_once_with_its_end(credit):
    pack = HourPack.objects.get(offer=credit.line.offer)
    prepaid.grant(pack, credit.line)
    assert (Credit.objects.count(), left(credit), credit.bought) == (1, 5, 5)
    assert [(row.quantity, row.reason) for row in credit.moves.all()] == [(5, "bought")]
    assert 364 <= (credit.expires_at - timezone.now()).days <= 366


@pytest.mark.parametrize(
    ("months", "day"), [(1, (2026, 2, 28)), (12, (2027, 1, 31)), (13, (2027, 2, 28)), (25, (2028, 2, 29))]
)
def test_months_end_on_the_same_day_or_the_last(months, day):
    found = prepaid.expiry(HourPack(months=months), datetime(2026, 1, 31, 12, tzinfo=UTC))
    assert (found.year, found.month, found.day) == day


def test_an_appointment_uses_one_and_cancelling_gives_it_back_once(credit):
    order = factories.hour_on_credit(credit)
    booking = Booking.objects.get(line__order=order)
    assert (order.total, left(credit)) == (0, 4)
    promises.hold(list(order.lines.all()), ask_at=timezone.now())
    assert left(credit) == 4
    for _time in range(2):
        coaching.cancel(booking)
    assert left(credit) == 5
    assert [row.reason for row in credit.moves.all()] == ["bought", "used", "returned"]
    assert broken() == set()


def test_what_comes_back_may_be_used_for_a_month_at_least(credit):
    booking = Booking.objects.get(line__order=factories.hour_on_credit(credit))
    Credit.objects.update(expires_at=timezone.now() - timedelta(days=1))
    coaching.cancel(booking, by=factories.owner())
    credit.refresh_from_db()
    assert credit.expires_at > timezone.now() + timedelta(days=29)


def test_who_has_none_or_whose_have_ended_pays_the_price(credit):
    person = credit.user
    assert selling.audiences(person) == {prepaid.audience(credit.service_id)}
    Credit.objects.update(expires_at=timezone.now())
    assert selling.audiences(person) == set()
    assert selling.audiences(factories.person()) == set()


def test_what_ends_first_is_used_first(credit):
    later = factories.credit(HourPack.objects.get(offer=credit.line.offer), user=credit.user)
    Credit.objects.filter(pk=credit.pk).update(expires_at=None)
    factories.hour_on_credit(credit)
    assert (left(credit), left(later)) == (5, 4)


def test_the_last_one_is_used_once(credit):
    """Another window saw it, and is told that it is gone."""
    person, stale = credit.user, selling.audiences(credit.user)
    for number in range(5):
        factories.hour_on_credit(credit, factories.slot(20 + number))
    who = factories.buyer(user=person, email=person.email, audiences=stale)
    with pytest.raises(CannotBeSold) as caught:
        checkout.start(factories.slot_basket(credit.service, factories.slot(30)), who, shown_total=0)
    assert caught.value.reason == "no_credit"
    assert left(credit) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.filter(pk=credit.pk).update(left=-1)


def test_an_order_that_is_not_paid_gives_the_hour_back(credit):
    """An appointment on credit beside goods that cost: held, then abandoned."""
    cart = factories.slot_basket(credit.service)
    carts.add(cart, factories.offer(price=1000), 1)
    who = factories.buyer(user=credit.user, email=credit.user.email, audiences=selling.audiences(credit.user))
    found = checkout.draft(cart.shop, checkout.wishes(cart), country="FR", audiences=who.audiences)
    order = checkout.start(cart, who, shown_total=found.total)
    assert left(credit) == 4
    for _time in range(2):
        promises.release(order)
    assert left(credit) == 5
    promises.hold(list(order.lines.all()), ask_at=timezone.now())
    assert left(credit) == 4


def test_recap_says_which_of_how_many(client, credit):
    client.force_login(credit.user)
    service = credit.service
    asked = {"offer": service.offer_id, "quantity": 1, "slot": coaching.said(factories.slot())}
    page = client.get(reverse("store:buy"), asked).content.decode()
    assert "1 de vos 5" in page
    assert "il en restera 4" in page
    page = client.get(reverse("store:buy"), {**asked, "offer": HourPack.objects.get().offer_id}).content.decode()
    assert "1 de vos 5" not in page


def test_ordered_in_the_recap_for_nothing(client, credit):
    client.force_login(credit.user)
    service = credit.service
    asked = {"offer": service.offer_id, "quantity": 1, "slot": coaching.said(factories.slot())}
    answer = client.post(reverse("store:buy"), {**asked, "name": "Claire Morin", "total": "0"})
    assert answer.status_code == 302
    order = Order.objects.latest("pk")
    assert (order.total, order.state, left(credit)) == (0, "paid", 4)
    assert order.lines.get().details["credit"] is True


@pytest.mark.parametrize(("used", "back"), [(0, 40000), (2, 24000), (5, 0)])
def test_a_pack_pays_back_what_was_not_used(sandbox, used, back):
    person = factories.person()
    order = factories.paid(sandbox, factories.basket(factories.pack().offer), user=person, email=person.email)
    credit = prepaid.grant(HourPack.objects.get(), order.lines.get())
    for number in range(used):
        factories.hour_on_credit(credit, factories.slot(20 + number))
    refund = refunds.start(order, refunds.everything(order))
    assert (refund.amount if refund else 0) == back
    assert left(credit) == 0
    assert Booking.objects.live().count() == used
    assert broken() == set()


def test_a_guests_hours_join_the_account_that_proves_the_address():
    credit = factories.credit()
    person = factories.person(email=credit.email)
    assert selling.audiences(person) == set()
    assert adopting.adopt(person, person.email) == 1
    assert selling.audiences(person) == {prepaid.audience(credit.service_id)}


def test_account_export_and_erasure(rf, credit):
    request = rf.get("/")
    request.user = credit.user
    (panel,) = account.panels(request)
    assert panel.rows[0]["left"] == 5
    (told,) = privacy.export(credit.user)["hours_in_advance"]
    assert (told["left"], told["moves"][0]["reason"]) == (5, "bought")
    privacy.erase(credit.user)
    credit.refresh_from_db()
    assert (credit.user, credit.email) == (None, "")


def test_receipt_says_where_the_hours_are(credit):
    mail.outbox.clear()
    letters.to_buyer(credit.line.order_id, "receipt")
    (message,) = mail.outbox
    assert "5 rendez-vous à prendre sur 5" in message.body


def test_card_offers_one_or_several(client):
    pack = factories.pack()
    page = factories.service_page(pack.service)
    body = client.get(page.url).content.decode()
    assert "5 rendez-vous" in body
    assert "400,00" in body
    assert "90,00" in body


def test_owner_makes_and_changes_a_pack(client):
    factories.sign_in_strongly(client, factories.owner())
    service = factories.service(price=9000)
    new = reverse("meetings:new_pack", args=[service.pk])
    assert client.get(new).status_code == 200
    said = {"hours": 5, "months": 12, "price": "400.00", "is_on_sale": "on"}
    assert client.post(new, {**said, "price": "x"}).status_code == 422
    assert client.post(new, said).status_code == 302
    pack = HourPack.objects.get()
    one = reverse("meetings:pack", args=[pack.pk])
    assert client.get(one).status_code == 200
    assert client.post(one, {"months": 6, "price": "380"}).status_code == 302
    pack.refresh_from_db()
    assert (pack.hours, pack.months, pack.offer.state) == (5, 6, Offer.State.ARCHIVED)
    assert client.get(reverse("meetings:services")).status_code == 200


BREAKS = {
    "what is left of hours in advance is the sum of its moves": lambda row: Credit.objects.update(left=1),
    "every used hour is an appointment": lambda row: coaching_cells_of(row).delete(),
    "every paid pack is hours in advance": lambda row: (CreditMove.objects.all().delete(), row.delete()),
}


def coaching_cells_of(credit: Credit):
    return credit.moves.get(reason="used").line.cells.all()


@pytest.mark.parametrize("name", list(BREAKS))
def test_every_invariant_of_hours_is_broken_here(name, credit):
    factories.hour_on_credit(credit)
    Order.objects.update(paid_at=timezone.now() - timedelta(hours=2))
    assert broken() == set()
    BREAKS[name](credit)
    assert name in broken()


def test_refund_rows_are_those_of_money_only(credit):
    coaching.cancel(Booking.objects.get(line__order=factories.hour_on_credit(credit)))
    assert not Refund.objects.exists()
