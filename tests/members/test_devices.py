"""Where an account is open: in words, and ended one by one."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from members import devices
from members.models import User
from tests import factories
from tests.factories.people import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [(FIREFOX, "Firefox, Windows"), (IPHONE, "Safari, iPhone"), (EDGE, "Edge, Mac"), ("curl/8", "Un appareil qui ne dit pas ce qu’il est")],
)  # fmt: skip
def test_a_device_in_words(user_agent: str, words: str) -> None:
    assert devices.words(user_agent) == words


def signed_in(user: User, user_agent: str) -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_one_is_ended_and_the_other_stays() -> None:
    factories.open_shop()
    user, stranger = factories.person(), factories.person()
    here, there, theirs = signed_in(user, FIREFOX), signed_in(user, IPHONE), signed_in(stranger, EDGE)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert ("Firefox, Windows" in page, "Safari, iPhone" in page, "Edge" in page) == (True, True, False)
    row = UserSession.objects.get(user=user, user_agent=IPHONE)
    other = UserSession.objects.get(user=stranger)
    assert here.post(reverse("members:end-session", args=[other.pk])).status_code == 404
    for _twice in range(2):
        here.post(reverse("members:end-session", args=[row.pk]))

    assert there.get(reverse("account")).status_code == 302
    assert here.get(reverse("account")).status_code == 200
    assert theirs.get(reverse("account")).status_code == 200
    mine = UserSession.objects.get(user=user)
    here.post(reverse("members:end-session", args=[mine.pk]))
    assert here.get(reverse("account")).status_code == 302
