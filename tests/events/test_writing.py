"""From an event to its page: a draft in one tap, in each language of the site, under an agenda that the owner may make."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import writing
from events.models import EventIndexPage, EventPage
from home.models import HomePage
from members.models import ClubPage
from tests import factories

pytestmark = pytest.mark.django_db


def test_page_is_begun_once_in_each_language_and_opens_in_the_editor(client: Client) -> None:
    event, owner = factories.event(name="Soirée huile"), factories.owner()
    french, english = factories.home("fr"), factories.home("en")
    english.translation_key = french.translation_key
    english.save()
    factories.sign_in_strongly(client, owner)
    screen = client.get(reverse("meetings:event", args=[event.pk])).content.decode()
    for code in ("fr", "en"):
        address = reverse("meetings:write_page", args=[event.pk, code])
        assert address in screen
        answers = [client.post(address) for _again in range(2)]
        page = EventPage.objects.get(event=event, locale__language_code=code)
        assert {answer.url for answer in answers} == {reverse("wagtailadmin_pages:edit", args=[page.pk])}
        assert (page.live, page.title, page.latest_revision is not None) == (False, "Soirée huile", True)
        assert client.get(answers[0].url).status_code == 200
    first, second = EventPage.objects.filter(event=event)
    assert first.translation_key == second.translation_key
    assert {row.live for row in EventIndexPage.objects.all()} == {True}
    assert not writing.untold(event)


def test_who_may_not_write_there_begins_nothing() -> None:
    event, editor = factories.event(), factories.person()
    factories.home("fr")
    with pytest.raises(PermissionDenied):
        writing.draft(event, factories.locale("fr"), editor)
    assert not EventPage.objects.exists()


def test_owner_may_put_an_agenda_and_a_club_on_her_front_page() -> None:
    allowed = HomePage.allowed_subpage_models()
    assert {EventIndexPage, ClubPage} <= set(allowed)


def test_front_page_names_the_next_three_dates(client: Client) -> None:
    home = factories.home()
    names = ["Hier", "Demain", "Bientôt", "Plus tard", "Au printemps"]
    for days, name in zip((-1, 1, 5, 9, 90), names, strict=True):
        factories.event_page(factories.ticket(factories.event(days=days, name=name)).event)
    html = client.get(home.url).content.decode()
    assert [name for name in names if f">{name}</a>" in html] == ["Demain", "Bientôt", "Plus tard"]
    assert timezone.now() < EventPage.objects.get(title="Demain").event.starts_at
