"""The waiting list: first come, first offered; groups are not split nor passed; what is not answered passes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from events import admission, claiming, rooms, waiting
from events.models import Event, Seat, WaitingEntry
from store import checkout, fulfilment, wants
from store.exceptions import CannotBeSold
from store.models import Stock
from tests import factories
from tests.events.test_admission import free, left

pytestmark = pytest.mark.django_db


def full(capacity: int = 4, **fields: Any) -> Event:
    """An event of which every place is taken, one seat to an order."""
    event = factories.event(capacity=capacity, **fields)
    ticket = factories.ticket(event)
    for number in range(capacity):
        free(ticket, 1, email=f"sits{number}@example.org")
    return event


def wait(event: Event, name: str, size: int = 1) -> WaitingEntry:
    return waiting.join(
        event, event.tickets.get(), size=size, name=name, email=f"{name}@example.org", locale="fr"
    )  # fmt: skip


def states(event: Event) -> list[tuple[str, str, int]]:
    return [(row.name, row.state, row.set_aside) for row in event.waiting.order_by("pk")]


def leave_seats(event: Event, count: int) -> None:
    for seat in Seat.objects.filter(event=event, state="valid").order_by("pk")[:count]:
        admission.give_up(seat)


def take(entry: WaitingEntry) -> Any:
    who = factories.buyer(email=entry.email, name=entry.name)
    ticket = entry.event.tickets.get()
    wish = wants.Wish(ticket.offer, entry.size, details={"waiting": entry.token})
    total = checkout.draft(ticket.offer.shop, wants.keyed([wish]), country="FR").total
    order = claiming.claim(entry, ticket, who, shown_total=total)
    fulfilment.fulfil(order.pk)
    return order


def test_nobody_waits_where_there_is_room():
    event = factories.event(capacity=1)
    factories.ticket(event)
    with pytest.raises(waiting.NotFull):
        wait(event, "ada")


def test_a_freed_place_is_offered_to_the_first_and_to_nobody_else():
    event = full()
    first, second = wait(event, "ada"), wait(event, "bob")
    assert (waiting.place(first), waiting.place(second), waiting.ahead(second)) == (1, 2, 1)
    leave_seats(event, 1)
    assert states(event) == [("ada", "offered", 1), ("bob", "waiting", 0)]
    assert left(event) == 0
    with pytest.raises(CannotBeSold):
        free(event.tickets.get(), email="fast@example.org")
    first.refresh_from_db()
    order = take(first)
    assert Seat.objects.filter(line__order=order, state="valid").count() == 1
    assert states(event) == [("ada", "taken", 0), ("bob", "waiting", 0)]
    with pytest.raises(waiting.OfferOver):
        take(first)


def test_a_group_is_not_passed_by_a_smaller_one():
    event = full()
    wait(event, "four", 3)
    wait(event, "one", 1)
    leave_seats(event, 1)
    leave_seats(event, 1)
    assert states(event) == [("four", "waiting", 2), ("one", "waiting", 0)]
    leave_seats(event, 2)
    assert states(event) == [("four", "offered", 3), ("one", "offered", 1)]


def test_who_leaves_lets_the_next_have_it():
    event = full()
    first = wait(event, "ada", 2)
    wait(event, "bob")
    leave_seats(event, 1)
    assert waiting.leave(first)
    assert not waiting.leave(first)
    assert states(event) == [("ada", "left", 0), ("bob", "offered", 1)]


def test_an_offer_that_nobody_answers_passes_on_and_then_to_all(work):
    event = full()
    first = wait(event, "ada")
    second = wait(event, "bob")
    leave_seats(event, 1)
    later = timezone.now() + timedelta(hours=25)
    assert not waiting.lapse(first.pk, timezone.now())
    assert waiting.sweep(later) == 1
    assert states(event) == [("ada", "lapsed", 0), ("bob", "offered", 1)]
    waiting.lapse(second.pk, later + timedelta(hours=25))
    assert left(event) == 1
    work()
    kinds = {
        (row.to[0], row.subject.split(" : ")[0].split(":")[0]) for row in mail.outbox if "example.org" in row.to[0]
    }
    assert (
        len([to for to, _subject in kinds if to == "ada@example.org"]) == 2
    )  # on the list, passed on: what was offered is over
    again = len(mail.outbox)
    work()
    assert len(mail.outbox) == again


def test_more_chairs_go_to_those_who_wait():
    event = full()
    wait(event, "ada", 2)
    rooms.resize(event, 7)
    assert states(event) == [("ada", "offered", 2)]
    assert left(event) == 1
    assert Stock.objects.get(pk=event.room_id).on_hand == 5


def test_claim_page_orders_in_place(client, work):
    event = full()
    factories.event_page(event)
    entry = wait(event, "ada")
    leave_seats(event, 1)
    url = f"/liste-d-attente/ma-place/{entry.token}/prendre/"
    body = client.get(url).content.decode()
    assert "data-order" in body
    token = body.split('name="token" value="')[1].split('"')[0]
    answer = client.post(url, {"token": token, "total": "0", "email": "ada@example.org", "name": "Ada"})
    assert answer.status_code == 302, answer.content.decode()
    done = client.get(answer["Location"]).content.decode()
    assert 'class="qr"' in done
    assert client.get(url).content.decode().count("data-order") == 0


def test_join_page(client):
    event = full()
    factories.event_page(event)
    page = client.get(event.pages.get().url).content.decode()
    url = f"/liste-d-attente/{event.pk}/"
    assert url in page
    answer = client.post(url, {"size": "2", "name": "Ada", "email": "ada@example.org"})
    assert "Regardez vos e-mails" in answer.content.decode()
    assert states(event) == [("Ada", "waiting", 0)]
    token = event.waiting.get().token
    client.post(f"/liste-d-attente/ma-place/{token}/")
    assert states(event) == [("Ada", "left", 0)]


def test_an_address_alone_opens_nobodys_place(client):
    event = full()
    factories.event_page(event)
    entry = wait(event, "ada")
    answer = client.post(f"/liste-d-attente/{event.pk}/", {"size": "1", "name": "Eve", "email": "ADA@example.org"})
    assert entry.token not in answer.headers.get("Location", "") + answer.content.decode()
    assert states(event) == [("ada", "waiting", 0)]


def told(client, event: Event, email: str) -> tuple[int, str]:
    """What is answered to who asks for a place, but for the address that they typed themselves."""
    answer = client.post(f"/liste-d-attente/{event.pk}/", {"size": "1", "name": "Eve", "email": email})
    return answer.status_code, answer.content.decode().replace(email, "")


def test_nobody_learns_who_waits_and_who_waits_is_mailed_the_link_again(client, work):
    event = full()
    factories.event_page(event)
    entry = wait(event, "ada")
    work()
    mail.outbox.clear()
    assert told(client, event, "ada@example.org") == told(client, event, "eve@example.org")
    told(client, event, "Ada@example.org")
    work()
    to_ada = [row for row in mail.outbox if row.to == ["ada@example.org"]]
    assert len(to_ada) == 1
    assert entry.token in str(to_ada[0].body)
    leave_seats(event, 1)
    work()
    mail.outbox.clear()
    assert told(client, event, "ada@example.org") == told(client, event, "ida@example.org")
    work()
    assert [f"{entry.token}/prendre/" in str(row.body) for row in mail.outbox if row.to == ["ada@example.org"]] == [
        True
    ]


def test_where_places_are_free_all_are_told_so(client):
    event = full()
    factories.event_page(event)
    wait(event, "ada")
    leave_seats(event, 2)
    assert states(event) == [("ada", "offered", 1)]
    assert told(client, event, "ada@example.org") == told(client, event, "eve@example.org")


def test_who_has_proved_the_address_is_told_at_once(client):
    event = full()
    factories.event_page(event)
    person = factories.person(email="ada@example.org")
    entry = wait(event, "ada")
    said = {"size": "1", "name": "Ada", "email": "ada@example.org"}
    client.force_login(factories.person())
    assert client.post(f"/liste-d-attente/{event.pk}/", said).status_code == 200
    client.force_login(person)
    assert client.post(f"/liste-d-attente/{event.pk}/", said)["Location"].endswith(f"/{entry.token}/")
