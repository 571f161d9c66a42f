"""The shop's own settings, and the tests' own kind: a choice before the basket, questions in the recap, no price."""

from comptoir.settings import *  # noqa: F403
from comptoir.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.kinds"]
