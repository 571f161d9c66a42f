"""The owner's desk: what each app says is to be done today, in one ranked list."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.models import Shop
from home.views import OURS

if TYPE_CHECKING:
    from store.desk import Todo


def todo(shop: Shop, user: Any) -> list["Todo"]:
    """All that this person may see and has to do, most pressing first."""
    found: list[Todo] = []
    for name in OURS:
        try:
            module = import_module(f"{name}.desk")
        except ModuleNotFoundError as error:
            if error.name != f"{name}.desk":
                raise
            continue
        found.extend(module.todo(shop))
    seen = [row for row in found if user.has_perm(row.permission)]
    return sorted(seen, key=lambda row: -row.weight)
