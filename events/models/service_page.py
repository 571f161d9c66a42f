"""A service told in one language: words and a picture. Its price, rules and hours are never in a page revision."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from events.models.coaching import Service
from events.models.pages import ToldPage


class ServicePage(ToldPage):
    """Stands under the agenda, which lists it."""

    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.PROTECT, related_name="service_pages"
    )

    template = "events/service_page.html"
    shown_with = ("social_image", "cover", "service__calendar", "service__offer")

    content_panels = [
        *ToldPage.content_panels,
        FieldPanel("service"),
        FieldPanel("summary"),
        FieldPanel("hand_line"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Picture")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("page of a service")
        verbose_name_plural = _("pages of services")

    def clean(self) -> None:
        """One page a service and language."""
        super().clean()
        twins = ServicePage.objects.filter(service=self.service_id, locale=self.locale_id).exclude(pk=self.pk)
        twin = twins.first() if self.service_id else None
        if twin:
            said = gettext("“%(page)s” already tells of this service in this language.")
            raise ValidationError(said % {"page": twin.title})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from events.services import context  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        return {**super().get_context(request, *args, **kwargs), **context(self, request)}
