"""The application `blog`."""

from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"

    def ready(self) -> None:
        from blog import gone  # noqa: F401, PLC0415 - listens to articles that are taken away
