"""The roof: what collects from all the others."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
