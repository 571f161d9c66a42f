"""What the club knows of a person."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from members.models import Introduction, Membership, Profile


def export(user: Any) -> dict[str, Any]:
    """The person and their memberships."""
    rows = Membership.objects.filter(user=user).select_related("tier")
    return {
        "account": {
            "email": user.email, "first_name": user.first_name, "last_name": user.last_name, "locale": user.locale,
            "since": user.date_joined,
        },
        "profile": _profile(user),
        "introductions": [
            {"words": row.words, "state": row.state if row.state != "refused" or row.asked_id == user.pk else "asked", "at": row.made_at}
            for row in Introduction.objects.of(user)
        ],
        "memberships": [
            {"number": row.number, "tier": row.tier.slug, "state": row.state, "since": row.starts_at, "until": row.ends_at}
            for row in rows
        ],
    }  # fmt: skip


def _profile(user: Any) -> dict[str, Any]:
    row = Profile.objects.filter(user=user).first()
    names = ("name", "words", "town", "trade", "links", "shown", "is_listed", "wants_mail")
    return {name: getattr(row, name) for name in names} if row else {}


@transaction.atomic
def erase(user: Any) -> None:
    """Memberships end now and lose the person; what was paid for them stays in the orders."""
    now = timezone.now()
    Membership.objects.open().filter(user=user).update(state=Membership.State.ENDED, renews=False, ends_at=now)
    Membership.objects.filter(user=user).update(email="", name="", user=None)


def kept_because(_user: Any) -> list[str]:
    """Nothing of its own."""
    return []
