"""Models and migrations agree; the real migrations build the same house as the quick ones."""

import io

import pytest
from django.core.management import call_command

from tests import factories


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.migrated
@pytest.mark.django_db
def test_a_purchase_runs_on_the_real_migrations(sandbox, work) -> None:
    from store.models import Order

    order = factories.paid(sandbox)
    work()
    order.refresh_from_db()

    assert order.state == Order.State.PAID
    assert order.parcels.count() == 1
