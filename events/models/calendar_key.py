"""The secret address of a person's own calendar: whoever knows it reads it; a new one ends the old."""

import secrets

from django.conf import settings
from django.db import models


def new_key() -> str:
    """192 bits: nobody guesses it."""
    return secrets.token_urlsafe(24)


class CalendarKey(models.Model):
    """One person's key."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key")
    token = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    made_at = models.DateTimeField(auto_now=True)

    def renew(self) -> None:
        """The old address is not there any more."""
        self.token = new_key()
        self.save(update_fields=["token", "made_at"])
