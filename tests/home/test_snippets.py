"""Choosers of our own small things."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.store.owner.entering import enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["blog_author", "blog_section", "home_menu"])
def test_choosers_choose_and_do_not_break_when_asked_to_make_one(client: Client, kind: str) -> None:
    enter(client, factories.owner())
    choose = reverse(f"wagtailsnippetchoosers_{kind}:choose")

    assert client.get(choose).status_code == 200
    assert client.post(f"{choose}create/").status_code == 404
