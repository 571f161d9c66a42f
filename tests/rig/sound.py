"""Whether all that must always be true is true, of every app: what `manage verify` asks."""

from home import collect


def breaches() -> list[str]:
    """What is broken, in words; nothing when all is well."""
    found = [check for _app, module in collect.modules("verify") for check in module.checks()]
    return [f"{check.name}: {row.what}: {row.detail}" for check in found for row in check.breaches]
