"""The floor of the house."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Comptoir"

    def ready(self) -> None:
        from core import photo  # noqa: F401, PLC0415 - registers the upload hook
