"""The application `events`."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        """Who has hours left is charged nothing for one."""
        from events import prepaid  # noqa: PLC0415 - models are there from now on
        from store import audiences  # noqa: PLC0415

        audiences.hold(prepaid.audiences_of)
