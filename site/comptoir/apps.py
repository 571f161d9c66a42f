"""The wiring as an application: it has no tables, only checks."""

from django.apps import AppConfig


class ComptoirConfig(AppConfig):
    name = "comptoir"

    def ready(self) -> None:
        from comptoir import checks  # noqa: F401, PLC0415 - registers them
