"""How allauth behaves here: mails through our templates, secrets of the second factor encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core import mail
from core.models import Shop


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in by e-mail."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Same look and language as all our mails."""
        request = context.get("request") or self.request
        locale = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        user = context.get("user")
        mail.send_template(
            template_prefix,
            to=email,
            locale=getattr(user, "locale", "") or locale,
            context={**context, "shop": Shop.objects.current()},
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets at rest are encrypted with a key derived from SECRET_KEY."""

    def _box(self) -> Fernet:
        digest = hashlib.sha256(f"mfa:{settings.SECRET_KEY}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()
