"""A person's own data, collected from each app: handed over as a file, forgotten as far as the law lets it."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_added, email_confirmed, user_signed_up
from django.contrib.auth.signals import user_logged_in
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language
from wagtail.models import ModelLogEntry

from core import dates, retention
from home import collect
from members import tasks
from members.models import Erasure, Membership, User
from members.models.erasure import digest
from store import links
from store import privacy as payments
from store.privacy import PaymentRuns
from store.verify import Breach


class MayNotGo(Exception):
    """Who works here is shown out by somebody else, not by themselves."""


def known(user: Any) -> dict[str, Any]:
    """{app: what it knows}."""
    return {app: module.export(user) for app, module in collect.modules("privacy")}


def archive(user: Any) -> bytes:
    """A ZIP: data.json for programs, data.html for people."""
    data = known(user)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
        packed.writestr(
            "data.html",
            render_to_string(
                "home/data.html", {"rows": list(flat(data)), "who": user.email, "language": get_language()}
            ),
        )
    return content.getvalue()


def flat(data: Any, path: str = "") -> Any:
    """(where, what) for each single thing that is known, in order."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from flat(value, f"{path}: {key}" if path else str(key))
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from flat(value, f"{path} {number}")
    elif data not in (None, ""):
        yield path, data


def kept_because(user: Any) -> list[str]:
    """What stays and why, in words."""
    return [words for _app, module in collect.modules("privacy") for words in module.kept_because(user)]


def erase(user: Any) -> None:
    """All that may go goes, the account last; one mail tells of it. Raises MayNotGo, and PaymentRuns while money may come in."""
    if user.is_staff:
        raise MayNotGo
    payments.end_payments(user)
    email, locale, kept = user.email, user.locale or "fr", kept_because(user)
    with transaction.atomic():
        for address in {email.lower(), *payments.addresses(user)}:
            Erasure.objects.note(address)
        # Members first: what renews itself is found by the orders that the store lets go of.
        for _app, module in reversed(collect.modules("privacy")):
            module.erase(user)
        ModelLogEntry.objects.for_instance(user).update(label="", data={})
        user.delete()
        tasks.write("home/emails/erased", to=email, locale=locale, words={"kept": kept})


def forget_address(email: str) -> None:
    """The same for who has no account: whoever reads that address asked the owner for it. Raises as `erase` does."""
    known = User.objects.filter(email__iexact=email).first()
    user = known or User.objects.create_user(email)
    try:
        if known is None:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        erase(user)
    except (MayNotGo, PaymentRuns):
        if known is None:
            user.delete()
        raise


def tidy() -> None:
    """What has been kept for long enough goes; accounts that nobody uses are warned, then go. May run twice."""
    now = timezone.now()
    for _app, module in collect.modules("privacy"):
        module.tidy(now)
    for user in idle(now).filter(warned_at=None):
        _warn(user, now + retention.WARNING)
        User.objects.filter(pk=user.pk).update(warned_at=now)
    for user in idle(now).filter(warned_at__lt=now - retention.WARNING):
        with suppress(PaymentRuns):
            erase(user)


def _warn(user: User, at: datetime) -> None:
    locale = user.locale or "fr"
    with translation.override(locale):
        words = {"day": dates.words(at, "j F Y"), "url": links.absolute("account", locale=locale)}
    tasks.write("home/emails/idle", to=user.email, locale=locale, words=words)


def idle(now: datetime) -> QuerySet[User]:
    """Accounts that nobody has used for long, and that belong to no club."""
    since = now - retention.IDLE
    seen = (
        Q(last_login__gt=since)
        | Q(date_joined__gt=since)
        | Q(orders__placed_at__gt=since)
        | Q(seats__event__ends_at__gt=since)
    )
    belongs = Q(memberships__in=Membership.objects.open())
    return User.objects.filter(is_staff=False).exclude(seen).exclude(belongs)


def not_forgotten() -> Iterator[Breach]:
    """An erased person stands nowhere but in what the law keeps; what they did since under the address is theirs."""
    erased = Erasure.objects.moments()
    if not erased:
        return
    for _app, module in collect.modules("privacy"):
        for where, email, at in module.traces():
            gone = erased.get(digest(email))
            if gone and at < gone:
                yield Breach(where, "of somebody who was erased")


def claim(user: Any, email: str) -> None:
    """The address is proved: what was ordered or given under it is this person's. May run twice."""
    if EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists():
        for _app, module in collect.modules("adopting"):
            module.adopt(user, email)


@receiver(email_confirmed)
def claim_what_waits(email_address: EmailAddress, **_kwargs: Any) -> None:
    """allauth saw the proof."""
    claim(email_address.user, email_address.email)


@receiver([user_signed_up, email_added, user_logged_in])
def claim_what_is_proved(user: Any, **_kwargs: Any) -> None:
    """A code by mail proves the address while the account is made; what was bought as a guest since joins at sign-in."""
    for row in EmailAddress.objects.filter(user=user, verified=True):
        claim(user, row.email)
