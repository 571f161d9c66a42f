"""Mails that one may refuse: in the account, by the link of the mail, by the mail program alone (RFC 8058)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import clock, hosting
from events.models import Event, EventPage, Seat
from members import mailing, meeting, privacy
from members.models import Profile, Refusal
from store import fulfilment
from tests import factories

pytestmark = pytest.mark.django_db
Kind = mailing.Kind


def seated(email: str) -> Seat:
    """A guest of a meeting tomorrow, without an account."""
    event = factories.ticket(factories.event(days=1)).event
    factories.event_page(event)
    offer = event.tickets.get().offer
    fulfilment.fulfil(factories.order(factories.basket(offer), email=email).pk)
    return Seat.objects.get(event=event)


def link_of(letter) -> str:
    """The path that its header names."""
    return letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")


def test_a_guest_refuses_reminders_by_the_mails_own_link(work) -> None:
    seated("lea@example.org")
    clock.remind()
    work()
    letter = next(one for one in mail.outbox if "List-Unsubscribe" in one.extra_headers)
    path = link_of(letter)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in letter.body
    assert "lea@" not in path

    for method in ("get", "head"):
        assert getattr(Client(), method)(path).status_code == 200
    assert mailing.wants("lea@example.org", Kind.REMINDERS)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(path).status_code == 200
    assert not mailing.wants("Lea@Example.org", Kind.REMINDERS)
    assert mailing.wants("lea@example.org", Kind.AFTERWARDS)

    sent = len(mail.outbox)
    seated("lea@example.org")
    clock.remind()
    work()
    assert [one for one in mail.outbox[sent:] if "List-Unsubscribe" in one.extra_headers] == []
    strict.post(path, {"again": "1"})
    assert mailing.wants("lea@example.org", Kind.REMINDERS)


def test_the_mail_of_the_day_after_is_refused_alone(work) -> None:
    seat = seated("lea@example.org")
    EventPage.objects.update(after_words="Merci à tous.")
    over = timezone.now() - clock.AFTER - timedelta(hours=1)
    Event.objects.update(starts_at=over - timedelta(hours=2), ends_at=over)
    mailing.refuse(mailing.digest("lea@example.org"), Kind.AFTERWARDS)
    clock.thank()
    work()
    assert [one for one in mail.outbox if "Merci à tous" in one.body] == []
    hosting.tell_guests(seat.event, "reminder:0")
    work()
    assert [one for one in mail.outbox if "List-Unsubscribe" in one.extra_headers] != []


def test_a_forged_link_is_not_there() -> None:
    factories.open_shop()
    assert Client().post(reverse("members:unsubscribe", args=["reminders~abc~def"])).status_code == 404
    assert not Refusal.objects.exists()


def test_what_belongs_to_a_contract_cannot_be_refused(work) -> None:
    for kind in Kind.values:
        mailing.refuse(mailing.digest("lea@example.org"), kind)
    seated("lea@example.org")
    work()

    assert [one for one in mail.outbox if one.to == ["lea@example.org"]] != []


def test_boxes_of_the_account_are_the_same_choice(work) -> None:
    one, other = factories.member(), factories.member()
    asked = Profile.objects.create(user=other, name="Zoé", is_listed=True)
    Profile.objects.create(user=one, name="Nour", is_listed=True)
    hers = Client()
    hers.force_login(other)
    page = hers.get(reverse("account")).content.decode()
    assert page.count('name="wanted"') == page.count('name="wanted" value="') == len(Kind.values)
    hers.post(reverse("members:mails"), {"wanted": [Kind.REMINDERS]})
    meeting.ask(one, asked, "Bonjour.")
    work()

    assert [letter for letter in mail.outbox if "List-Unsubscribe" in letter.extra_headers] == []
    assert mailing.refused([other.email]) == {"afterwards", "introductions"}
    assert privacy.export(other)["mails_refused"] == ["afterwards", "introductions"]
    hers.post(reverse("members:mails"), {"wanted": Kind.values})
    assert not Refusal.objects.exists()


def test_an_introduction_names_its_way_out(work) -> None:
    one, other = factories.member(), factories.member()
    asked = Profile.objects.create(user=other, name="Zoé", is_listed=True)
    Profile.objects.create(user=one, name="Nour", is_listed=True)
    meeting.ask(one, asked, "Bonjour.")
    work()
    letter = mail.outbox[-1]
    Client().post(link_of(letter))

    assert letter.to == [other.email]
    assert mailing.refused([other.email]) == {"introductions"}
