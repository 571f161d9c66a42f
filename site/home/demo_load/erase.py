"""Takes the demo shop away, so that it can be loaded again. The pictures stay: drawing them takes the longest."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django_ox.models import OxTask
from wagtail.models import Page, Site

from core.models import TermsVersion, Throttle, VatRegime
from members.models import User

OURS = ("events", "store", "blog", "home")


def everything() -> None:
    """Pages, goods, orders, people; call inside a transaction, for the order of deletion leaves gaps until its end."""
    OxTask.objects.all().delete()
    Session.objects.all().delete()
    Site.objects.update(root_page=Page.get_first_root_node())
    Page.objects.filter(depth__gt=1).delete()
    for label in OURS:
        for model in _models(label):
            if not issubclass(model, Page):
                _clear(model)
    for model in (TermsVersion, VatRegime, Throttle):
        _clear(model)
    User.objects.all().delete()


def _models(label: str) -> Iterable[Any]:
    return apps.get_app_config(label).get_models(include_auto_created=True)


def _clear(model: Any) -> None:
    """All rows at once, without signals: nothing that refers to them is left when the transaction ends."""
    rows = model._base_manager.all()  # noqa: SLF001 - Django's own name for it
    rows._raw_delete(rows.db)  # noqa: SLF001 - the plain DELETE that Django keeps to itself
