"""Coming in through the staff's door in a test."""

from django.test import Client

from members.models import User
from tests import factories


def enter(client: Client, user: User) -> Client:
    """Signed in with a second factor, in a session that is this person's."""
    factories.sign_in_strongly(client, user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
