"""The card as a picture, and who is named in the club's block."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core import qr
from members import card, club, plate
from members.models import Membership, Profile, Tier
from tests import factories

pytestmark = pytest.mark.django_db


def hers(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_picture_is_its_owners_and_kept_by_nobody_between() -> None:
    user = factories.member()
    row = factories.membership(user)
    there = reverse("members:card-image", args=[row.number])
    answer = hers(user).get(there)
    picture = Image.open(io.BytesIO(answer.content))

    assert (answer["Content-Type"], picture.width) == ("image/png", plate.WIDTH)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="carte-{row.number}.png"'
    assert there in hers(user).get(reverse("members:card")).content.decode()
    assert hers(factories.member()).get(there).status_code == 404
    assert Client().get(there).status_code == 302
    Membership.objects.update(state="ended", ends_at=timezone.now())
    assert hers(user).get(there).status_code == 404


@pytest.mark.parametrize("colour", Tier.Colour.values)
def test_the_code_in_the_picture_is_that_of_the_card(colour: str, monkeypatch) -> None:
    row = factories.membership(factories.member(factories.tier("ami", colour=colour)))
    monkeypatch.setattr(card, "word", lambda _row: "the same word")
    picture = Image.open(io.BytesIO(plate.png(row, "Tiers-Point", "fr")))
    rows = qr.matrix("the same word")
    module = plate.ROOM // len(rows)
    margin = (plate.ROOM - module * len(rows)) // 2
    top = picture.height - plate.EDGE - 130 - plate.ROOM + 16
    seen = [
        [picture.getpixel((plate.EDGE + margin + module * x + module // 2, top + margin + module * y + module // 2)) == (0, 0, 0)
         for x in range(len(rows))]
        for y in range(len(rows))
    ]  # fmt: skip

    assert seen == rows
    assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((2, 2))) == plate.ENAMEL[Tier.Colour(colour)]


def test_long_names_stay_on_the_plate() -> None:
    row = factories.membership(factories.member())
    row.name = "Marie-Antoinette de la Tour-du-Pin " * 4
    assert Image.open(io.BytesIO(plate.png(row, "x" * 60, "fr"))).width == plate.WIDTH


def facts(tier: Tier) -> dict[str, str]:
    plan = tier.plans.first() or factories.plan(tier)
    return dict(club.groups([plan.tier_id], "fr")[tier.pk].facts)


def test_first_names_of_those_who_want_it_and_the_number_of_all() -> None:
    tier = factories.tier()
    names = ["Nour Haddad", "Paul Girard", "Zoé Leroy"]
    for number, name in enumerate(names):
        user = factories.member(tier)
        Profile.objects.create(user=user, name=name, is_named=number < 2, is_listed=True)
        Membership.objects.filter(user=user).update(starts_at=timezone.now() - timedelta(days=9 - number))
    assert facts(tier)["Qui en est"] == "3 membres, dont Nour, Paul"
    Membership.objects.filter(user__profile__name="Nour Haddad").update(state="ended", ends_at=timezone.now())

    assert facts(tier)["Qui en est"] == "2 membres, dont Paul"
    Profile.objects.update(is_named=False)
    assert facts(tier)["Qui en est"] == "2 membres"


def test_names_cost_one_query_however_many(django_assert_num_queries) -> None:
    tier = factories.tier()
    factories.plan(tier)
    club.groups([tier.pk], "fr")
    with django_assert_num_queries(1):
        club._names()  # noqa: SLF001 - the query is what is counted
    for number in range(12):
        Profile.objects.create(user=factories.member(tier), name=f"N{number} X", is_named=True)
    with django_assert_num_queries(1):
        assert len(club._names()[tier.pk]) == club.NAMED  # noqa: SLF001
