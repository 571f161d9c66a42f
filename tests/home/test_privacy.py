"""One's own data: handed over whole, forgotten but for the accounts; what a guest bought joins the proved address."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.apps import apps
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse

from home import privacy
from members.models import User
from store.models import Order
from tests import factories

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
