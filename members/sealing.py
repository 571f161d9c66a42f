"""Secrets at rest: sealed with keys derived from SECRET_KEY, so that a copy of the database alone opens nothing."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


@cache
def _box(purpose: str, key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{key}".encode()).digest()))


def seal(purpose: str, text: str) -> str:
    """Encrypt for one purpose."""
    return _box(purpose, settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """The reverse. Raises cryptography.fernet.InvalidToken."""
    return _box(purpose, settings.SECRET_KEY).decrypt(sealed.encode()).decode()
