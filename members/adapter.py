"""How allauth behaves here: mails through our templates and the task queue, secrets of the second factor encrypted."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from core import dates, limits
from members import sealing, tasks
from members.models import User

# What our templates may say; objects of the request stay behind.
WORDS = (
    "code", "password_reset_url", "activate_url", "signup_url", "ip", "user_agent", "timestamp", "from_email", "to_email",
    "deleted_email",
)  # fmt: skip


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in by e-mail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Counted like all our limits: by the line, not by each of its addresses."""
        return limits.address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/" if translation.get_language() == settings.LANGUAGE_CODE else f"/{translation.get_language()}/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the person's language; by a task, so that a slow mail server delays and reveals nothing."""
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        locale = getattr(person, "locale", "") or getattr(self.request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        with translation.override(locale):
            words = {name: _word(context[name]) for name in WORDS if context.get(name)}
        tasks.write(template_prefix, to=email, locale=locale, words={**words, "email": email})


def _word(value: Any) -> str:
    return dates.words(value, "j F Y, H:i") if isinstance(value, datetime) else str(value)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets at rest are encrypted with a key derived from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return sealing.seal("mfa", text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal("mfa", encrypted_text)
