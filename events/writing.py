"""The pages that tell of an event: a draft is made in one tap, under the agenda of its language."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from events.models import Event, EventIndexPage, EventPage


def untold(event: Event) -> list[Locale]:
    """The languages of the site in which no page tells of it."""
    spoken = _front().get_translations(inclusive=True).values("locale_id")
    return list(Locale.objects.filter(pk__in=spoken).exclude(pk__in=event.pages.values("locale_id")).order_by("pk"))


def _front() -> Page:
    return Site.objects.get(is_default_site=True).root_page


@transaction.atomic
def draft(event: Event, locale: Locale, by: Any) -> EventPage:
    """Its page in that language, made as a draft where there is none; the agenda too where there is none. May run twice.

    Raises PermissionDenied where this person may not write there.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    found = EventPage.objects.filter(event=event, locale=locale).first()
    if found:
        return found
    told = EventPage.objects.filter(event=event).order_by("pk").first()
    page = EventPage(event=event, title=told.title if told else event.name, locale=locale, live=False, owner=by)
    if told:
        page.translation_key = told.translation_key
    _under(agenda(locale, by), page, by)
    page.save_revision(user=by, log_action=True)
    return page


def agenda(locale: Locale, by: Any) -> Page:
    """Where the events of a language stand; published the first time that one is written."""
    found = EventIndexPage.objects.filter(locale=locale).order_by("path").first()
    if found:
        return found
    home = _front().get_translations(inclusive=True).get(locale=locale)
    with translation.override(locale.language_code):
        page = EventIndexPage(title=_("Agenda"), locale=locale, owner=by)
    other = EventIndexPage.objects.order_by("path").first()
    if other:
        page.translation_key = other.translation_key
    _under(home, page, by)
    return page


def _under(parent: Page, page: Page, by: Any) -> None:
    if not parent.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied
    parent.add_child(instance=page)
