"""The application `members`."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import signals  # noqa: F401, PLC0415 - connects the receivers
