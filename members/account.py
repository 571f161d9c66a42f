"""What members shows on a person's account page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from members import card
from members.models import Membership
from store.account import Panel


def panels(request: HttpRequest) -> list[Panel]:
    """The person's cards, and what has ended lately; nothing for who never belonged."""
    user: Any = request.user
    cards = card.of(user)
    if not cards and not Membership.objects.for_user(user).exists():
        return []
    return [Panel(_("Club"), "members/account_club.html", cards)]
