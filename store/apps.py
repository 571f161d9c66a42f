"""The application `store`."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "store"

    def ready(self) -> None:
        from store import gone  # noqa: F401, PLC0415 - listens to pages that are taken away
