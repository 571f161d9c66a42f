"""What a guest is asked about the seats of one line, and how the answers read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Ticket


def questions(ticket: Ticket, locale: str) -> list[tuple[str, str, bool]]:
    """(key, words in that language, whether an answer is needed) of each question."""
    rows = ticket.questions if isinstance(ticket.questions, list) else []
    return [
        (str(row["key"]), str(row.get(locale) or row.get("fr") or row["key"]), bool(row.get("needed")))
        for row in rows
        if isinstance(row, dict) and row.get("key")
    ]


def holder(details: Mapping[str, Any], number: int, buyer: str) -> str:
    """Who sits on the seat of that number: the first is the buyer's own."""
    return str(details.get(f"name{number}") or (buyer if number == 1 else ""))[:120]


def answers(ticket: Ticket, details: Mapping[str, Any], number: int) -> dict[str, str]:
    """{key of the question: answer} of one seat."""
    found = {key: details.get(f"q{number}_{key}") for key, _words, _needed in questions(ticket, "fr")}
    return {key: str(said) for key, said in found.items() if said}


def lines_of(ticket: Ticket, details: Mapping[str, Any], locale: str) -> list[str]:
    """The answers of a line in words: "Avec Paul, Anne", "Menu : végétarien"."""
    names = [str(said) for key, said in sorted(details.items()) if key.startswith("name") and said]
    asked = [
        (words, str(said))
        for key, words, _needed in questions(ticket, locale)
        for name, said in sorted(details.items())
        if said and name.startswith("q") and name.partition("_")[2] == key
    ]
    with override(locale):
        found = [_("With %(names)s") % {"names": ", ".join(names)}] if names else []
        return [*found, *(_("%(question)s %(answer)s") % {"question": words, "answer": said} for words, said in asked)]
