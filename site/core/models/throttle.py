"""Counts of costly acts in the main database: see core.limits, the only writer."""

from django.db import models


class Throttle(models.Model):
    """How often one key did one thing in the window that starts at `starts_at`."""

    scope = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key_hash", "starts_at"], name="throttle_once")]
