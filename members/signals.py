"""What happens when somebody signs up or in: their language is remembered, their basket comes along."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from members.models import User
from store import cart


@receiver(user_logged_in)
def bring_basket(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    """What lies in this browser's basket and in the person's becomes one basket."""
    if request is not None and hasattr(request, "session"):
        cart.adopt(request, user)


@receiver(user_signed_up)
@receiver(user_logged_in)
def remember_language(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    """Mails go out in the language in which the person first came; the account page changes it."""
    language = getattr(request, "LANGUAGE_CODE", "")
    if language and not user.locale:
        user.locale = language
        user.save(update_fields=["locale"])


@receiver(email_confirmed)
def forget_a_strangers_password(request: HttpRequest | None, email_address: EmailAddress, **_kwargs: Any) -> None:
    """An address proved by a code to sign in: the password that lies there is of whoever signed up, and proved nothing."""
    user: Any = email_address.user
    records = get_authentication_records(request, user) if request and hasattr(request, "session") else []
    if user.last_login is None and any(row["method"] == "code" for row in records):
        user.set_unusable_password()
        user.save(update_fields=["password"])
