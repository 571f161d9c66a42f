"""The address book in the account and in the recap."""

import pytest
from django.test import Client
from django.urls import reverse

from store import addresses
from store.models import Address, Order
from tests import factories
from tests.store.test_addresses import HOME, WORK

pytestmark = pytest.mark.django_db
MINE = "store:addresses"


@pytest.fixture
def user():
    factories.open_shop()
    return factories.person()


@pytest.fixture
def hers(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_add_put_right_and_delete(hers, user) -> None:
    assert hers.post(reverse(MINE), {**HOME, "name": ""}).status_code == 422
    assert hers.post(reverse(MINE), HOME).status_code == 302
    row = Address.objects.get(user=user)
    assert "4 rue des Lilas" in hers.get(reverse("account")).content.decode()
    there = reverse("store:address", args=[row.key])
    assert hers.post(there, {**HOME, "line1": ""}).status_code == 422
    hers.post(there, WORK)
    assert "2 quai Bas" in hers.get(reverse(MINE)).content.decode()
    gone = reverse("store:address-delete", args=[row.key])
    assert "2 quai Bas" in hers.get(gone).content.decode()
    assert Address.objects.filter(user=user).exists()
    hers.post(gone)

    assert not Address.objects.filter(user=user).exists()


def test_somebody_elses_address_is_not_there(hers) -> None:
    row = addresses.keep(factories.person(), HOME)
    for name in ("store:address", "store:address-delete"):
        assert hers.get(reverse(name, args=[row.key])).status_code == 404
        assert hers.post(reverse(name, args=[row.key])).status_code == 404
    assert Address.objects.filter(pk=row.pk).exists()


def recap(client: Client, offer, **said):
    data = {"offer": offer.pk, "quantity": 1, **said}
    return client.post(reverse("store:buy"), data) if said else client.get(reverse("store:buy"), data)


def test_the_recap_is_filled_in_and_one_tap_chooses_another(hers, user) -> None:
    offer = factories.offer()
    home, work = addresses.keep(user, HOME), addresses.keep(user, WORK)
    page = recap(hers, offer).content.decode()
    assert 'value="4 rue des Lilas"' in page
    assert "2 quai Bas" in page

    tapped = {**HOME, "saved": str(work.key), "saved_was": str(home.key)}
    for refresh in ({"refresh": "1"}, {"total": "9999"}):
        page = recap(hers, offer, **tapped, **refresh).content.decode()
        assert 'value="2 quai Bas"' in page
        assert f'name="saved_was" value="{work.key}"' in page
    assert not Order.objects.exists()
    typed = {**HOME, "line1": "9 autre rue", "saved": str(work.key), "saved_was": str(work.key), "refresh": "1"}
    assert 'value="9 autre rue"' in recap(hers, offer, **typed).content.decode()


def test_nobody_elses_address_is_chosen(hers, user) -> None:
    offer = factories.offer()
    addresses.keep(user, HOME)
    foreign = addresses.keep(factories.person(), {**WORK, "line1": "1 rue Secrète"})
    for client in (hers, Client()):
        page = recap(client, offer, **HOME, saved=str(foreign.key), saved_was="", refresh="1").content.decode()
        assert "Secrète" not in page


def test_a_ticked_box_keeps_the_address_of_an_order(hers, user, sandbox) -> None:
    offer = factories.offer()
    for ticked in ({}, {"keep": "on"}):
        page = recap(hers, offer)
        total = page.context["draft"].total
        recap(hers, offer, **HOME, total=str(total), token=str(page.context["token"]), **ticked)
        assert Order.objects.filter(user=user).exists()
        assert Address.objects.filter(user=user).exists() is bool(ticked)


def test_a_guest_is_not_asked_to_keep_it() -> None:
    factories.open_shop()
    assert 'name="keep"' not in recap(Client(), factories.offer()).content.decode()
