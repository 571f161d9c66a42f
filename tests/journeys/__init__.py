"""Buying, and what follows, in a real browser: real server, worker and stand-in of Stripe, one test database."""

import pytest

pytest.register_assert_rewrite("tests.journeys.stall", "tests.journeys.reader")
