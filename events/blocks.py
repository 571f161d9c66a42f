"""A meeting or an appointment in an article: its card, with what can be had where it is read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import ReadAlongChooser
from store import kinds, offers


class EventChooserBlock(ReadAlongChooser):
    """An event's page, live or not; a deleted one becomes None and the article stays whole."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["page_type"] = "events.EventPage"
        super().__init__(**kwargs)


class EventBlock(blocks.StructBlock):
    """One event."""

    event = EventChooserBlock(label=_("Event"))
    note = blocks.CharBlock(
        label=_("A line in your hand"), required=False, max_length=60, help_text=_("Instead of the event's own.")
    )

    class Meta:
        label = _("Event")
        icon = "date"
        group = _("For sale")
        template = "events/blocks/event.html"
        description = _("One event with its date, its places and the button to come.")
        preview_template = "store/blocks/preview.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["group"] = kinds.group_for("event", value.get("event"), context, note=value.get("note") or "")
        return context

    def get_preview_value(self) -> Any:
        from events.models import EventPage  # noqa: PLC0415 - the article's body is known before the models are

        return self.normalize({"event": EventPage.objects.live().first(), "note": ""})


def groups(keys: list[int], locale: str, request: Any) -> Any:
    """The cards of these pages, read once the models are there."""
    from events import cards  # noqa: PLC0415

    return cards.groups(keys, locale, request)


def services() -> list[tuple[str, str]]:
    """(key, name) of all, read when the form is shown."""
    from events.models import Service  # noqa: PLC0415

    return [(str(service.pk), service.name) for service in Service.objects.all()]


class ServiceBlock(blocks.StructBlock):
    """One service: its card leads to the free times."""

    service = blocks.ChoiceBlock(label=_("Service"), choices=services)

    class Meta:
        label = _("Appointment")
        icon = "calendar-alt"
        group = _("For sale")
        template = "events/blocks/service.html"
        description = _("An appointment with you: what it is, its price, and the button to choose a time.")
        preview_template = "store/blocks/preview.html"

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Services come and go without a migration."""
        return "wagtail.blocks.StructBlock", ([("service", blocks.CharBlock())],), {}

    def extract_references(self, value: Any) -> Iterator[tuple[type[Model], str, str, str]]:
        """So that "told in" and the sales by article know of it."""
        from events.models import Service  # noqa: PLC0415

        if value.get("service"):
            yield Service, str(value["service"]), "service", "service"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        loaded, key = context.get("offer_groups"), value.get("service") or "0"
        found = loaded if loaded is not None else kinds.load([("service", key)], [], offers.language())  # type: ignore[list-item]
        return {**context, "group": found.get(("service", key))}


def service_groups(keys: list[Any], locale: str, request: Any) -> dict[Any, Any]:
    """The cards of these services by the key that the block holds, read once the models are there."""
    from events import appointments  # noqa: PLC0415

    return {str(pk): group for pk, group in appointments.groups([int(key) for key in keys], locale, request).items()}


kinds.register(kinds.Kind("service", "service", service_groups))
kinds.register(kinds.Kind("event", "event", groups, is_page=True))
