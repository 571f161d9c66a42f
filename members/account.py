"""What members shows on a person's account page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from members import card, mailing
from members.models import Membership
from store.account import Panel


def panels(request: HttpRequest) -> list[Panel]:
    """The person's cards, and what has ended lately; nothing for who never belonged. Then the mails they want."""
    user: Any = request.user
    cards = card.of(user)
    club = [Panel(_("Club"), "members/account_club.html", cards)]
    return [*(club if cards or Membership.objects.for_user(user).exists() else []), _mails(user)]


def _mails(user: Any) -> Panel:
    refused = mailing.refused([user.email])
    rows = [{"kind": kind, "label": label, "is_wanted": kind not in refused} for kind, label in mailing.Kind.choices]
    return Panel(_("Mails that you want"), "members/account_mails.html", rows)
