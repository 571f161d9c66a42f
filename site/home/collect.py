"""What the roof gathers: each app may have a module of a name (`desk`, `account`, `verify`, `privacy`, `adopting`)."""

from importlib import import_module
from types import ModuleType

OURS = ("store", "events", "members", "blog")


def modules(name: str) -> list[tuple[str, ModuleType]]:
    """(app, its module of that name) of the apps that have one; a module that fails to load is a fault, not an absence."""
    found = []
    for app in OURS:
        try:
            found.append((app, import_module(f"{app}.{name}")))
        except ModuleNotFoundError as error:
            if error.name != f"{app}.{name}":
                raise
    return found
