"""The tests' settings: the shop's own, with a database, a var folder and keys of this run only.

`TEST_DATABASE_URL` chooses the database (a PostgreSQL address); without it a SQLite file of this run.
"""

import os
import tempfile
from pathlib import Path

RUN = os.environ.setdefault("COMPTOIR_TEST_RUN", str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "one")
RUN_DIR = Path(tempfile.gettempdir()) / f"comptoir-test-{RUN}"

os.environ.update(
    {
        "DEMO": "1",
        "DEBUG": "0",
        "STAFF_SECOND_FACTOR": "1",
        "COMPTOIR_VAR": str(RUN_DIR / WORKER),
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{RUN_DIR / WORKER / 'shop.sqlite3'}",
        "BASE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "SECRET_KEY": "only-for-tests",
        "STRIPE_SECRET_KEY": "sk_test_comptoir",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_comptoir",
        "STRIPE_WEBHOOK_SECRETS": "whsec_tests",
        "STRIPE_API_BASE": "http://127.0.0.1:1",
        "SANDBOX_ORIGIN": "http://localhost:1",
    }
)

from comptoir.settings import *  # noqa: E402, F403 - the environment comes first
from comptoir.settings import DATABASES, INSTALLED_APPS, POSTGRESQL, STATIC_ROOT, STORAGES, VAR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [*INSTALLED_APPS, "tests.kinds"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# A file, not memory: threads of one test must meet in one database with the real pragmas.
DATABASES["default"]["TEST"] = {"NAME": f"test_{RUN}" if POSTGRESQL else str(VAR / "test.sqlite3")}
