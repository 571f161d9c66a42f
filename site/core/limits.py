"""Limits on costly acts (Stripe, mail, attempts): counted in the main database, so that all processes agree."""

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from core.models import Throttle

LINE = 64


class TooMany(Exception):
    """The limit of `scope` is reached; `retry_at` (UTC) says when it opens again."""

    def __init__(self, scope: str, retry_at: datetime) -> None:
        super().__init__(scope)
        self.scope = scope
        self.retry_at = retry_at


def spend(scope: str, keys: Iterable[str], *, limit: int, seconds: int) -> None:
    """Count one act for each key; raise TooMany when one is over its limit. Keys are kept as hashes only."""
    now = timezone.now()
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    for key in sorted(set(keys)):
        digest = hashlib.sha256(f"{settings.SECRET_KEY}:{scope}:{key}".encode()).hexdigest()
        with transaction.atomic():
            row, _made = Throttle.objects.get_or_create(scope=scope, key_hash=digest, starts_at=start)
            Throttle.objects.filter(pk=row.pk).update(count=F("count") + 1)
            row.refresh_from_db(fields=["count"])
        if row.count > limit:
            raise TooMany(scope, start + timedelta(seconds=seconds))


def address_of(request: HttpRequest) -> str:
    """The visitor's network: an IPv4 address, or the first of the /64 that one line is given in IPv6.

    Behind as many proxies as settings say.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said = hops[-trusted] if trusted and len(hops) >= trusted else str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    network = ipaddress.ip_network((address, LINE), strict=False)
    return str(address.ipv4_mapped or network.network_address)


def prune(before: datetime) -> int:
    """Forget windows that ended; returns how many."""
    return Throttle.objects.filter(starts_at__lt=before).delete()[0]
