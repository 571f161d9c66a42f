"""Mails to members. Called from tasks only."""

from django.utils import timezone

from core import mail
from members.models import Membership
from store import links


def to_member(kind: str, membership_id: int) -> None:
    """One mail in the member's language; what no longer holds is not sent."""
    row = Membership.objects.select_related("tier__shop").get(pk=membership_id)
    if not row.is_in_force(timezone.now()) and kind != "late":
        return
    context = {
        "shop": row.tier.shop,
        "membership": row,
        "tier": row.tier.title(row.locale),
        "account_url": links.absolute("account", locale=row.locale),
        "join_url": links.absolute("account_signup", locale=row.locale),
    }
    mail.send_template(f"members/emails/{kind}", to=row.email, locale=row.locale, context=context)
