"""What a member shows other members, and who asks to meet whom. Written by members.meeting and the profile's form only."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.membership import Membership

FIELDS = ("words", "town", "trade", "links", "portrait")


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Who may be seen."""

    def listed_for(self, user: Any) -> Self:
        """Members who opted in, but for oneself and whoever blocks or is blocked."""
        members = Membership.objects.in_force().values("user")
        rows = self.filter(user__in=members, user__is_active=True, is_listed=True).exclude(user=user)
        return rows.exclude(user__in=Block.objects.between(user)).order_by("name", "pk")


class Profile(models.Model):
    """Each field is shown only if its owner says so; the name alone stands in the directory always."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_listed = models.BooleanField(_("show me in the members' directory"), default=False)
    is_named = models.BooleanField(_("show my first name to everybody, among who is in the club"), default=False)
    name = models.CharField(_("name"), max_length=80)
    words = models.TextField(_("a few words"), max_length=600, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    trade = models.CharField(_("trade"), max_length=80, blank=True)
    links = models.TextField(
        _("links"), blank=True, help_text=_("One on each line, three at most, beginning with https://")
    )
    portrait = models.BinaryField(null=True, blank=True, editable=False)
    has_portrait = models.BooleanField(default=False, editable=False)
    shown = models.JSONField(default=list, blank=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.name

    def public(self) -> dict[str, Any]:
        """What other members see."""
        said = {"portrait": self.has_portrait, **{name: getattr(self, name) for name in FIELDS if name != "portrait"}}
        found = {name: value for name, value in said.items() if name in self.shown and value}
        if "links" in found:
            found["links"] = found["links"].split()
        return {"key": self.key, "name": self.name, **found}


class BlockQuerySet(models.QuerySet["Block"]):
    """Who is kept from whom."""

    def between(self, user: Any) -> set[int]:
        """Keys of those whom this person blocks or is blocked by; with their own, where there is any."""
        pairs = self.filter(models.Q(by=user) | models.Q(who=user)).values_list("by", "who")
        return {pk for pair in pairs for pk in pair}


class Block(models.Model):
    """One does not want to see or be seen by the other; the other is not told."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "who"], name="blocked_once")]


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """Whose introductions."""

    def of(self, user: Any) -> Self:
        return self.filter(models.Q(asker=user) | models.Q(asked=user)).select_related(
            "asker__profile", "asked__profile"
        )


class Introduction(models.Model):
    """One member asks to meet another. A refusal leaves no trace: to the asker it waits, for ever."""

    class State(models.TextChoices):
        """Moves: asked → accepted, refused or withdrawn."""

        ASKED = "asked", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    LASTING: ClassVar[tuple[str, ...]] = ("asked", "accepted", "refused")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    low = models.PositiveBigIntegerField(editable=False)
    high = models.PositiveBigIntegerField(editable=False)
    words = models.CharField(_("a few words"), max_length=400)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    is_taken_back = models.BooleanField(default=False, help_text="The asker does not wait for it any more.")
    made_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["low", "high"],
                condition=models.Q(state__in=["asked", "accepted", "refused"]),
                name="one_introduction_a_pair",
            ),
            models.CheckConstraint(condition=~models.Q(asker=models.F("asked")), name="nobody_meets_themselves"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.low, self.high = sorted((self.asker_id, self.asked_id))
        super().save(*args, **kwargs)


class Report(models.Model):
    """Somebody finds a message out of place: it stands on the owner's desk until she has looked at it."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["introduction", "by"], name="reported_once")]
