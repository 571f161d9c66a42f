"""Mails that somebody does not want: by a digest of the address, so that guests may refuse too. Written by members.mailing only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Refusal(models.Model):
    """One kind of mail, refused for one address. It outlives the account: what was refused stays refused."""

    class Kind(models.TextChoices):
        """Mails that may be refused; all others belong to a contract or to the account."""

        REMINDERS = "reminders", _("the day before a meeting, a reminder with place and hour")
        AFTERWARDS = "afterwards", _("the day after, pictures and news of the meeting")
        INTRODUCTIONS = "introductions", _("somebody of the club asks to meet me")

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "kind"], name="refused_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
