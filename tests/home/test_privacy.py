"""One's own data: handed over whole, forgotten but for the accounts; what a guest bought joins the proved address."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import retention
from core.personal import Fate
from events.models import CalendarKey, Seat, WaitingEntry
from home import privacy, verify
from members import leaving
from members.models import Erasure, Grant, Introduction, Profile, User
from store import cart as carts
from store import checkout, fulfilment, gateway, withdrawal
from store.models import Cart, Hold, Order, StripeEvent, Withdrawal
from tests import factories
from tests.house.test_personal import ROWS

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    factories.sign_in_just_now(client, user)
    return client


def paid(user: User, **fields) -> Order:
    order = factories.order(user=user, email=user.email, **fields)
    order.mark_paid()
    return order


def test_the_archive_tells_all_and_nobody_elses(sandbox) -> None:
    user = factories.member(email="lea@example.org")
    mine = factories.paid(sandbox, user=user, email=user.email)
    theirs = paid(factories.person(), name="Autre Personne")
    packed = zipfile.ZipFile(io.BytesIO(signed_in(user).post(reverse("account-export")).content))
    told = json.loads(packed.read("data.json"))
    page = packed.read("data.html").decode()

    assert [row["number"] for row in told["store"]["orders"]] == [mine.number]
    assert told["store"]["orders"][0]["payments"][0]["amount"] == mine.total
    assert told["members"]["memberships"][0]["tier"] == "ami"
    assert mine.number in page
    assert theirs.number not in page
    assert "Autre Personne" not in page


def test_whoever_is_not_signed_in_is_sent_away() -> None:
    factories.open_shop()
    for name in ("account-export", "account-erase"):
        assert "login" in Client().post(reverse(name)).headers["Location"]


def everywhere(words: str) -> list[str]:
    """Columns in which these words stand."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's own word for it
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if is_text and model._default_manager.filter(**{f"{field.name}__icontains": words}).exists():  # noqa: SLF001
                found.append(f"{model.__name__}.{field.name}")
    return found


def test_erased_a_person_stands_in_paid_orders_alone(work) -> None:
    user = factories.member(email="zenobie@example.org", first_name="Zénobie", last_name="Quatrebarbes")
    kept = paid(user, name="Zénobie Quatrebarbes")
    lapsed = factories.order(factories.basket(), user=user, email=user.email, name="Zénobie Quatrebarbes")
    lapsed.move(Order.State.LAPSED)
    work()
    client = signed_in(user)

    assert kept.number is not None
    assert "dix ans" in client.get(reverse("account-erase")).content.decode()
    assert client.post(reverse("account-erase")).status_code == 422
    assert User.objects.filter(pk=user.pk).exists()
    assert client.post(reverse("account-erase"), {"sure": "1"}).status_code == 200
    assert not User.objects.filter(pk=user.pk).exists()
    work()
    assert mail.outbox[-1].to == ["zenobie@example.org"]
    allowed = {"Order.email", "Order.name", "Attempt.params"}
    assert set(everywhere("zenobie@example.org")) | set(everywhere("Quatrebarbes")) <= allowed
    assert "zenobie" not in str(lapsed.attempts.get().params)
    assert client.get(reverse("account")).status_code == 302


def test_who_works_here_does_not_vanish() -> None:
    owner = factories.owner()
    factories.open_shop()

    assert signed_in(owner).post(reverse("account-erase"), {"sure": "1"}).status_code == 409
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_guests_order_joins_the_proved_address_and_no_other() -> None:
    order = factories.order(email="Lea@Example.org")
    order.mark_paid()
    user = User.objects.create_user(email="lea@example.org")
    address = EmailAddress.objects.create(user=user, email="lea@example.org", verified=False, primary=True)
    privacy.claim(user, "lea@example.org")
    order.refresh_from_db()
    assert order.user is None
    address.verified = True
    address.save()
    for _twice in range(2):
        email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    order.refresh_from_db()

    assert order.user == user
    privacy.claim(factories.person(), "lea@example.org")
    order.refresh_from_db()
    assert order.user == user


def test_what_was_bought_as_a_guest_since_joins_at_the_next_sign_in() -> None:
    user = factories.person(email="lea@example.org")
    order = factories.order(email="lea@example.org")
    order.mark_paid()
    Client().force_login(user)
    order.refresh_from_db()

    assert order.user == user


def test_a_guests_seat_under_a_proved_address_stands_in_an_open_session_at_once() -> None:
    user = factories.person(email="lea@example.org")
    client = signed_in(user)
    order = factories.order(factories.basket(factories.seat_offer()), email="Lea@example.org")
    for _twice in range(2):
        fulfilment.fulfil(order.pk)
    order.refresh_from_db()

    assert (order.user, Seat.objects.get().user) == (user, user)
    assert order.number in client.get(reverse("account")).content.decode()


def everything(sandbox, user: User, marker: str) -> None:
    """One of each thing that can be known of a person, with the marker wherever they may write."""
    paid_event, free_event = factories.event(), factories.event()
    seat, free = factories.ticket(paid_event, price=900).offer, factories.ticket(free_event).offer
    basket = factories.basket(factories.offer(), seat, factories.plan().offer)
    order = factories.paid(
        sandbox, basket, user=user, email=user.email, name=marker, line1=marker, phone=marker[:30], note=marker
    )
    order.record("note", text=marker)
    order.record("receipt_again", to=user.email)
    fulfilment.fulfil(order.pk)
    fulfilment.fulfil(factories.order(factories.basket(free), user=user, email=user.email, name=marker).pk)
    Seat.objects.filter(user=user).update(holder=marker, answers={"q": marker})
    line = order.lines.first()
    line.details = {"gift_name": marker}
    line.save()
    gift = factories.order(email="autre@example.org").lines.get()
    gift.details = {"gift_email": user.email, "gift_name": marker}
    gift.save()
    factories.order(factories.basket(), user=None, email=user.email.upper(), name=marker).move(Order.State.LAPSED)
    carts.add(Cart.objects.create(shop=order.shop, user=user), factories.offer(), 1)
    WaitingEntry.objects.create(
        event=paid_event, ticket=paid_event.tickets.get(), size=1, name=marker, email=user.email
    )
    said = withdrawal.Statement(marker, user.email, order.number, marker)
    withdrawal.declare(order.shop, said, uuid.uuid4())
    notice = leaving.Notice(marker, user.email, order.number, "fr")
    leaving.declare(order.shop, notice, uuid.uuid4())
    Grant.objects.filter(membership__user=user).update(note=marker)
    Profile.objects.create(user=user, name=marker, words=marker, town=marker, trade=marker, links=marker)
    Introduction.objects.create(asker=user, asked=factories.member(), words=marker)
    CalendarKey.objects.create(user=user)


def test_the_export_tells_every_personal_field_and_erasing_leaves_what_the_law_keeps(sandbox, work) -> None:
    user = factories.person(email="marque@example.org", first_name="Marquise")
    everything(sandbox, user, "Marquise-7319")
    Order.objects.filter(paid_at__isnull=False, needs_shipping=True).update(state=Order.State.DELIVERED)
    work()
    told = json.dumps(privacy.known(user), default=str)
    fields = everywhere("Marquise-7319")
    stay = {f"{row.model.__name__}.{name}" for row in ROWS if row.fate is Fate.STAYS for name in row.fields.split()}
    personal = {
        f"{row.model.__name__}.{name}" for row in ROWS if row.fate is not Fate.PLAIN for name in row.fields.split()
    }

    assert set(fields) <= personal
    assert told.count("Marquise-7319") >= len(fields)
    assert len(privacy.kept_because(user)) == 4
    privacy.erase(user)
    work()
    assert set(everywhere("Marquise-7319")) <= stay
    assert set(everywhere("marque@example.org")) <= stay | {"Order.email"}
    assert [check for check in verify.checks() if check.breaches] == []
    assert Erasure.objects.count() == 1


def test_an_order_that_waits_for_its_payment_is_cancelled_first(sandbox) -> None:
    user = factories.person()
    order = factories.order(user=user, email=user.email)
    checkout.open_attempt(order.attempts.get())
    privacy.erase(user)
    order.refresh_from_db()

    assert (order.state, order.email, order.name, order.user) == ("cancelled", "", "", None)
    assert Hold.objects.filter(line__order=order).exclude(state="released").count() == 0


@pytest.mark.parametrize("state", ["pending", "placed"])
def test_nothing_is_erased_while_money_may_come_in(sandbox, state) -> None:
    user = factories.person()
    order = factories.order(user=user, email=user.email)
    if state == "pending":
        order.move(Order.State.PENDING)
    else:
        checkout.open_attempt(order.attempts.get())
        sandbox.control("POST", "faults", kind="error", status=500, when="before", path="/v1/checkout/*", count=9)
    answer = signed_in(user).post(reverse("account-erase"), {"sure": "1"})

    assert answer.status_code == 409
    assert "rien n’est effacé" in answer.content.decode()
    assert User.objects.filter(pk=user.pk).exists()


def test_cards_at_stripe_go_with_the_account(sandbox, work) -> None:
    user = factories.person()
    factories.paid(sandbox, user=user, email=user.email)
    user.refresh_from_db()
    customer = user.stripe_customer
    assert customer
    privacy.erase(user)
    work()

    assert gateway.client().v1.customers.retrieve(customer).to_dict()["deleted"] is True
    gateway.forget_customer(customer)


def test_who_was_erased_and_still_stands_somewhere_is_a_breach() -> None:
    Erasure.objects.note("Lea@example.org")
    Erasure.objects.update(at=timezone.now() + timedelta(minutes=1))
    factories.order(email="lea@example.org").move(Order.State.LAPSED)
    assert [breach.detail for breach in privacy.not_forgotten()] != []
    Erasure.objects.update(at=timezone.now() - timedelta(days=1))
    assert list(privacy.not_forgotten()) == []


def test_what_was_kept_for_long_enough_goes_by_itself(sandbox) -> None:
    long_ago = timezone.now() - timedelta(days=4100)
    order = factories.paid(sandbox, phone="0102030405", note="Sonnez.")
    lapsed = factories.order(factories.basket(), phone="0102030405")
    lapsed.move(Order.State.LAPSED)
    withdrawal.declare(order.shop, withdrawal.Statement("Léa", "lea@example.org", order.number), uuid.uuid4())
    StripeEvent.objects.create(event_id="evt_1", type="x", body={}, handled_at=long_ago)
    privacy.tidy()
    order.refresh_from_db()
    assert (order.name, order.phone) == ("Léa Martin", "0102030405")

    Order.objects.update(paid_at=F("paid_at") - timedelta(days=4100), state=F("state"))
    Order.objects.filter(pk=order.pk).update(state=Order.State.DELIVERED)
    Order.objects.filter(pk=lapsed.pk).update(closed_at=long_ago)
    Withdrawal.objects.update(received_at=long_ago)
    for _twice in range(2):
        privacy.tidy()
    for row in (order, lapsed):
        row.refresh_from_db()
        assert (row.email, row.name, row.line1, row.phone, row.note) == ("", "", "", "", "")
    assert not Withdrawal.objects.exists()
    assert not StripeEvent.objects.exists()


def test_phone_and_word_go_once_all_is_sent(sandbox) -> None:
    order = factories.paid(sandbox, phone="0102030405", note="Sonnez.")
    Order.objects.update(paid_at=timezone.now() - retention.DELIVERY - timedelta(days=1))
    privacy.tidy()
    order.refresh_from_db()
    assert order.phone == "0102030405"
    Order.objects.update(state=Order.State.DELIVERED)
    privacy.tidy()
    order.refresh_from_db()

    assert (order.phone, order.note, order.name) == ("", "", "Léa Martin")


def test_an_account_that_nobody_uses_is_warned_then_goes(work) -> None:
    long_ago = timezone.now() - retention.IDLE - timedelta(days=1)
    old, member, fresh = factories.person(), factories.member(), factories.person()
    factories.open_shop()
    User.objects.exclude(pk=fresh.pk).update(date_joined=long_ago)
    for _twice in range(2):
        privacy.tidy()
    work()
    assert [letter.to for letter in mail.outbox if "deux ans" in letter.subject] == [[old.email]]
    User.objects.filter(pk=old.pk).update(warned_at=timezone.now() - retention.WARNING - timedelta(hours=1))
    privacy.tidy()

    assert set(User.objects.values_list("pk", flat=True)) == {member.pk, fresh.pk}


def test_whoever_comes_back_is_not_idle() -> None:
    old = factories.person()
    User.objects.update(date_joined=timezone.now() - retention.IDLE - timedelta(days=1), warned_at=timezone.now())
    Client().force_login(old)
    User.objects.update(warned_at=timezone.now() - retention.WARNING - timedelta(hours=1))
    privacy.tidy()

    assert User.objects.filter(pk=old.pk).exists()


def test_the_owner_is_told_that_whoever_ordered_is_forgotten() -> None:
    user = factories.person()
    order = factories.order(user=user, email=user.email)
    order.move(Order.State.LAPSED)
    privacy.erase(user)
    hers = Client()
    factories.sign_in_strongly(hers, factories.owner())
    page = hers.get(reverse("owner:order", args=[order.pk])).content.decode()

    assert "est oublié" in page
    assert "mailto:?" not in page


def test_a_guest_who_asks_by_mail_is_forgotten_too(work) -> None:
    lapsed = factories.order(email="marque@example.org", name="Marquise-7319")
    lapsed.move(Order.State.LAPSED)
    for _twice in range(2):
        call_command("forget", "Marque@example.org", stdout=io.StringIO())
    work()

    assert everywhere("marque@example.org") == everywhere("Marquise-7319") == []
    assert mail.outbox[-1].to == ["marque@example.org"]
    assert not User.objects.exists()


def test_a_guest_whose_money_may_come_is_not_forgotten_yet() -> None:
    order = factories.order(email="marque@example.org")
    order.move(Order.State.PENDING)
    with pytest.raises(CommandError):
        call_command("forget", "marque@example.org", stdout=io.StringIO())
    order.refresh_from_db()

    assert (order.email, order.user) == ("marque@example.org", None)
    assert not User.objects.exists()
