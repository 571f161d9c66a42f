"""The owner's desk: what each app says is to be done today, in one ranked list."""

from typing import TYPE_CHECKING, Any

from core.models import Shop
from home import collect

if TYPE_CHECKING:
    from store.desk import Todo


def todo(shop: Shop, user: Any) -> list["Todo"]:
    """All that this person may see and has to do, most pressing first."""
    found: list[Todo] = []
    for _app, module in collect.modules("desk"):
        found.extend(module.todo(shop))
    seen = [row for row in found if user.has_perm(row.permission)]
    return sorted(seen, key=lambda row: -row.weight)
