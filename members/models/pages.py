"""The club's own page: words of the owner, its tiers, how to join and how to leave."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from core.blocks import EditorialBlocks
from core.models import BasePage


class ClubPage(BasePage):
    """What belonging means here."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    body = StreamField(EditorialBlocks(), verbose_name=_("text"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    template = "members/club_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = _("club page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from members import club  # noqa: PLC0415 - verbs know models, not the reverse, but for this door

        return {**super().get_context(request, *args, **kwargs), **club.page_context(self, request)}
