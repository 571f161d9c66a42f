"""Days in words. French says "1er" of the first of a month, which no date format of Django's can."""

from datetime import date, datetime, tzinfo

from django.utils.formats import date_format, get_format, time_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language

FIRST = r"j\e\r"


def words(value: date, shape: str, zone: tzinfo | None = None) -> str:
    """A day by Django's letters or format names, in the language of the moment; an aware moment on the clock of `zone`, else of the shop.

    "l j F" gives "mardi 1er décembre" and "Tuesday 1 December".
    """
    if isinstance(value, datetime) and is_aware(value):
        value = localtime(value, zone).replace(tzinfo=None)
    letters = get_format(shape)
    if value.day == 1 and (get_language() or "fr").startswith("fr"):
        letters = letters.replace("j", FIRST)
    return date_format(value, letters)


def hour(local: datetime) -> str:
    """ "14:30" on the clock of a place; in the hour that comes twice there, which of the two."""
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return time_format(local) + (f" ({local:%Z})" if twice else "")


def town(zone_name: str) -> str:
    """ "New York": the town that names the zone."""
    return zone_name.rpartition("/")[2].replace("_", " ")
