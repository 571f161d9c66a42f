"""People: a reader with an account, the owner, and a session opened with a second factor."""

import itertools
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from members.models import User

COUNT = itertools.count(1)
PASSWORD = "un-mot-de-passe-long"


def person(**fields: Any) -> User:
    """Somebody with a verified address and PASSWORD."""
    given = {"email": f"lectrice-{next(COUNT)}@example.org", "password": PASSWORD, **fields}
    user = User.objects.create_user(**given)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def owner(**fields: Any) -> User:
    """She who may do everything, with a second factor set up."""
    user = person(**{"is_staff": True, "is_superuser": True, **fields})
    TOTP.activate(user, generate_totp_secret())
    return user


def sign_in_strongly(client: Client, user: User) -> None:
    """Sign in as if the second factor had just been given."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[RECORDS] = [{"method": name, "at": timezone.now().timestamp()} for name in ("password", "mfa")]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def sign_in_just_now(client: Client, user: User) -> None:
    """The same, and proved once more a moment ago: what allauth asks before it changes what opens the account."""
    sign_in_strongly(client, user)
    session = client.session
    session[RECORDS] = [{**row, "reauthenticated": True} for row in session[RECORDS]]
    session.save()
