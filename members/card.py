"""The member's card: what stands on the enamel plate, and the signed word of its QR code."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import qr
from members import passes
from members.models import MEMBER, Membership, User

FRESH = timedelta(days=30)
"""A code is believed no longer than that after the card was looked at, so that who left cannot show it for ever."""


def of(user: User) -> list[dict[str, Any]]:
    """The person's cards in force: tier, its title in the reader's language, number, until when, and the code."""
    rows = Membership.objects.for_user(user).in_force().select_related("tier")
    return [_card(row) for row in rows]


def _card(row: Membership) -> dict[str, Any]:
    return {
        "row": row,
        "tier": row.tier,
        "title": row.tier.title(get_language() or "fr"),
        "qr": qr.svg(word(row), _("Code of the card")),
        "name": holder(row),
    }


def holder(row: Membership) -> str:
    """Whose it is, as it stands on the plate."""
    return row.name or str(row.user or "")


def until(row: Membership) -> datetime:
    """How long a code that is shown now is believed (UTC)."""
    end = timezone.now() + FRESH
    return row.ends_at if row.ends_at and row.ends_at < end else end


def word(row: Membership) -> str:
    """What the code says: number, tier, name and its end, signed; a door believes it without asking us."""
    end = until(row)
    return passes.sign({"n": row.number, "t": row.tier.slug, "w": row.name[:40], "until": int(end.timestamp())})


def audiences(shown: str) -> frozenset[str]:
    """Whose prices are those of who shows this card: the word of its code, or its number; nobody's where it is over."""
    said: dict[str, Any] | None = (
        passes.read(shown) if shown.startswith(passes.MARK + ".") else {"n": shown.strip().upper(), "until": None}
    )
    if said is None or (said["until"] and said["until"] < timezone.now().timestamp()):
        return frozenset()
    row = Membership.objects.in_force().select_related("tier").filter(number=said["n"]).first()
    return frozenset({MEMBER, row.tier.audience}) if row else frozenset()


def revoked() -> list[str]:
    """Numbers of memberships that ended before a code of theirs does: a door with a net asks for these."""
    since = timezone.now() - FRESH
    rows = Membership.objects.exclude(state=Membership.State.ACTIVE).filter(ends_at__gt=since)
    return list(rows.values_list("number", flat=True))
