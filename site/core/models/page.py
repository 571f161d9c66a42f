"""What every page of the site has."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction

from core.page_form import PageForm


class BasePage(Page):
    """Abstract: social picture and search engines, alike on every page type."""

    base_form_class = PageForm
    shown_with: ClassVar[tuple[str, ...]] = ("social_image",)
    is_open_to_all = False  # set by whoever found the page and saw that no view restriction stands above it

    social_image = models.ForeignKey(
        "core.Photo",
        verbose_name=_("picture for sharing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when somebody shares this page; empty: the page's own picture."),
    )
    noindex = models.BooleanField(_("hide from search engines"), default=False)

    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel([FieldPanel("social_image"), FieldPanel("noindex")], heading=_("Sharing and search")),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the page's head; a type that has more to say puts its own in its place."""
        from core import head  # noqa: PLC0415 - it knows the models

        made: Any = SimpleLazyObject(lambda: head.of(self, request))
        switches = SimpleLazyObject(lambda: head.switches(made, self.locale.language_code))
        return {**super().get_context(request, *args, **kwargs), "head": made, "alternates": switches}

    def get_view_restrictions(self) -> Any:
        """Asked at most once for each page shown: the hook that guards it and the word whether it is public agree."""
        if self.is_open_to_all:
            return PageViewRestriction.objects.none()
        if "_restrictions" not in self.__dict__:
            self.__dict__["_restrictions"] = super().get_view_restrictions()
        return self.__dict__["_restrictions"]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A live page that nobody is kept from is public: the same bytes for every visitor."""
        return self.marked(request, super().serve(request, *args, **kwargs))

    def marked(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The response with the word whether it is public."""
        restricted = getattr(request, "is_preview", False) or self.get_view_restrictions().exists()
        response.is_public = not restricted  # type: ignore[attr-defined]
        return response
