"""`manage stripe_setup`: check the key, make the webhook endpoint, register the payment domain."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from core.models import Shop
from store import gateway
from store.exceptions import StripeRefused, StripeUnavailable


class Command(BaseCommand):
    """Prints the endpoint's secret, which Stripe tells once."""

    help = "Check Stripe's key, mode and account; make the webhook endpoint; register the payment domain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--env", action="store_true", help="print only the lines for the environment")
        parser.add_argument("--again", action="store_true", help="make another endpoint, to change the secret")

    def handle(self, *_args: Any, env: bool, again: bool, **_options: Any) -> None:
        self.quiet = env
        try:
            self.account()
            self.endpoint(again=again or env)
            self.domain()
        except StripeUnavailable as error:
            raise CommandError(f"Stripe does not answer ({error}). Nothing is lost: try again.") from error
        except StripeRefused as error:
            raise CommandError(f"Stripe refuses: {error}") from error

    def say(self, words: str) -> None:
        if not self.quiet:
            self.stdout.write(words)

    def account(self) -> None:
        """Whose money it is, and whether it is real."""
        if not settings.STRIPE_SECRET_KEY:
            raise CommandError("Set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY first.")
        found = gateway.account()
        if not found.get("charges_enabled", True):
            self.say("! This account may not take payments yet: finish its setup at Stripe.")
        mode = "LIVE: real money" if settings.STRIPE_LIVE else "test: no money moves"
        self.say(f"Account {found['id']} ({found.get('country')}), {mode}, API {settings.STRIPE_API_VERSION}.")
        Shop.objects.filter(site__is_default_site=True).update(stripe_account=found["id"])

    def endpoint(self, *, again: bool) -> None:
        """One endpoint at our address, pinned to our API version, with the events that we handle."""
        url = settings.BASE_URL + reverse("webhook")
        there = [row for row in gateway.endpoints() if row["url"] == url and row["status"] == "enabled"]
        for row in there:
            self.say(f"Endpoint {row['id']} is there already{self.stale(row)}.")
        if there and not again:
            self.say("Its secret can be read at Stripe only; --again makes another endpoint with a new one.")
            return
        made = gateway.make_endpoint(url)
        self.say(f"Endpoint {made['id']} made for {url}. Set:")
        secrets = [made["secret"], *([] if self.quiet else settings.STRIPE_WEBHOOK_SECRETS)]
        self.stdout.write(f"STRIPE_WEBHOOK_SECRETS={','.join(secrets)}")
        if self.quiet:
            self.stdout.write(f"STRIPE_ENDPOINT={made['id']}")
        elif there:
            self.say("Restart with both secrets, then remove the old endpoint at Stripe.")

    def stale(self, row: dict[str, Any]) -> str:
        """What is wrong with an endpoint made long ago."""
        lacking = sorted(set(gateway.EVENTS) - set(row.get("enabled_events", [])))
        words = f", but lacks {', '.join(lacking)}" if lacking and "*" not in row["enabled_events"] else ""
        if row.get("api_version") not in {None, settings.STRIPE_API_VERSION}:
            words += f", but speaks API {row['api_version']}"
        return words

    def domain(self) -> None:
        """Wallets show themselves only on a registered https address."""
        if not settings.HTTPS:
            self.say("Wallets need https: no payment domain registered.")
            return
        host = settings.BASE_URL.removeprefix("https://")
        gateway.register_domain(host)
        self.say(f"Payment domain {host} registered.")
