"""Who counts as one visitor for the limits."""

import pytest
from django.test import RequestFactory

from core import limits


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:eeee:dddd:cccc", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_one_line_is_one_visitor(said, counted):
    assert limits.address_of(RequestFactory().get("/", REMOTE_ADDR=said)) == counted


def test_only_the_hop_of_a_trusted_proxy_is_believed(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="9.9.9.9, 2001:db8:1:2::77")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert limits.address_of(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert limits.address_of(request) == "2001:db8:1:2::"


@pytest.mark.django_db
def test_sixty_addresses_of_one_line_share_one_limit():
    for host in range(3):
        request = RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:1:2::{host:x}")
        limits.spend("try", [limits.address_of(request)], limit=3, seconds=600)
    with pytest.raises(limits.TooMany):
        limits.spend("try", ["2001:db8:1:2::"], limit=3, seconds=600)
