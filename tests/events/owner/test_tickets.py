"""What the owner says of a kind of ticket: for whom, how long it is sold, what each guest is asked."""

import pytest
from django.test import Client
from django.urls import reverse

from events import asking
from events.forms import SeatsForm
from events.models import Ticket
from events.owner.forms_ticket import questions
from members.models import MEMBER
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> Client:
    factories.sign_in_strongly(client, factories.owner())
    return client


def typed(**more: str) -> dict[str, str]:
    return {"name": "Plein tarif", "max_per_order": "4", "price": "12,50", "audience": "", **more}


def test_a_kind_is_sold_at_a_french_price_until_a_day_and_asks(owner: Client) -> None:
    event = factories.event(zone_name="America/Montreal")
    said = typed(
        sale_until="2027-01-10 18:00", asked="Régime alimentaire *\nTaille du tablier", asked_en="Diet\nApron size"
    )

    assert owner.post(reverse("meetings:add_ticket", args=[event.pk]), said).status_code == 302

    ticket = event.tickets.get()
    assert ticket.offer.sale_until.isoformat() == "2027-01-10T23:00:00+00:00"
    assert (ticket.offer.prices.get().amount, ticket.is_free, ticket.offer.max_per_order) == (1250, False, 4)
    assert asking.questions(ticket, "en") == [("regime-alimentaire", "Diet", True), ("taille-du-tablier", "Apron size", False)]  # fmt: skip
    assert "10 janvier" in owner.get(reverse("meetings:event", args=[event.pk])).content.decode()


def test_each_seat_is_asked_and_answered(owner: Client) -> None:
    ticket = factories.ticket(questions=questions("Régime *", ""))
    form = SeatsForm({"q1_regime": "végétarien"}, sellable=ticket, quantity=2)

    assert list(form.errors) == ["q2_regime"]
    details = {"q1_regime": "végétarien", "q2_regime": "aucun"}
    assert SeatsForm(details, sellable=ticket, quantity=2).is_valid()
    assert asking.answers(ticket, details, 2) == {"regime": "aucun"}
    assert any("végétarien" in row for row in asking.lines_of(ticket, details, "fr"))


def test_it_is_changed_kept_for_the_club_and_taken_off(owner: Client) -> None:
    factories.plan()
    ticket = factories.ticket()
    one = reverse("meetings:ticket", args=[ticket.event_id, ticket.pk])
    page = owner.get(one).content.decode()
    assert ticket.name in page
    assert 'name="price"' not in page

    assert owner.post(one, typed(audience=MEMBER, asked="Régime")).status_code == 302

    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.name, ticket.audience, ticket.offer.state) == ("Plein tarif", MEMBER, "archived")
    assert ticket.offer.sale_until == ticket.event.starts_at
    assert "Régime" in owner.get(one).content.decode()
    assert owner.post(one, typed(is_on_sale="on", audience="nobody")).status_code == 422
    assert owner.post(one, typed(is_on_sale="on", sale_from="2027-01-02", sale_until="2027-01-01")).status_code == 422
    assert owner.post(one, typed(is_on_sale="on")).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).offer.state == "live"


def test_a_price_with_a_comma_holds_and_what_is_none_is_said(owner: Client) -> None:
    ticket = factories.ticket()
    url = reverse("meetings:price", args=[ticket.event_id, ticket.pk])

    answer = owner.post(url, {"price": "12,50"}, follow=True)
    assert "12,50" in answer.content.decode()
    assert owner.post(url, {"price": "cher"}, follow=True).content.decode().count("12,50") >= 2


def test_a_question_typed_twice_is_asked_once() -> None:
    assert questions("Menu *\n\nMenu\n!\n", "Which menu?") == [
        {"key": "menu", "fr": "Menu", "en": "Which menu?", "needed": True},
        {"key": "q3", "fr": "!", "en": "", "needed": False},
    ]
