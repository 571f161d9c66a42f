"""The Django project of the stand-in: settings in code, no database of Django's, no middleware."""

import secrets
from pathlib import Path

import django
from django.conf import settings

HERE = Path(__file__).parent


def configure(hosts: tuple[str, ...]) -> None:
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1", "[::1]", *hosts],
        APPEND_SLASH=False,
        DEBUG=False,
        INSTALLED_APPS=[],
        LOGGING_CONFIG=None,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        ROOT_URLCONF="sandbox.urls",
        SECRET_KEY=secrets.token_hex(32),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "pages" / "templates"],
            }
        ],
        USE_I18N=False,
        USE_TZ=True,
    )
    django.setup()
