"""The register of personal data is whole: a field that may hold something about a person has a row, and one only."""

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from core.personal import Fate, Row
from home import collect

TEXTS = (
    models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, models.ForeignKey,
    models.UUIDField, models.GenericIPAddressField,
)  # fmt: skip
OURS = ("core", "home", "store", "events", "members", "blog")
ROWS: list[Row] = [row for _app, module in collect.modules("personal") for row in module.REGISTER]
NOT_OF_READERS = {
    # What the owner writes and sells, and the machine's own.
    "core": {"Photo", "PhotoRendition", "Shop", "VatRegime", "TermsVersion", "Throttle"},
    "home": {"HomePage", "PinnedArticle", "StandardPage", "Menu", "MenuEntry"},
    "store": {
        "Offer", "DeliveryMethod", "DeliveryRate", "Concern", "MailSent", "MailClaim", "Product", "Goods", "GoneAddress",
        "ShopPage", "CategoryPage", "ProductPage", "ProductPicture", "ProductFact", "ParcelLine", "Payment", "RefundLine",
        "Price", "Stock", "StockMove", "Hold",
    },
    "events": {
        "Event", "Ticket", "Calendar", "WeeklyHours", "DayException", "Service", "CalendarCell", "BusySource", "BusyTime",
        "EventIndexPage", "EventPage", "AgendaLine", "ServicePage", "HourPack",
    },
    "members": {"Tier", "Plan", "ClubPage"},
    "blog": {"Author", "Section", "JournalPage", "ArticleTag", "ArticlePage"},
}  # fmt: skip


def told(model: type[models.Model]) -> set[str]:
    return {name for row in ROWS if row.model is model for name in row.fields.split()}


def holding(model: type[models.Model]) -> set[str]:
    """Fields that could say something about a person."""
    return {field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)}  # noqa: SLF001


@pytest.mark.parametrize("app", OURS)
def test_every_model_of_ours_has_rows_or_holds_nobody(app: str) -> None:
    known = {model.__name__ for model in apps.get_app_config(app).get_models()}
    with_rows = {row.model.__name__ for row in ROWS if row.model._meta.app_label == app}  # noqa: SLF001

    assert known - with_rows == NOT_OF_READERS[app] & known
    assert not with_rows & NOT_OF_READERS[app]


@pytest.mark.parametrize("model", sorted({row.model for row in ROWS}, key=lambda model: model.__name__))
def test_every_field_has_one_row(model: type[models.Model]) -> None:
    names = [name for row in ROWS if row.model is model for name in row.fields.split()]

    assert holding(model) - set(names) == set(), "a field without a row in the app's personal.REGISTER"
    assert set(names) <= {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_what_is_personal_is_told_or_says_why_not() -> None:
    assert [row for row in ROWS if row.fate is not Fate.PLAIN and not (row.told or row.why)] == []
    assert [row for row in ROWS if row.fate is Fate.STAYS and not row.why] == []


def test_nothing_keeps_an_account_from_going() -> None:
    """A reference to a person is let go of or goes with them; it never forbids."""
    people = apps.get_model(settings.AUTH_USER_MODEL)
    ways = {
        f"{model.__name__}.{field.name}": field.remote_field.on_delete
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001
        if isinstance(field, models.ForeignKey) and field.related_model is people
    }
    assert {name for name, way in ways.items() if way not in {models.CASCADE, models.SET_NULL}} == set()


def test_addresses_stand_in_models_with_rows() -> None:
    without = [
        f"{model.__name__}.{field.name}"
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model.__name__ in NOT_OF_READERS[app]
        for field in model._meta.concrete_fields  # noqa: SLF001
        if isinstance(field, models.EmailField)
    ]
    assert without == ["Shop.email"]
