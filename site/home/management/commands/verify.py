"""`manage verify`: what must always be true, a line for each invariant; exit code 1 when one is broken."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from home import collect
from home import verify as together

SHOWN = 20


class Command(BaseCommand):
    """Collects `verify.checks()` of each app; an app that promises nothing has no such module."""

    help = "Check money, stock, notices and mails for what may never happen; exit code 1 on a breach."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help=f"name every breach, not only the first {SHOWN}")

    def handle(self, *_args: Any, **options: Any) -> None:
        begun, count, broken = time.monotonic(), 0, 0
        for _app, module in [*collect.modules("verify"), ("home", together)]:
            for check in module.checks():
                count += 1
                broken += bool(check.breaches)
                self.show(check, whole=options["all"])
        seconds = time.monotonic() - begun
        self.stdout.write(f"{count} invariants, {broken} broken, {seconds:.1f} s")
        if broken:
            raise SystemExit(1)

    def show(self, check: Any, *, whole: bool) -> None:
        """`ok` or `BROKEN`, then what breaks it."""
        self.stdout.write(f"{'BROKEN' if check.breaches else 'ok':<7} {check.group}: {check.name}")
        for breach in check.breaches if whole else check.breaches[:SHOWN]:
            self.stdout.write(f"        {breach.what}: {breach.detail}")
        left = len(check.breaches) - SHOWN
        if left > 0 and not whole:
            self.stdout.write(f"        … and {left} more (--all names them)")
