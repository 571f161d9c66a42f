"""What the owner is told, what goes out by the clock, what a person sees and may take away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events import clock, desk, privacy
from events.models import Event, Seat
from tests import factories
from tests.events.test_admission import free
from tests.events.test_waiting import full, wait

pytestmark = pytest.mark.django_db


def test_desk_names_who_waits_and_who_comes_soon():
    event = full(2, days=5)
    wait(event, "ada", 3)
    rows = {row.kind: row for row in desk.todo(event.shop)}
    assert set(rows) == {"waiting", "soon"}
    assert (rows["waiting"].count, rows["soon"].count) == (3, 2)


def test_one_reminder_a_day_before_and_one_word_after(work):
    event = factories.event(days=1)
    page = factories.event_page(factories.ticket(event).event, after_words="Merci à tous.")
    free(event.tickets.get(), 2)
    work()
    before = len(mail.outbox)
    for _time in range(2):
        clock.run()
        work()
    assert [row.subject for row in mail.outbox[before:]] == [f"Bientôt : {page.title}"]
    past = timezone.now() - timedelta(hours=20)
    Event.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    for _time in range(2):
        clock.run()
        work()
    assert "Merci à tous." in mail.outbox[-1].body
    assert len(mail.outbox) == before + 2


def test_account_export_and_erasure(client):
    person = factories.person()
    ticket = factories.event_page(factories.ticket().event).event.tickets.get()
    free(ticket, 1, user=person, email=person.email, name="Léa Martin")
    client.force_login(person)
    seat = Seat.objects.get()
    assert seat.token in client.get(reverse("account")).content.decode()
    assert privacy.export(person)["seats"][0]["holder"] == "Léa Martin"
    privacy.erase(person)
    seat.refresh_from_db()
    assert (seat.holder, seat.email, seat.user, seat.state) == ("", "", None, "cancelled")


def test_owners_screens_answer_and_export(client):
    owner = factories.owner()
    factories.sign_in_strongly(client, owner)
    event = full(2)
    wait(event, "ada")
    factories.event_page(event)
    for name in ("event", "edit", "move", "cancel", "roster"):
        assert client.get(reverse(f"meetings:{name}", args=[event.pk])).status_code == 200
    assert client.get(reverse("meetings:events") + "?q=Rencontre").status_code == 200
    csv = b"".join(client.get(reverse("meetings:roster", args=[event.pk]) + "?export=csv").streaming_content).decode()
    assert csv.count("sits") == 2
    made = {
        "name": "Salon", "kind": "fair", "begins": "2027-03-01 10:00", "ends": "2027-03-01 18:00", "zone_name": "Europe/Paris",
        "capacity": "30", "price": "12.50",
    }  # fmt: skip
    assert client.post(reverse("meetings:new"), made).status_code == 302
    fair = Event.objects.get(name="Salon")
    assert (fair.local_start.hour, fair.room.on_hand, fair.tickets.get().is_free) == (10, 30, False)
    assert client.post(reverse("meetings:places", args=[event.pk]), {"capacity": "3"}).status_code == 302
    assert event.waiting.get().state == "offered"
    ticket = fair.tickets.get()
    client.post(reverse("meetings:price", args=[fair.pk, ticket.pk]), {"price": "0"})
    ticket.refresh_from_db()
    assert ticket.is_free
