"""The words of the register of personal data: each app's `personal.REGISTER` says what becomes of its fields."""

from dataclasses import dataclass
from enum import Enum

from django.db import models


class Fate(Enum):
    """What erasing an account does with it."""

    GOES = "goes"
    STAYS = "stays"
    PLAIN = "says nothing about a person"


@dataclass(frozen=True)
class Row:
    """Fields of one model, space between them: where the export tells them, what erasing does, and why it stays."""

    model: type[models.Model]
    fields: str
    fate: Fate
    told: str = ""
    why: str = ""


def goes(model: type[models.Model], fields: str, told: str = "", why: str = "") -> Row:
    """Emptied, or deleted with its row; `why`: where it is not told."""
    return Row(model, fields, Fate.GOES, told, why)


def stays(model: type[models.Model], fields: str, told: str, why: str) -> Row:
    """Kept as long as that law or reason wants."""
    return Row(model, fields, Fate.STAYS, told, why)


def plain(model: type[models.Model], fields: str) -> Row:
    """Numbers, states and the like."""
    return Row(model, fields, Fate.PLAIN)
