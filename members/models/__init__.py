"""The tables of people."""

from members.models.erasure import Erasure
from members.models.membership import GRACE, MEMBER, Grant, Membership, Plan, Termination, Tier
from members.models.pages import ClubPage
from members.models.profile import Block, Introduction, Profile, Report
from members.models.refusal import Refusal
from members.models.user import User, UserManager

__all__ = [
    "GRACE", "MEMBER", "Block", "ClubPage", "Erasure", "Grant", "Introduction", "Membership", "Plan", "Profile", "Refusal", "Report", "Termination",
    "Tier", "User", "UserManager",
]  # fmt: skip
