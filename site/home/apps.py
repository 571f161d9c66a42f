"""The roof: what collects from all the others."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        from home import privacy  # noqa: F401, PLC0415 - listens to addresses that are proved
