"""What must hold before the shop runs: keys, mode, durability. Registered by the roof's app."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@register(Tags.security)
def stripe_keys(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """Live keys speak to Stripe only, and never from the demo; the two keys are of one kind."""
    del app_configs
    secret, public = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    if settings.STRIPE_LIVE and (settings.STRIPE_API_BASE or settings.SANDBOX_ORIGIN):
        hint = "Unset STRIPE_API_BASE and SANDBOX_ORIGIN."
        yield Error("Live keys are set together with another address than Stripe's.", hint=hint, id="comptoir.E001")
    if settings.STRIPE_LIVE and settings.LOCAL:
        yield Error("Live keys are set in the demo or while developing.", id="comptoir.E002")
    if bool(secret) != bool(public):
        yield Error("Only one of Stripe's two keys is set.", id="comptoir.E005")
    elif secret and _mode(secret) != _mode(public):
        yield Error("Stripe's two keys are of different modes.", id="comptoir.E006")


@register(Tags.security, deploy=True)
def ready_to_sell(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """Outside the demo there are keys and a webhook secret. Only before serving: `migrate` comes earlier."""
    del app_configs
    if settings.LOCAL:
        return
    if not settings.STRIPE_SECRET_KEY:
        hint = "Set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY; test keys will do to begin with."
        yield Error("No Stripe keys: nothing can be sold.", hint=hint, id="comptoir.E004")
    elif not settings.STRIPE_WEBHOOK_SECRETS:
        hint = "./comptoir manage stripe_setup makes the endpoint and prints STRIPE_WEBHOOK_SECRETS."
        yield Error("Stripe's keys are set, and no webhook secret.", hint=hint, id="comptoir.E003")


def _mode(key: str) -> str:
    """`live` or `test`, from sk_live_…, rk_test_…, pk_live_…"""
    return ([*key.split("_"), ""])[1]


@register(Tags.security)
def production(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """DEBUG and the demo's open doors stay on this machine."""
    del app_configs
    is_local = urlsplit(settings.BASE_URL).hostname in LOOPBACK | {"testserver"}
    if settings.DEBUG and not is_local:
        yield Error("DEBUG is on at an address that others can reach.", id="comptoir.E007")
    if settings.DEMO and not is_local:
        yield Error("DEMO is on at an address that others can reach: its passwords are known.", id="comptoir.E008")
    if not settings.LOCAL and not settings.HTTPS:
        yield checks.Warning(
            "BASE_URL is not https: sign-in and payment would be open to the network.", id="comptoir.W001"
        )
    if not settings.LOCAL and not settings.MAIL_FROM:
        yield Error("MAIL_FROM is not set: the shop could not write to its buyers.", id="comptoir.E009")
    if not settings.LOCAL and not settings.STAFF_SECOND_FACTOR:
        yield Error("STAFF_SECOND_FACTOR is off: a password alone opens the shop.", id="comptoir.E010")


@register(Tags.database)
def durability(databases: Sequence[str] | None = None, **_kwargs: Any) -> Iterable[CheckMessage]:
    """What was committed must survive a power cut; SQLite must be as the profile sets it."""
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "postgresql":
            yield from _postgresql(connection)
        elif connection.vendor == "sqlite":
            yield from _sqlite(connection)


def _postgresql(connection: Any) -> Iterable[CheckMessage]:
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            value = cursor.fetchone()[0]
            if value in {"off", "local"}:
                yield Error(f"PostgreSQL runs with {name} = {value}: a paid order could be lost.", id="comptoir.E011")


def _sqlite(connection: Any) -> Iterable[CheckMessage]:
    with connection.cursor() as cursor:
        for name, wanted in SQLITE.items():
            cursor.execute(f"PRAGMA {name}")
            value = cursor.fetchone()[0]
            if value != wanted:
                yield Error(f"SQLite runs with {name} = {value}, not {wanted}.", id="comptoir.E012")
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield Error("SQLite's transactions must begin IMMEDIATE.", id="comptoir.E013")


def refuse() -> None:
    """Raise ImproperlyConfigured when a web process must not start like this. A database that is down is not our say."""
    found = [*stripe_keys(), *ready_to_sell(), *production()]
    try:
        found += durability(databases=["default"])
    except OperationalError:
        logging.getLogger("comptoir").exception("the database does not answer")
    errors = [message for message in found if isinstance(message, Error)]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
