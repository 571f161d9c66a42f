"""The system checks refuse what would lose money or open the shop."""

import os
import subprocess
import sys

import pytest

from comptoir import checks
from tests.rig.processes import ROOT

PRODUCTION = {
    "DEMO": False, "LOCAL": False, "DEBUG": False, "HTTPS": True, "BASE_URL": "https://shop.example", "MAIL_FROM": "a@shop.example",
    "STAFF_SECOND_FACTOR": True, "STRIPE_API_BASE": "", "SANDBOX_ORIGIN": "", "STRIPE_LIVE": True,
    "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_PUBLISHABLE_KEY": "pk_live_1", "STRIPE_WEBHOOK_SECRETS": ["whsec_1"],
}  # fmt: skip


def said(settings, **changed) -> list[str]:
    for name, value in {**PRODUCTION, **changed}.items():
        setattr(settings, name, value)
    return sorted(row.id for row in [*checks.stripe_keys(), *checks.ready_to_sell(), *checks.production()])


def test_a_production_in_order_has_nothing_to_say(settings) -> None:
    assert said(settings) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"STRIPE_API_BASE": "http://127.0.0.1:1"}, ["comptoir.E001"]),
        ({"SANDBOX_ORIGIN": "http://localhost:1"}, ["comptoir.E001"]),
        ({"DEBUG": True, "LOCAL": True}, ["comptoir.E002", "comptoir.E007"]),
        ({"DEMO": True, "LOCAL": True}, ["comptoir.E002", "comptoir.E008"]),
        ({"STRIPE_WEBHOOK_SECRETS": []}, ["comptoir.E003"]),
        ({"STRIPE_SECRET_KEY": "", "STRIPE_PUBLISHABLE_KEY": "", "STRIPE_LIVE": False}, ["comptoir.E004"]),
        ({"STRIPE_PUBLISHABLE_KEY": ""}, ["comptoir.E005"]),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_test_1"}, ["comptoir.E006"]),
        ({"MAIL_FROM": ""}, ["comptoir.E009"]),
        ({"STAFF_SECOND_FACTOR": False}, ["comptoir.E010"]),
        ({"HTTPS": False, "BASE_URL": "http://shop.example"}, ["comptoir.W001"]),
    ],
)
def test_what_is_refused(settings, changed, expected) -> None:
    assert said(settings, **changed) == expected


@pytest.mark.django_db
def test_the_database_of_this_run_is_durable() -> None:
    assert list(checks.durability(databases=["default"])) == []


@pytest.mark.django_db
def test_postgresql_that_may_lose_a_commit_is_refused(on_postgresql) -> None:
    from django.db import connection

    if not on_postgresql:
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        found = [row.id for row in checks.durability(databases=["default"])]
        cursor.execute("SET synchronous_commit = on")

    assert found == ["comptoir.E011"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"), ("DEMO", "2"), ("BASE_URL", "shop.example"), ("BASE_URL", "https://shop.example/path"),
        ("DATABASE_URL", "mysql://a/b"), ("DATABASE_POOL", "many"), ("TASK_LEASE", "-1"), ("MAIL_URL", "http://mail"),
        ("LOG_LEVEL", "loud"), ("STRIPE_API_BASE", "127.0.0.1:8001"),
    ],
)  # fmt: skip
def test_a_senseless_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    env = {"PATH": os.environ["PATH"], "DEMO": "1", "DATABASE_URL": "postgres://a@127.0.0.1/b", name: value}
    done = subprocess.run(
        [sys.executable, "-c", "import comptoir.settings"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"ImproperlyConfigured: {name} must be" in done.stderr


def test_production_without_a_secret_key_does_not_start() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import comptoir.settings"],
        env={"PATH": os.environ["PATH"], "BASE_URL": "https://shop.example"}, cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert "Set SECRET_KEY and BASE_URL" in done.stderr
