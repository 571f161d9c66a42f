"""What members shows on a person's account page."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members import card, changing, mailing
from members.models import Membership
from store import standing
from store.account import Panel

LATELY = timedelta(days=90)


def panels(request: HttpRequest) -> list[Panel]:
    """The person's cards, and what has ended lately; nothing for who never belonged. Then the mails they want."""
    user: Any = request.user
    cards = card.of(user)
    club = [Panel(_("Club"), "members/account_club.html", cards)]
    belongs = cards or Membership.objects.for_user(user).exists()
    return [*(club if belongs else []), *_renewing(user), _mails(user)]


def _mails(user: Any) -> Panel:
    refused = mailing.refused([user.email])
    rows = [{"kind": kind, "label": label, "is_wanted": kind not in refused} for kind, label in mailing.Kind.choices]
    return Panel(_("Mails that you want"), "members/account_mails.html", rows)


def _renewing(user: Any) -> list[Panel]:
    """What this person pays for again and again."""
    found = changing.of(user).exclude(ended_at__lt=timezone.now() - LATELY)
    locale = get_language() or "fr"
    rows = [{"row": row, "title": standing.title(row, locale), "lines": standing.lines(row, locale)} for row in found]
    return [Panel(_("What renews itself"), "members/account_renewing.html", rows)] if rows else []
