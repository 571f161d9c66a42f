"""The tables of people."""

from members.models.membership import GRACE, MEMBER, Grant, Membership, Plan, Termination, Tier
from members.models.pages import ClubPage
from members.models.user import User, UserManager

__all__ = [
    "GRACE", "MEMBER", "ClubPage", "Grant", "Membership", "Plan", "Termination", "Tier", "User", "UserManager",
]  # fmt: skip
