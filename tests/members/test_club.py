"""The club on pages: its card in an article, its page, prices of its own, the card, the way out in three clicks."""

import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from members import card, joining, letters, passes
from members.models import ClubPage, Membership, Termination
from store import claims, pricing
from store.models import MailClaim
from tests import factories
from tests.factories.pages import block, markup

pytestmark = pytest.mark.django_db


def club_page() -> ClubPage:
    page = factories.home().add_child(instance=ClubPage(title="Le club", slug="club", locale=factories.locale()))
    page.save_revision().publish()
    return page


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_tier_stands_in_an_article_with_its_price_and_its_way_out() -> None:
    plan = factories.plan(factories.tier(promise="10 % sur tout"), price=4200)
    page = factories.article(body=[block("club", {"tier": str(plan.tier_id)})])
    html = Client().get(page.url).content.decode()

    assert f'value="{plan.offer_id}"' in html
    assert "42" in html
    assert "10\u00a0%" in html or "10 %" in html
    assert "Rejoindre" in html


def test_queries_do_not_grow_with_members(django_assert_max_num_queries) -> None:
    plan = factories.plan()
    page = factories.article(body=[block("club", {"tier": str(plan.tier_id)})])
    for _n in range(30):
        factories.member(plan.tier)
    Client().get(page.url)
    with django_assert_max_num_queries(26):
        assert "30 membres" in Client().get(page.url).content.decode()


def test_the_clubs_page_shows_what_can_be_joined() -> None:
    page = club_page()
    assert "pas encore" in Client().get(page.url).content.decode()
    plan = factories.plan()

    assert f'value="{plan.offer_id}"' in Client().get(page.url).content.decode()


def test_a_price_of_the_clubs_is_named_and_leads_to_it() -> None:
    club_page()
    goods = factories.goods(price=4700)
    pricing.set_price(goods.offer, 4100, audience="member")
    html = Client().get(factories.product_page(goods.product).url).content.decode()

    assert "Club" in html
    assert "41,00" in html
    assert 'href="/club/"' in html


def test_what_the_club_would_have_saved_is_said_to_who_does_not_belong(sandbox) -> None:
    goods = factories.goods(price=4700)
    pricing.set_price(goods.offer, 4100, audience="member")
    person = factories.person()
    factories.paid(sandbox, factories.basket(goods.offer, quantity=2), user=person, email=person.email)
    url = reverse("members:saved")

    assert "12,00" in signed_in(person).get(url).json()["words"]
    assert Client().get(url).json()["words"] == ""
    joining.comp(factories.tier(), person.email)
    assert signed_in(person).get(url).json()["words"] == ""


def test_a_card_says_what_a_door_believes() -> None:
    user = factories.member(email="lea@example.org")
    row = factories.membership(user)
    said = passes.read(card.word(row))
    html = signed_in(user).get(reverse("members:card")).content.decode()

    assert said is not None
    assert (said["n"], said["t"]) == (row.number, "ami")
    assert row.number in html
    assert "<svg" in html
    assert row.number not in card.revoked()
    joining.end(row)
    assert row.number in card.revoked()
    assert row.number not in signed_in(user).get(reverse("members:card")).content.decode()


def notice(row: Membership, **fields) -> dict[str, str]:
    return {"name": "Léa", "contract": row.number, "email": row.email, "token": str(uuid.uuid4()), **fields}


def test_three_clicks_end_a_contract_without_an_account(work) -> None:
    row = factories.membership(factories.member(email="lea@example.org"))
    guest, url = Client(), reverse("members:leave")
    assert f'href="{url}"' in guest.get("/").content.decode()
    said = notice(row)
    assert "mettre fin" in guest.post(url, said).content.decode().lower() or guest.post(url, said).status_code == 200
    assert not Termination.objects.exists()
    for _twice in range(2):
        assert guest.post(url, {**said, "confirm": "1"}).status_code == 200
    found = Termination.objects.get()
    work()

    assert found.membership == row
    assert [message.to for message in mail.outbox if row.number in message.body][-1:] == [["lea@example.org"]]
    row.refresh_from_db()
    assert not row.renews


def test_a_stranger_learns_nothing_of_others_contracts(work) -> None:
    row = factories.membership(factories.member(email="lea@example.org"))
    url, guest = reverse("members:leave"), Client()
    theirs = guest.post(url, {**notice(row, email="eve@example.org"), "confirm": "1"}).content
    none = guest.post(url, {**notice(row, email="eve@example.org", contract="K9-99999"), "confirm": "1"}).content

    assert theirs == none
    assert set(Termination.objects.values_list("membership", flat=True)) == {None}


def test_its_page_tells_programs_what_belonging_costs_and_gives() -> None:
    tier = factories.tier(promise="10 % sur tout")
    factories.plan(tier, price=4200)
    url = club_page().url
    told = markup(Client().get(url))["MemberProgram"]["hasTiers"][0]
    asked = told["hasTierRequirement"][0]

    assert (told["name"], told["description"]) == (tier.name, "10 % sur tout")
    assert (asked["price"], asked["priceCurrency"]) == ("42.00", "EUR")
    assert "hasTierBenefit" not in told
    pricing.set_price(factories.goods().offer, 100, audience="member")
    assert markup(Client().get(url))["MemberProgram"]["hasTiers"][0]["hasTierBenefit"].endswith(
        "TierBenefitLoyaltyPrice"
    )


def test_the_end_is_confirmed_once_even_while_another_worker_has_it_in_hand() -> None:
    row = Termination.objects.create(shop=factories.open_shop(), name="Léa", email="lea@example.org", contract="K7")
    claims.take(f"ended.{row.token}")
    with pytest.raises(claims.BeingSent):
        letters.confirm_end(row.pk)
    MailClaim.objects.all().delete()
    letters.confirm_end(row.pk)
    letters.confirm_end(row.pk)

    row.refresh_from_db()
    assert (len(mail.outbox), mail.outbox[0].to, row.told_at is None) == (1, ["lea@example.org"], False)


def test_an_english_reader_finds_the_tiers_english_name() -> None:
    user = factories.member(factories.tier(name="Ami de l’atelier", name_en="Friend of the workshop"))
    client = signed_in(user)
    for name in ("account", "members:card"):
        with override("en"):
            html = client.get(reverse(name)).content.decode()
        assert "Friend of the workshop" in html
        assert "Ami de l" not in html
        assert "Ami de l’atelier" in client.get(reverse(name)).content.decode()
