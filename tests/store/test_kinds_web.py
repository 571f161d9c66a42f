"""What is no goods, through the browser: chosen, answered, confirmed in place; errors at their fields, nothing lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from store import links
from store import mail as letters
from store.models import CartLine, Offer, Order
from tests import factories
from tests.factories.orders import PERSON
from tests.kinds.models import Given, Hour

pytestmark = pytest.mark.django_db
BUY, ADD, ORDER = "/commande/acheter/", "/panier/ajouter/", "/commande/"
FRAGMENT = {"X-Fragment": "1"}
WHO = {"email": PERSON["email"], "name": PERSON["name"]}


def words(answer: Any) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def fields(answer: Any) -> list[str]:
    """The names of the fields that somebody sees."""
    found = re.findall(r"<(?:input|select|textarea)\b[^>]*>", answer.content.decode())
    return [re.findall(r'name="([^"]+)"', tag)[0] for tag in found if 'type="hidden"' not in tag]


def order(client: Client, offer: Offer, total: int, **data: Any) -> Any:
    """Send the recap of one thing."""
    sent = {"offer": offer.pk, "quantity": 1, "slot": "10:00", "token": "", "total": total, **WHO, **data}
    return client.post(
        BUY, {**sent, "token": sent["token"] or "8c0d7a52-4f4b-4d3e-9a34-0f4b2f1b7a11"}, headers=FRAGMENT
    )


def seat(**fields: Any) -> Offer:
    """A free seat."""
    return factories.hour(price=0, legal="dated", words="Je viens", name="Le café de jeudi", **fields)


def test_what_must_be_chosen_is_asked_first(client):
    answer = client.get(BUY, {"offer": factories.hour().pk})
    assert (answer.status_code, fields(answer), "data-order" in answer.content.decode()) == (200, ["slot"], False)


def test_wrong_choice_is_told_at_its_field_and_kept(client):
    answer = client.get(BUY, {"offer": factories.hour().pk, "slot": "dix heures"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="dix heures"' in body
    assert 'aria-invalid="true"' in body


def test_chosen_slot_is_in_the_recap_and_goes_along(client):
    answer = client.get(BUY, {"offer": factories.hour().pk, "slot": "10:00"})
    assert "slot: 10:00" in words(answer)
    assert '<input type="hidden" name="slot" value="10:00">' in answer.content.decode()


def test_slot_is_put_into_the_basket(client):
    offer = factories.hour()
    answer = client.post(ADD, {"offer": offer.pk, "slot": "10:00"}, headers=FRAGMENT)
    assert answer.json()["error"] == ""
    assert CartLine.objects.get().details == {"slot": "10:00"}
    assert "slot: 10:00" in words(client.get("/panier/"))


def test_basket_asks_for_what_was_not_chosen(client):
    answer = client.post(ADD, {"offer": factories.hour().pk}, headers=FRAGMENT)
    told = answer.json()
    assert (answer.status_code, told["field"], bool(told["error"])) == (422, "slot", True)
    assert "/panier/ajouter/?offer=" in told["html"]


def test_basket_without_script_asks_on_a_page_and_loses_nothing(client):
    offer = factories.hour()
    page = client.get(ADD, {"offer": offer.pk, "quantity": 1})
    assert (page.status_code, "slot" in fields(page)) == (200, True)
    again = client.post(ADD, {"offer": offer.pk, "slot": "midi"})
    assert (again.status_code, 'value="midi"' in again.content.decode()) == (422, True)
    assert client.post(ADD, {"offer": offer.pk, "slot": "10:00"}).status_code == 302


def test_what_hangs_on_an_account_asks_for_the_address_and_no_account(client, monkeypatch):
    monkeypatch.setattr(Hour, "needs_account", True)
    recap = client.get(BUY, {"offer": factories.hour(legal="dated").pk})
    assert {"email", "name"} <= set(fields(recap))
    assert "Pas besoin de compte" in words(recap)


def test_two_slots_are_two_lines_each_with_its_own_questions(client):
    offer = factories.hour()
    for slot in ("10:00", "11:00"):
        client.post(ADD, {"offer": offer.pk, "slot": slot})
    asked = [name for name in fields(client.get(ORDER)) if name.endswith("wish")]
    assert asked == [f"line-{offer.pk}-wish", f"line-{offer.pk}-2-wish"]


def test_free_seat_is_two_fields_and_two_taps(client):
    offer = seat()
    Hour.details_form, form = None, Hour.details_form
    try:
        recap = client.get(BUY, {"offer": offer.pk}, headers=FRAGMENT)
        done = order(client, offer, 0)
    finally:
        Hour.details_form = form
    assert fields(recap) == ["email", "name"]
    assert re.search(r"data-order>\s*Je viens\s*<", recap.content.decode())
    assert "obligation de paiement" not in words(recap)
    assert 'data-step="done"' in done.content.decode()
    assert Given.objects.get().quantity == 1
    assert "Le café de jeudi : donné" in words(done).replace("\u00a0", " ")
    assert Order.objects.get().state == Order.State.PAID


def test_free_seat_is_never_called_paid(client):
    done = order(client, seat(), 0)
    assert "payé" not in words(done).lower()
    letters.to_buyer(Order.objects.get().pk, "receipt")
    assert "payé" not in mail.outbox[0].body.split("www")[0].lower().partition("médiateur")[0]


def test_guests_are_named_and_what_is_wrong_loses_nothing(client):
    offer = seat()
    key = f"line-{offer.pk}"
    recap = client.get(BUY, {"offer": offer.pk, "quantity": 2})
    assert fields(recap) == ["email", "name", f"{key}-wish", f"{key}-guest2"]
    wrong = order(client, offer, 0, quantity=2, **{f"{key}-wish": "du thé"})
    body = wrong.content.decode()
    assert (wrong.status_code, Order.objects.count()) == (422, 0)
    assert 'value="du thé"' in body
    assert f'href="#id_{key}-guest2"' in body
    order(client, offer, 0, quantity=2, **{f"{key}-wish": "du thé", f"{key}-guest2": "Zoé"})
    assert Order.objects.get().lines.get().details == {"wish": "du thé", "guest2": "Zoé"}


def test_counting_anew_keeps_the_answers_and_blames_nobody(client):
    offer = seat()
    key = f"line-{offer.pk}"
    answer = order(client, offer, 0, quantity=2, refresh="1", **{f"{key}-wish": "du thé"})
    assert (answer.status_code, 'value="du thé"' in answer.content.decode()) == (200, True)
    assert "aria-invalid" not in answer.content.decode()


def test_answers_are_read_in_order_and_mail(client):
    offer = seat()
    done = order(client, offer, 0, **{f"line-{offer.pk}-wish": "du thé"})
    assert "wish: du thé" in words(done)
    letters.to_buyer(Order.objects.get().pk, "receipt")
    assert "wish: du thé" in mail.outbox[0].body
    assert Order.objects.get().lines.get().shown_details == ["wish: du thé"]


def test_order_page_shows_what_was_given(client):
    order(client, seat(), 0)
    page = client.get(links.order_url(Order.objects.get()))
    assert "Le café de jeudi : donné" in words(page).replace("\u00a0", " ")


def test_owner_reads_the_answers_in_her_mail(client):
    offer = seat()
    order(client, offer, 0, **{f"line-{offer.pk}-wish": "du thé"})
    letters.to_owner(Order.objects.get().pk)
    assert "wish: du thé" in mail.outbox[-1].body


def test_dated_leisure_says_that_there_is_no_withdrawal(client):
    recap = client.get(BUY, {"offer": factories.hour(legal="dated").pk})
    assert "L221-28, 12°" in words(recap)
    assert "changer d’avis" not in words(recap)


@pytest.mark.parametrize(("days", "asked"), [(3, True), (20, False)])
def test_service_that_begins_soon_is_asked_for_by_a_box(client, days, asked):
    offer = factories.hour(begins=timezone.now() + timedelta(days=days))
    recap = client.get(BUY, {"offer": offer.pk, "slot": "10:00", "email": "x"})
    assert ("early" in fields(recap)) is asked
    assert "checked" not in recap.content.decode()


def test_box_of_the_early_start_is_wanted_and_written_down(client):
    offer = factories.hour(begins=timezone.now() + timedelta(days=3))
    wrong = order(client, offer, 5000)
    assert (wrong.status_code, Order.objects.count()) == (422, 0)
    assert 'value="lea@example.org"' in wrong.content.decode()
    order(client, offer, 5000, early="on")
    assert set(Order.objects.get().consents["early"]) == {"words", "at"}


def test_membership_is_asked_for_by_the_same_box(client):
    offer = factories.hour(legal="membership")
    assert "early" in fields(client.get(BUY, {"offer": offer.pk}))


def test_free_membership_asks_no_box(client):
    assert "early" not in fields(client.get(BUY, {"offer": factories.hour(legal="membership", price=0).pk}))


def test_who_may_not_buy_reads_why(client):
    answer = order(client, seat(), 0, email="banned@example.org")
    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert "un par personne" in words(answer)


def test_one_basket_of_goods_seat_and_hour(client, sandbox):
    seat_offer, hour, mug = seat(), factories.hour(), factories.offer(price=1000)
    client.post(ADD, {"offer": seat_offer.pk})
    client.post(ADD, {"offer": hour.pk, "slot": "10:00"})
    client.post(ADD, {"offer": mug.pk, "quantity": 2})
    recap = client.get(ORDER)
    total = int(re.findall(r'name="total" value="(\d+)"', recap.content.decode())[0])
    assert total == 0 + 5000 + 2000 + 500
    sent = {**PERSON, "token": "8c0d7a52-4f4b-4d3e-9a34-0f4b2f1b7a11", "total": total}
    answer = client.post(ORDER, sent, headers=FRAGMENT)
    assert "data-pay" in answer.content.decode()
    assert [line.details for line in Order.objects.get().lines.all()] == [{}, {"slot": "10:00"}, {}]
