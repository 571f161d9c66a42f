"""`manage forget EMAIL`: erase who asked for it by mail, with or without an account, as the account's own page does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home import privacy
from store.privacy import PaymentRuns


class Command(BaseCommand):
    """Ask them first: whoever writes from that address must be the one who reads it."""

    help = "Erase a person by their e-mail address, as far as the law allows; they are told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that they ordered or came with")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        try:
            privacy.forget_address(email.strip().lower())
        except PaymentRuns as error:
            raise CommandError("A payment of theirs is on its way: try again once it has arrived or failed.") from error
        except privacy.MayNotGo as error:
            raise CommandError("They work here: close their account in the admin.") from error
        self.stdout.write("Forgotten; what the law keeps is named in the mail they were sent.")
