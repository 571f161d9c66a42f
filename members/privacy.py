"""What the club knows of a person, and what their account holds."""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import retention
from members import mailing
from members.models import Block, Grant, Introduction, Membership, Profile, Report, Termination
from store import subscriptions
from store.privacy import addresses, by_address, mine


def export(user: Any) -> dict[str, Any]:
    """The person, what opens their account, their memberships and whom they met."""
    return {
        "account": {
            "email": user.email, "first_name": user.first_name, "last_name": user.last_name, "locale": user.locale,
            "since": user.date_joined, "last_seen": user.last_login, "customer_at_stripe": user.stripe_customer,
        },
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "sessions": list(UserSession.objects.filter(user=user).values("created_at", "last_seen_at", "ip", "user_agent")),
        "mails_refused": sorted(mailing.refused([user.email, *addresses(user)])),
        "profile": _profile(user),
        "introductions": [_introduction(row, user) for row in Introduction.objects.of(user)],
        "blocked": [str(row.who.profile) for row in Block.objects.filter(by=user, who__profile__isnull=False).select_related("who__profile")],
        "memberships": [_membership(row) for row in Membership.objects.filter(mine(user)).select_related("tier")],
        "ends_of_contracts": list(Termination.objects.filter(_ended(user)).values("name", "email", "contract", "received_at", "ends_at")),
    }  # fmt: skip


def _ended(user: Any) -> Q:
    return Q(membership__user=user) | by_address(user)


def _membership(row: Membership) -> dict[str, Any]:
    return {
        "number": row.number, "tier": row.tier.slug, "state": row.state, "since": row.starts_at, "until": row.ends_at,
        "email": row.email, "name": row.name, "notes": [grant.note for grant in row.grants.all() if grant.note],
    }  # fmt: skip


def _introduction(row: Introduction, user: Any) -> dict[str, Any]:
    """A refusal shows to who refused, never to who asked; whoever reported is not told."""
    is_shown = row.state != "refused" or row.asked_id == user.pk
    return {
        "asked_by_me": row.asker_id == user.pk, "words": row.words, "state": row.state if is_shown else "asked",
        "at": row.made_at, "reported_by_me": Report.objects.filter(introduction=row, by=user).exists(),
    }  # fmt: skip


def _profile(user: Any) -> dict[str, Any]:
    row = Profile.objects.filter(user=user).first()
    if row is None:
        return {}
    names = ("name", "words", "town", "trade", "links", "shown", "is_listed", "is_named")
    picture = base64.b64encode(bytes(row.portrait)).decode() if row.portrait else ""
    return {**{name: getattr(row, name) for name in names}, "portrait": picture}


@transaction.atomic
def erase(user: Any) -> None:
    """What renews itself is ended at Stripe, memberships end now and lose the person; what was paid stays in the orders."""
    now = timezone.now()
    for row in subscriptions.mine(user).alive():  # type: ignore[attr-defined]
        subscriptions.cancel_now(row, by=user)
    held = Membership.objects.filter(mine(user))
    keys = list(held.values_list("pk", flat=True))
    held.open().update(state=Membership.State.ENDED, renews=False, ends_at=now)
    Grant.objects.filter(membership__in=keys).update(note="", revoked_at=Coalesce("revoked_at", now))
    Membership.objects.filter(pk__in=keys).update(email="", name="", user=None)
    for session in UserSession.objects.filter(user=user):
        session.end()


def kept_because(user: Any) -> list[str]:
    """What was declared to end a contract."""
    declared = list(Termination.objects.filter(_ended(user)).values_list("received_at", flat=True))
    if not declared:
        return []
    words = _("What you declared to end a contract: proof is kept for five years (C. civ. 2224), until %(year)s.")
    return [words % {"year": (max(declared) + retention.CONTRACT).year}]


def tidy(now: datetime) -> None:
    """What has been kept for long enough goes. May run at any time and twice."""
    over = now - retention.CONTRACT
    Termination.objects.filter(received_at__lt=over).delete()
    ended = Membership.objects.filter(state=Membership.State.ENDED, ends_at__lt=over).exclude(email="", name="")
    ended.update(email="", name="", user=None)


def traces() -> Iterator[tuple[str, str, datetime]]:
    """(where, address, since when) of what an erased person must not stand in any more."""
    for number, email, at in Membership.objects.exclude(email="").values_list("number", "email", "starts_at"):
        yield f"card {number}", email, at
    for email, at in EmailAddress.objects.values_list("email", "user__date_joined"):
        yield "account", email, at
