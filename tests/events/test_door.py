"""The door: a roster for phones, marks that count once, two phones at one door, undo."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import door
from events.models import CheckIn, Event, Seat, Ticket
from members import card, joining
from store import pricing
from store.models import Offer
from tests import factories

NOW = timezone.now()


@pytest.fixture
def event(db) -> Event:
    shop = factories.open_shop()
    return Event.objects.create(shop=shop, name="Soirée", starts_at=NOW, ends_at=NOW + timedelta(hours=3))


def seats(event: Event, number: int = 3) -> list[Seat]:
    """That many guests on one order."""
    ticket = event.tickets.first()
    if ticket is None:
        offer = Offer.objects.create(shop=event.shop, kind=Ticket.kind(), state=Offer.State.LIVE)
        ticket = Ticket.objects.create(offer=offer, event=event, name="Place")
    line = factories.order().lines.get()
    return [
        Seat.objects.create(
            event=event, ticket=ticket, line=line, number=n, holder=f"Invité {n}", email="a@example.org"
        )
        for n in range(1, number + 1)
    ]


def mark(seat: Seat, *, what: str = "in", minutes: int = 0, key: str = "") -> door.Mark:
    return door.Mark(key or uuid.uuid4().hex, seat.pk, NOW + timedelta(minutes=minutes), what)


def inside(event: Event) -> list[int]:
    return [row["id"] for row in door.roster(event) if row["in"]]


def test_the_same_mark_sent_twice_counts_once(event: Event) -> None:
    first, *_rest = seats(event)
    once = mark(first)

    assert door.sync(event, [once], device="a", by=None) == [once.key]
    assert door.sync(event, [once], device="a", by=None) == [once.key]
    assert CheckIn.objects.get().seat == first


def test_two_phones_let_the_same_guest_in_once_at_the_earlier_moment(event: Event) -> None:
    first, *_rest = seats(event)
    door.sync(event, [mark(first, minutes=-2)], device="a", by=None)
    door.sync(event, [mark(first, minutes=-7)], device="b", by=None)

    assert CheckIn.objects.get().at == NOW - timedelta(minutes=7)


def test_undone_and_in_again(event: Event) -> None:
    first, second, _third = seats(event)
    out = mark(first, what="out", minutes=-3)
    door.sync(event, [mark(first, minutes=-5), mark(second, minutes=-5), out], device="a", by=None)
    assert inside(event) == [second.pk]

    door.sync(event, [mark(first, minutes=-1), out], device="a", by=None)
    assert sorted(inside(event)) == sorted([first.pk, second.pk])


def test_an_old_undo_that_comes_late_takes_nobody_out(event: Event) -> None:
    first, *_rest = seats(event)
    door.sync(event, [mark(first, minutes=-1)], device="a", by=None)
    door.sync(event, [mark(first, what="out", minutes=-9)], device="b", by=None)

    assert inside(event) == [first.pk]


def test_a_cancelled_seat_and_another_events_seat_do_not_come_in(event: Event) -> None:
    other = Event.objects.create(shop=event.shop, name="Autre", starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    gone, *_rest = seats(event)
    Seat.objects.filter(pk=gone.pk).update(state=Seat.State.CANCELLED)
    elsewhere, *_more = seats(other)
    done = door.sync(event, [mark(gone, key="1"), mark(elsewhere, key="2")], device="a", by=None)

    assert sorted(done) == ["1", "2"]
    assert not CheckIn.objects.exists()


def test_a_clock_that_is_fast_is_put_right(event: Event) -> None:
    first, *_rest = seats(event)
    door.sync(event, [mark(first, minutes=90)], device="a", by=None)

    assert CheckIn.objects.get().at < timezone.now() + timedelta(minutes=6)


def test_the_roster_keeps_no_token_and_asks_as_often_for_many(event: Event, django_assert_num_queries) -> None:
    rows = seats(event, 40)
    with django_assert_num_queries(2):
        found = door.roster(event)

    assert len(found) == 40
    assert not any(seat.token in json.dumps(found) for seat in rows)
    assert found[0]["key"] == door.fingerprint(next(seat for seat in rows if seat.pk == found[0]["id"]).token)


def asked(client: Client, name: str, event: Event, body: object = None):
    url = reverse(f"events:{name}", args=[event.pk])
    return client.get(url) if body is None else client.post(url, json.dumps(body), content_type="application/json")


def test_only_who_works_here_with_a_second_factor(event: Event) -> None:
    stranger, reader, weak, owner = Client(), Client(), Client(), Client()
    reader.force_login(factories.person())
    weak.force_login(factories.person(is_staff=True, is_superuser=True))
    factories.sign_in_strongly(owner, factories.owner())
    seats(event)

    for name in ("door", "door-roster"):
        assert "login" in asked(stranger, name, event).headers["Location"]
        assert asked(reader, name, event).status_code == 404
        assert asked(weak, name, event).status_code == 302
        assert asked(owner, name, event).status_code == 200
    assert asked(owner, "door-sync", event, {"marks": []}).json()["done"] == []
    assert asked(reader, "door-sync", event, {"marks": []}).status_code == 404


def test_the_page_may_use_the_camera_and_names_nobody(event: Event) -> None:
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())
    seats(event)
    response = asked(owner, "door", event)

    assert response.headers["Permissions-Policy"].startswith("camera=(self)")
    assert "Invité" not in response.content.decode()
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "body",
    [
        "nonsense", {"marks": [{"key": "1"}]}, {"marks": [{"key": "1", "seat": "x", "at": "y", "what": "in"}]}, {},
        {"marks": [], "device": "a\0b"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(event: Event, body: object) -> None:
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())

    assert asked(owner, "door-sync", event, body).status_code == 400


def test_a_card_at_the_door_gives_the_members_price(event: Event, sandbox) -> None:
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())
    evening = factories.event(capacity=9)
    ticket = factories.ticket(evening, price=1200)
    pricing.set_price(Offer.objects.get(pk=ticket.offer_id), 800, audience="member")
    club = factories.ticket(evening, price=0, audience="member")
    row = factories.membership(factories.member())
    url = reverse("events:door-walk-in", args=[evening.pk])
    said = {"name": "Nour", "email": "nour@example.org", "ticket": ticket.pk}

    assert "12,00" in owner.post(url, said).json()["amount"]
    assert "8,00" in owner.post(url, {**said, "card": row.number.lower()}).json()["amount"]
    assert "8,00" in owner.post(url, {**said, "card": card.word(row)}).json()["amount"]
    assert owner.post(url, {**said, "ticket": club.pk}).status_code == 409
    assert owner.post(url, {**said, "ticket": club.pk, "card": row.number}).json()["seat"]
    joining.end(row)
    for shown in (row.number, card.word(row), "C1.x.y", "nobody"):
        assert "card" in owner.post(url, {**said, "card": shown}).json()["errors"]
    page = asked(owner, "door", evening).content.decode()
    assert "club 8,00" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_a_walk_in_asked_for_again_is_the_same_guest(event: Event) -> None:
    owner = Client()
    factories.sign_in_strongly(owner, factories.owner())
    evening = factories.event(capacity=3)
    ticket = factories.ticket(evening)
    said = {"name": "Nour", "email": "nour@example.org", "ticket": ticket.pk, "key": str(uuid.uuid4())}
    url = reverse("events:door-walk-in", args=[evening.pk])
    first, second = (owner.post(url, said).json() for _turn in range(2))
    other = owner.post(url, {**said, "name": "Ada", "email": "ada@example.org"}).json()

    assert first["seat"] == second["seat"] != other["seat"]
    assert evening.seats.taken().count() == CheckIn.objects.count() == 2
