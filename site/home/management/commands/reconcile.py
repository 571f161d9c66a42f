"""`manage reconcile`: compare every open or recent attempt with Stripe now, and repair."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from store import reconciling


class Command(BaseCommand):
    """The same as the task that runs by the clock, but looks at fresh attempts too."""

    help = "Compare every open or recent payment with Stripe, and repair what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        result = reconciling.run(everything=True)
        self.stdout.write(
            f"{result.looked} looked at, {result.repaired} repaired, {result.unknown} without an answer from Stripe."
        )
        if result.failed:
            raise CommandError(f"{result.failed} could not be looked at by a fault of ours; the log says where.")
