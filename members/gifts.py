"""A membership that was given: the link in its mail makes it the account's of whoever holds it, once, for ninety days."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction

from members.models import Membership, User
from store import links

SALT = "members.gift"
VALID = timedelta(days=90)
_signer = signing.TimestampSigner(salt=SALT, sep=".")


class OverLink(Exception):
    """Ours, but too old."""


class BadLink(Exception):
    """Not one of ours, or there is no such membership any more."""


class NotProved(Exception):
    """The account has no address that is proved."""


class AlreadyIn(Exception):
    """This person belongs to that tier already: a second card would be lost."""


def url(membership: Membership) -> str:
    """The whole address by which the gift is taken, for its mail."""
    return links.absolute("members:gift", _signer.sign(membership.token.hex), locale=membership.locale)


def read(signed: str) -> Membership:
    """The membership of a signed link. Raises OverLink and BadLink."""
    try:
        token = _signer.unsign(signed, max_age=VALID)
    except signing.SignatureExpired as error:
        raise OverLink from error
    except signing.BadSignature as error:
        raise BadLink from error
    found = Membership.objects.open().filter(token=token).select_related("tier__shop").first()
    if found is None:
        raise BadLink
    return found


@transaction.atomic
def take(membership: Membership, user: User) -> bool:
    """It is this person's from now on. False: it is somebody's already. May run twice. Raises NotProved and AlreadyIn."""
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.user_id:
        return row.user_id == user.pk
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise NotProved
    if Membership.objects.open().of(user.email, user.pk).filter(tier=row.tier_id).exclude(pk=row.pk).exists():
        raise AlreadyIn
    row.user = user
    row.save(update_fields=["user"])
    return True
