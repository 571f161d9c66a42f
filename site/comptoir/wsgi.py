"""The WSGI entry point: `granian --interface wsgi comptoir.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
application = get_wsgi_application()

from comptoir import checks  # noqa: E402 - the applications come first

checks.refuse()
