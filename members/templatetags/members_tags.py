"""Words of the account's pages."""

from django import template

from members import devices

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """Browser and system in words."""
    return devices.words(user_agent)
