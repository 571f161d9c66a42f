"""The kinds' own forms: what is chosen before the basket, and what the recap asks of each line."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Form

from store.checkout import Draft
from store.models import Offer
from store.wants import Wish, answered


@dataclass(frozen=True)
class LineForm:
    """What one line asks in the recap; `key` is the prefix of its fields."""

    key: str
    title: str
    form: Form


def choice(offer: Offer, data: Mapping[str, Any], *, is_sent: bool = False) -> Form | None:
    """What must be chosen of the offer; None where there is nothing to choose.

    Unbound while none of its fields was sent (`is_sent`: bound all the same), so that nobody is blamed for a first look.
    """
    made = offer.sellable.choice_form if offer.sellable else None
    if made is None:
        return None
    form = made(None, sellable=offer.sellable)  # type: ignore[call-arg]
    if is_sent or any(name in data for name in form.fields):
        return made(data, sellable=offer.sellable)  # type: ignore[call-arg]
    return form


def chosen(form: Form | None) -> dict[str, Any]:
    """What a valid form says, as the line's details."""
    return plain(form.cleaned_data) if form else {}


def plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON keeps it: moments, days and amounts as text."""
    found: dict[str, Any] = json.loads(json.dumps(dict(said), cls=DjangoJSONEncoder))
    return found


def raw(form: Form | None) -> dict[str, Any]:
    """The same as it was sent, to be sent along once more."""
    return {name: form.data.get(name, "") for name in form.fields} if form else {}


def of_lines(draft: Draft, typed: Mapping[str, Any] | None, user: Any, *, locale: str) -> list[LineForm]:
    """What the recap asks, a form for each line that asks; `typed` None: blank."""
    found = []
    for wish, _quote in draft.lines:
        sellable = wish.offer.sellable
        if sellable and sellable.details_form:
            form = sellable.details_form(  # type: ignore[call-arg]
                typed, sellable=sellable, quantity=wish.quantity, user=user, prefix=wish.key
            )
            if form.fields:
                found.append(LineForm(wish.key, sellable.title(locale), form))
    return found


def sent(wanted: Iterable[Wish], typed: Mapping[str, Any]) -> list[Wish]:
    """The same with what was typed about each, unjudged: what is for somebody else has other prices than what is not."""
    rows = list(wanted)
    said: dict[str, dict[str, Any]] = {wish.key: {} for wish in rows}
    for name, text in typed.items():
        key, _dash, field = name.rpartition("-")
        if key in said and text:
            said[key][field] = text
    return answered(rows, said)


def refill(forms: Iterable[LineForm], typed: Mapping[str, Any]) -> None:
    """Put back what was typed without judging it: the total is counted anew."""
    for row in forms:
        row.form.initial.update({name: typed.get(row.form.add_prefix(name)) for name in row.form.fields})


def are_valid(forms: Iterable[LineForm]) -> bool:
    """Whether all are; every one is looked at, so that all faults show at once."""
    return not [row for row in forms if not row.form.is_valid()]


def answers(forms: Iterable[LineForm]) -> dict[str, dict[str, Any]]:
    """{key: what was said} of valid forms, without what was left blank."""
    return {row.key: {name: said for name, said in plain(row.form.cleaned_data).items() if said != ""} for row in forms}
