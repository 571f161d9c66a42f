"""`manage load_demo`: the demo shop, once; `--empty` a blank one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home import demo_load
from home.demo_load import house


class Command(BaseCommand):
    """Loads what a first look needs; does nothing where pages exist."""

    help = "Load the demo shop (once); --empty makes a blank shop instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="a blank shop: nothing written, nothing sold")

    def handle(self, *_args: Any, empty: bool, **_options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo has passwords that everybody knows: set DEMO=1 on a machine of your own.")
        if demo_load.is_loaded():
            house.open_site("")
            self.stdout.write("A shop is there already; nothing loaded.")
            return
        make = demo_load.blank if empty else demo_load.load
        email = make(self.say)
        self.stdout.write(f"Owner: {email}, password {house.PASSWORD}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
