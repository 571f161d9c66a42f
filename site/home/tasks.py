"""What the house does by the clock."""

from datetime import timedelta

from django.core.management import call_command
from django.tasks import task
from django.utils import timezone

from core import limits
from store.models import Cart


@task
def publish_scheduled() -> None:
    """Publish and expire what is due."""
    call_command("publish_scheduled", verbosity=0)


@task
def prune() -> None:
    """Forget what is no longer needed: ended limits, sessions, baskets left for 90 days, finished tasks."""
    now = timezone.now()
    limits.prune(now - timedelta(days=2))
    Cart.objects.filter(updated_at__lt=now - timedelta(days=90), orders=None).delete()
    call_command("clearsessions", verbosity=0)
    call_command("ox_prune", verbosity=0)
