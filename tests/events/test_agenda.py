"""The agenda's lists and an event's page: what stands there, and that its queries do not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, Seat
from tests import factories
from tests.events.test_admission import free

pytestmark = pytest.mark.django_db


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_lists_by_time_month_and_kind(client):
    coming = factories.event_page(factories.ticket(factories.event(kind="fair")).event)
    over = factories.event_page(factories.ticket(factories.event()).event)
    past = over.event.starts_at - timedelta(days=40)
    Event.objects.filter(pk=over.event_id).update(starts_at=past, ends_at=past + timedelta(hours=1))
    agenda = factories.agenda()
    bodies = {
        name: client.get(agenda.url + name).content.decode()
        for name in ("", "archives/", f"{coming.event.local_start:%Y}/{coming.event.local_start.month}/", "?kind=visit")
    }
    found = [(coming.title in body, over.title in body) for body in bodies.values()]
    assert found == [(True, False), (False, True), (True, False), (False, False)]
    assert client.get(f"{agenda.url}2026/13/").status_code == 404


def test_door_code_and_link_are_on_the_seat_alone(client):
    event = factories.event(door_code="42B7", online_url="https://meet.example.org/x", host_phone="0612345678")
    page = factories.event_page(factories.ticket(event).event)
    free(event.tickets.get())
    public = client.get(page.url).content.decode()
    private = client.get(f"/place/{Seat.objects.get().token}/").content.decode()
    for secret in ("42B7", "meet.example.org", "0612345678"):
        assert secret not in public
        assert secret in private


def test_who_comes_shows_first_names_of_those_who_said_yes(client):
    event = factories.event(shows_guests=True)
    page = factories.event_page(factories.ticket(event).event)
    ticket = event.tickets.get()
    free(ticket, 2, name="Zoé Blanc", details={f"line-{ticket.offer_id}": {"shown": True, "name2": "Hugo Roux"}})
    free(ticket, 1, name="Omar Diallo", email="o@example.org")
    body = client.get(page.url).content.decode()
    assert "Zoé" in body
    assert not [name for name in ("Blanc", "Hugo", "Omar", "Diallo") if name in body]


def test_queries_do_not_grow_with_events_and_seats(client):
    one = factories.event_page(factories.ticket(factories.event(capacity=200)).event)
    agenda = factories.agenda()
    few = queries(client, agenda.url), queries(client, one.url)
    for _number in range(9):
        factories.event_page(factories.ticket(factories.event()).event)
    for number in range(10):
        free(one.event.tickets.get(), 5, email=f"g{number}@example.org")
    assert (queries(client, agenda.url), queries(client, one.url)) == few
