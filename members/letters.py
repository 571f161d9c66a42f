"""Mails to members. Called from tasks only."""

from django.utils import timezone

from core import mail
from members import gifts, mailing
from members.models import Block, Introduction, Membership, Termination, User
from store import claims, links
from store.mail import message_id

KIND = mailing.Kind.INTRODUCTIONS


def to_member(kind: str, membership_id: int) -> None:
    """One mail in the member's language; what no longer holds is not sent."""
    row = Membership.objects.select_related("tier__shop").get(pk=membership_id)
    if not row.is_in_force(timezone.now()):
        return
    context = {
        "shop": row.tier.shop,
        "membership": row,
        "tier": row.tier.title(row.locale),
        "account_url": links.absolute("account", locale=row.locale),
        "gift_url": gifts.url(row) if kind == "gift" else "",
        "join_url": links.absolute("account_signup", locale=row.locale),
    }
    mail.send_template(f"members/emails/{kind}", to=row.email, locale=row.locale, context=context)


def confirm_end(termination_id: int) -> None:
    """What was said, when, and when it takes effect (D215-3); once. Raises claims.BeingSent."""
    row = Termination.objects.select_related("shop").get(pk=termination_id)
    context = {"shop": row.shop, "notice": row, "utc": f"{row.received_at:%Y-%m-%d %H:%M:%S} UTC"}
    message = mail.build("members/emails/ended", to=row.email, locale=row.locale, context=context)
    reference = f"ended.{row.token}"
    message.extra_headers["Message-ID"] = message_id(reference)
    mine = Termination.objects.filter(pk=row.pk)

    def send() -> None:
        message.send()

    claims.once(
        reference,
        was_sent=lambda: mine.filter(told_at__isnull=False).exists(),
        send=send,
        record=lambda: mine.update(told_at=timezone.now()),
    )


def introduction(kind: str, introduction_id: int) -> None:
    """To who is asked: that somebody asks, if they want such mails; once accepted, to both: how to reach each other.

    Nothing between two who have parted meanwhile.
    """
    row = Introduction.objects.select_related("asker__profile", "asked__profile").get(pk=introduction_id)
    if row.asked_id in Block.objects.between(row.asker):
        return
    if kind == "asked" and row.state == Introduction.State.ASKED and mailing.wants(row.asked.email, KIND):
        _introduce("introduction", row.asked, row.asker, row, kind=KIND)
    elif kind == "accepted" and row.state == Introduction.State.ACCEPTED:
        _introduce("introduced", row.asked, row.asker, row)
        _introduce("introduced", row.asker, row.asked, row)


def _introduce(template: str, to: User, other: User, row: Introduction, *, kind: str = "") -> None:
    locale = to.locale or "fr"
    context = {"other": other, "row": row, "url": links.absolute("members:introductions", locale=locale)}
    if kind:
        context["unsubscribe_url"] = mailing.url(to.email, kind, locale)
    mail.send_template(f"members/emails/{template}", to=to.email, locale=locale, context=context)
