"""Who asked to be forgotten: a keyed digest of each address and the moment, so that it can be checked; no more."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Which erasures."""

    def note(self, email: str) -> "Erasure":
        """Write down that this address is forgotten now."""
        return self.create(digest=digest(email))

    def moments(self) -> dict[str, datetime]:
        """{digest: when it was forgotten last}."""
        return dict(self.order_by("at").values_list("digest", "at"))


class Erasure(models.Model):
    """One address of an erased person. Written by home.privacy only."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ErasureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


def digest(email: str) -> str:
    """Of the address, under the house's key: nobody without it can try addresses."""
    return salted_hmac("members.erasure", email.strip().lower(), algorithm="sha256").hexdigest()
