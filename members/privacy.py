"""What the club knows of a person."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from members.models import Membership


def export(user: Any) -> dict[str, Any]:
    """The person and their memberships."""
    rows = Membership.objects.filter(user=user).select_related("tier")
    return {
        "account": {
            "email": user.email, "first_name": user.first_name, "last_name": user.last_name, "locale": user.locale,
            "since": user.date_joined,
        },
        "memberships": [
            {"number": row.number, "tier": row.tier.slug, "state": row.state, "since": row.starts_at, "until": row.ends_at}
            for row in rows
        ],
    }  # fmt: skip


@transaction.atomic
def erase(user: Any) -> None:
    """Memberships end now and lose the person; what was paid for them stays in the orders."""
    now = timezone.now()
    Membership.objects.open().filter(user=user).update(state=Membership.State.ENDED, renews=False, ends_at=now)
    Membership.objects.filter(user=user).update(email="", name="", user=None)


def kept_because(_user: Any) -> list[str]:
    """Nothing of its own."""
    return []
