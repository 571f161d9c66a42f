"""Blocks of kinds that are no goods: their app says how they are read; a page asks for all of a kind in one batch.

An app registers each of its blocks once, beside the block itself:

    kinds.register(kinds.Kind("ticket", "event", groups_of_events, is_page=True))

and the block's get_context calls `kinds.group_for("ticket", value["event"], context)`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from store.models import Sellable
from store.offers import OfferGroup, language, replace_note

Groups = dict[Any, OfferGroup]


@dataclass(frozen=True)
class Kind:
    """`block`: its name in a text; `field`: its value that holds the chosen row's key.

    `groups(keys, locale, request)` -> {key: OfferGroup} in a fixed number of queries, translations resolved, drafts
    and what is gone left out unless `request.is_preview`. `is_page`: keys are pages, so links in running text may name
    them too.
    """

    block: str
    field: str
    groups: Callable[[list[int], str, Any], dict[int, OfferGroup]]
    is_page: bool = False


_known: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """An app's block; the same name again replaces it."""
    _known[kind.block] = kind


def is_known(block: str) -> bool:
    """Whether a block of that name sells something of a kind."""
    return block in _known


def key_in(block: str, value: Any) -> int | None:
    """The key that a stored block holds."""
    return value.get(_known[block].field) if isinstance(value, dict) else value


def field_of(block: str) -> str:
    """The name of the block's value that holds the chosen row."""
    return _known[block].field


def load(named: Collection[tuple[str, int]], links: Iterable[int], locale: str, request: Any = None) -> Groups:
    """{(block, key): group} of all blocks, and {page key: group} of `links`; a fixed number of queries for each kind."""
    found: Groups = {}
    for kind in _known.values():
        keys = {key for block, key in named if block == kind.block}
        pages = set(links) if kind.is_page else set()
        groups = kind.groups(sorted(keys | pages), locale, request) if keys | pages else {}
        found |= {(kind.block, key): groups[key] for key in keys if key in groups}
        found |= {key: groups[key] for key in pages if key in groups}
    return found


def group_for(block: str, row: Any, context: dict[str, Any], *, note: str = "") -> OfferGroup | None:
    """A block's card: from the batch that the page loaded (`offer_groups`), else on its own (previews)."""
    if row is None:
        return None
    loaded = context.get("offer_groups")
    if loaded is None:
        loaded = load([(block, row.pk)], [], language(), context.get("request"))
    found = loaded.get((block, row.pk))
    return replace_note(found, note) if found else None


def counting_themselves() -> set[int]:
    """Content types of the kinds whose app says itself what of their holds is owed."""
    return {model.kind().pk for model in _models() if model.counts_itself}


def with_a_state() -> set[int]:
    """Content types of the kinds that know better than window and pools what may be had."""
    return {model.kind().pk for model in _models() if model.says_its_state}


def _models() -> list[type[Sellable]]:
    return [model for model in apps.get_models() if issubclass(model, Sellable)]
