"""What the owner is told, what goes out by the clock, what a person sees and may take away."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from events import clock, desk, door, hosting, moving, privacy
from events.models import Event, Seat
from members.models import ClubPage
from store import links
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


def past_evening() -> Event:
    """An event with a page, over since yesterday; three guests, of whom one ordered twice."""
    event = factories.event_page(factories.ticket(factories.event(days=1)).event).event
    for name in ("ada", "bob", "ada", "zoe"):
        free(event.tickets.get(), 1, email=f"{name}@example.org")
    over = timezone.now() - timedelta(hours=20)
    Event.objects.filter(pk=event.pk).update(starts_at=over, ends_at=over + timedelta(hours=2))
    return Event.objects.get(pk=event.pk)


def after_mails(work: Any) -> list[Any]:
    work()
    mail.outbox.clear()
    for _time in range(2):
        clock.run()
        work()
    return [row for row in mail.outbox if "merci" in row.subject.lower()]


def test_nothing_is_sent_afterwards_where_nothing_is_left_to_say(work):
    past_evening()
    assert after_mails(work) == []


def test_one_mail_afterwards_with_all_that_follows(work):
    event = past_evening()
    member = factories.member()
    Seat.objects.filter(email="bob@example.org").update(user=member)
    goods = factories.product_page().product.goods.get()
    later = factories.event_page(factories.ticket(factories.event(days=9)).event)
    club = factories.home().add_child(instance=ClubPage(title="Le club", slug="club", locale=factories.locale()))
    hosting.prepare_afterwards(event, photos_url="https://photos.example/1", offers=[goods.offer_id])
    found = {row.to[0]: row for row in after_mails(work)}
    assert set(found) == {"ada@example.org", "bob@example.org", "zoe@example.org"}
    for body in (found["ada@example.org"].body, found["ada@example.org"].alternatives[0].content):
        assert "https://photos.example/1" in body
        assert later.title in body
        assert goods.product.name in body
        assert club.url in body
    assert reverse("members:directory") in found["bob@example.org"].body
    assert club.url not in found["bob@example.org"].body


def test_who_did_not_come_is_not_thanked_where_the_door_was_kept(work):
    event = past_evening()
    hosting.prepare_afterwards(event, photos_url="https://photos.example/1", offers=[])
    door.check_in(Seat.objects.get(email="zoe@example.org"), key="1", by=None)
    assert [row.to for row in after_mails(work)] == [["zoe@example.org"]]


def test_owner_chooses_what_goes_with_it(client):
    factories.sign_in_strongly(client, factories.owner())
    event, goods = past_evening(), factories.product_page().product.goods.get()
    url = reverse("meetings:afterwards", args=[event.pk])
    assert goods.product.name in client.get(url).content.decode()
    said = {"photos_url": "https://photos.example/1", "offers": [goods.offer_id]}
    assert client.post(url, said).status_code == 302
    event.refresh_from_db()
    assert (event.photos_url, list(event.after_offers.values_list("pk", flat=True))) == (
        said["photos_url"],
        said["offers"],
    )
    assert client.post(url, {"photos_url": "nowhere"}).status_code == 422


def test_a_seat_handed_on_stands_in_both_accounts(client):
    giver, taker = factories.person(), factories.person(email="nour@example.org")
    ticket = factories.event_page(factories.ticket().event).event.tickets.get()
    free(ticket, 1, user=giver, email=giver.email, name="Léa Martin")
    first = Seat.objects.get()
    made = moving.to_person(first, name="Nour B.", email="Nour@example.org")
    assert made.user == taker
    client.force_login(giver)
    body = client.get(reverse("account")).content.decode()
    assert "donnée à Nour B." in body
    assert made.token not in body
    order_page = client.get(links.order_url(first.line.order)).content.decode()
    assert made.token not in order_page
    assert "qr" not in order_page.split('class="seat"')[1].split("</section>")[0]
    client.force_login(taker)
    body = client.get(reverse("account")).content.decode()
    assert made.token in body
    assert first.token not in body


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
