"""The tables of people."""

from members.models.membership import GRACE, MEMBER, Grant, Membership, Plan, Tier
from members.models.user import User, UserManager

__all__ = ["GRACE", "MEMBER", "Grant", "Membership", "Plan", "Tier", "User", "UserManager"]
