"""`manage bootstrap`: the first start of a real shop: its owner, and empty front, journal and shop pages."""

import getpass
import os
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from home import demo_load
from home.demo_load import house
from members.models import User


class Command(BaseCommand):
    """May run twice: who is there keeps her password, a shop that is there stays."""

    help = "Make the owner's account and a blank shop. The password is asked for, or read from OWNER_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="the owner's e-mail address")
        parser.add_argument("--name", default="", help="the name of the shop")

    @transaction.atomic
    def handle(self, *_args: Any, owner: str, name: str, **_options: Any) -> None:
        user = self.person(owner.strip().lower())
        if demo_load.is_loaded():
            house.open_site(name)
            self.stdout.write("A shop is there already; its pages stay as they are.")
            return
        house.lay(name or demo_load.BLANK_NAME, user)
        self.stdout.write("A blank shop is made. Sign in at /cms/, set up the second factor, and fill in its settings.")

    def person(self, email: str) -> User:
        """The owner, with a checked address; made if she is not there."""
        found = User.objects.filter(email=email).first()
        if found is None:
            try:
                validate_email(email)
                password = os.environ.get("OWNER_PASSWORD") or getpass.getpass("Password: ")
                validate_password(password)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            found = User.objects.create_superuser(email, password)
            self.stdout.write(f"{email} may do everything.")
        EmailAddress.objects.get_or_create(user=found, email=email, defaults={"verified": True, "primary": True})
        return found
