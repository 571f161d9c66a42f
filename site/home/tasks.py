"""What the house does by the clock."""

from django.core.management import call_command
from django.tasks import task
from django.utils import timezone

from core import limits, retention
from home import privacy


@task
def publish_scheduled() -> None:
    """Publish and expire what is due."""
    call_command("publish_scheduled", verbosity=0)


@task
def prune() -> None:
    """Forget what is no longer needed: ended limits, sessions, finished tasks, and people whose time has come (core.retention)."""
    now = timezone.now()
    limits.prune(now - retention.LIMITS)
    privacy.tidy()
    call_command("clearsessions", verbosity=0)
    call_command("ox_prune", verbosity=0)
