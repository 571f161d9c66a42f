"""Sizes and colours typed once, and the variants that follow from them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product as every
from math import prod

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 60
ENDS = re.compile(r"[;\n]")


@dataclass(frozen=True)
class Axis:
    """One way in which variants differ: "Taille", with its values."""

    label: str
    values: tuple[str, ...]


def parse(typed: str) -> list[Axis]:
    """ "Taille: 20, 24; Couleur: rouge, bleu" -> axes. Raises ValidationError with words for the typist."""
    axes = [_axis(part) for part in ENDS.split(typed) if part.strip()]
    labels = [axis.label.casefold() for axis in axes]
    if len(set(labels)) < len(labels):
        raise ValidationError(_("The same option stands there twice."))
    if prod(len(axis.values) for axis in axes) > MOST:
        raise ValidationError(_("That makes more than %(n)s variants."), params={"n": MOST})
    return axes


def _axis(part: str) -> Axis:
    label, colon, rest = part.partition(":")
    values = [value.strip() for value in _split(rest) if value.strip()]
    if not colon or not label.strip() or not values:
        raise ValidationError(
            _("Type a name, a colon and the values with commas, for instance: Size: 20, 24; Colour: red, blue.")
        )
    if len({value.casefold() for value in values}) < len(values):
        raise ValidationError(_("“%(label)s” has the same value twice."), params={"label": label.strip()})
    return Axis(label.strip(), tuple(values))


def _split(values: str) -> list[str]:
    """At every comma; where some are followed by a space, only at these, so that "0,5 L, 1 L" is two values."""
    if re.search(r",\s", values.strip()):
        return re.split(r",\s+|,(?!\d)|(?<!\d),", values)
    return values.split(",")


def combinations(axes: Iterable[Axis]) -> list[list[str]]:
    """Every variant's values, in the order typed; one without values when there are no axes."""
    return [list(values) for values in every(*(axis.values for axis in axes))]


def stored(axes: Iterable[Axis]) -> list[str]:
    """As the product keeps them: names only, the values stand on its variants."""
    return [axis.label for axis in axes]


def as_typed(labels: Sequence[str], variants: Iterable[Sequence[str]]) -> str:
    """The options of a product as one would type them, from the values of its variants."""
    rows = [values for values in variants if len(values) == len(labels)]
    parts = [f"{label}: {', '.join(dict.fromkeys(str(row[i]) for row in rows))}" for i, label in enumerate(labels)]
    return "; ".join(parts) if rows else ""
