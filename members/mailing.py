"""Which mails somebody wants: asked by each sender, changed in the account or by a link of the mail. The only writer of Refusal."""

from collections.abc import Collection, Iterable

from django.core import signing
from django.db import transaction

from members.models import Refusal
from members.models.erasure import digest
from store.links import absolute

Kind = Refusal.Kind
_signer = signing.Signer(salt="members.mailing", sep="~")


class BadLink(Exception):
    """Not one of ours."""


def wants(email: str, kind: str) -> bool:
    """Whether that address still wants such mails."""
    return not Refusal.objects.filter(digest=digest(email), kind=kind).exists()


def refused(emails: Iterable[str]) -> set[str]:
    """Kinds that one of these addresses refused."""
    return set(Refusal.objects.filter(digest__in=[digest(email) for email in emails]).values_list("kind", flat=True))


@transaction.atomic
def choose(emails: Iterable[str], wanted: Collection[str]) -> None:
    """For all these addresses: the kinds that are wanted, and no others. May run twice."""
    for mark in {digest(email) for email in emails}:
        Refusal.objects.filter(digest=mark, kind__in=set(wanted).intersection(Kind.values)).delete()
        for kind in Kind.values:
            if kind not in wanted:
                refuse(mark, kind)


def refuse(mark: str, kind: str) -> None:
    """No more such mails to the address of that digest. May run twice."""
    Refusal.objects.get_or_create(digest=mark, kind=kind)


def want_again(mark: str, kind: str) -> None:
    """It was a mistake. May run twice."""
    Refusal.objects.filter(digest=mark, kind=kind).delete()


def url(email: str, kind: str, locale: str) -> str:
    """Where such mails are refused without signing in: the address does not stand in it, and it never expires."""
    return absolute("members:unsubscribe", _signer.sign(f"{kind}~{digest(email)}"), locale=locale)


def read(signed: str) -> tuple[str, str]:
    """(digest, kind) of such a link. Raises BadLink."""
    try:
        kind, _tilde, mark = _signer.unsign(signed).partition("~")
    except signing.BadSignature as error:
        raise BadLink from error
    return mark, kind
