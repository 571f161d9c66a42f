"""Who people are."""

from members.models.user import User

__all__ = ["User"]
