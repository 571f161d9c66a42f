"""A product's own screen and the list of products."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import money
from store import pricing
from store.editor import standing
from store.models import Goods, Offer, Product
from tests.factories import basket, goods, open_shop, order, person, photo, product, product_page, ready, stocked

pytestmark = pytest.mark.django_db


def screen(of: Product, name: str = "screen") -> str:
    return reverse(f"products:{name}", args=[of.pk])


def as_shown(desk: Client, of: Product) -> dict[str, str]:
    """Every field of the table as the browser would send it back, first values included."""
    context = desk.get(screen(of)).context
    sent: dict[str, str] = {}
    for form, _pool in context["rows"]:
        for field in form:
            value = field.value()
            text = (
                ""
                if value is None
                else str(field.field.widget.format_value(value) or "")
                if field.name != "state"
                else value
            )
            sent[field.html_name] = sent[field.html_initial_name] = text
    return sent


def test_the_table_as_it_is_changes_nothing(desk: Client) -> None:
    row = goods(price=2000)
    rows = Goods.objects.values(), Offer.objects.values()

    answer = desk.post(screen(row.product), as_shown(desk, row.product))

    assert answer.status_code == 302
    assert (list(rows[0].all()), list(rows[1].all())) == (list(Goods.objects.values()), list(Offer.objects.values()))
    assert row.offer.prices.count() == 1


def test_what_is_typed_is_written(desk: Client) -> None:
    row = goods(price=2000, options=["20"])
    key = f"v{row.pk}"
    form = as_shown(desk, row.product)
    form |= {
        f"{key}-price": "18,50", f"{key}-code": "NEUF", f"{key}-weight": "450", f"{key}-options_en": "20 cm",
        f"{key}-max_per_order": "3", f"{key}-low_at": "5", f"{key}-back_on": "2027-01-15",
        f"{key}-sale_from": "2026-12-01T09:00", f"{key}-sale_until": "2026-12-24T18:30", f"{key}-state": "archived",
    }  # fmt: skip

    desk.post(screen(row.product), form)

    row.refresh_from_db()
    offer, pool = row.offer, stocked(row.offer)
    assert (row.code, row.weight, row.options_en) == ("NEUF", 450, ["20 cm"])
    assert (offer.state, offer.max_per_order) == ("archived", 3)
    assert offer.sale_from == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert offer.sale_until == datetime(2026, 12, 24, 17, 30, tzinfo=UTC)
    assert (pool.low_at, pool.back_on, pool.on_hand) == (5, date(2027, 1, 15), 10)
    assert pricing.quote(offer).unit == 1850


@pytest.mark.parametrize(("typed", "warned"), [("0,01", 1), ("0,49", 1), ("0,50", 0), ("0", 0)])
def test_a_price_that_no_card_can_pay_is_saved_with_a_warning(desk: Client, typed: str, warned: int) -> None:
    row = goods(price=2000)
    form = {**as_shown(desk, row.product), f"v{row.pk}-price": typed}

    page = desk.post(screen(row.product), form, follow=True)

    assert [message.level_tag for message in page.context["messages"]].count("warning") == warned
    assert pricing.quote(row.offer).unit == money.parse(typed, "EUR")


def test_an_old_tab_does_not_bring_an_old_price_back(desk: Client) -> None:
    row = goods(price=2000)
    old_tab = as_shown(desk, row.product)
    pricing.set_price(row.offer, 2600)

    desk.post(screen(row.product), {**old_tab, f"v{row.pk}-weight": "10"})

    assert pricing.quote(row.offer).unit == 2600
    assert Goods.objects.get().weight == 10


@pytest.mark.parametrize(
    ("field", "typed"),
    [("price", "dix"), ("price", ""), ("max_per_order", "0"), ("code", ""), ("sale_until", "2020-01-01T00:00")],
)
def test_what_is_wrong_is_shown_and_nothing_is_written(desk: Client, field: str, typed: str) -> None:
    of = product()
    wrong, right = goods(of), goods(of, weight=300)
    Offer.objects.update(sale_from=datetime(2026, 1, 1, tzinfo=UTC))
    form = as_shown(desk, of) | {f"v{wrong.pk}-{field}": typed, f"v{right.pk}-weight": "999"}

    answer = desk.post(screen(of), form)

    assert answer.status_code == 422
    assert 'value="999"' in answer.content.decode()
    right.refresh_from_db()
    assert (right.weight, wrong.offer.prices.count()) == (300, 1)


def test_two_variants_cannot_have_one_code(desk: Client) -> None:
    of = product()
    first, second = goods(of, code="A"), goods(of, code="B")

    answer = desk.post(screen(of), as_shown(desk, of) | {f"v{second.pk}-code": "A"})

    assert answer.status_code == 422
    assert list(of.goods.values_list("code", flat=True)) == [first.code, "B"]


def test_a_variant_that_may_not_be_sold_says_why_on_its_row(desk: Client) -> None:
    row = goods(product(i_am_maker=False), state="draft")

    answer = desk.post(screen(row.product), as_shown(desk, row.product) | {f"v{row.pk}-state": "live"})

    assert answer.status_code == 422
    assert answer.context["rows"][0][0].errors["state"]
    assert Offer.objects.get().state == "draft"


def test_options_typed_once_make_the_missing_variants(desk: Client) -> None:
    of = goods(product(axes=["Taille"]), options=["20"]).product

    desk.post(screen(of, "variants"), {"axes": "Taille: 20, 24"})

    assert [row.options for row in of.goods.all()] == [["20"], ["24"]]


def test_wrong_options_come_back_as_typed(desk: Client) -> None:
    of = goods().product

    answer = desk.post(screen(of, "variants"), {"axes": "Taille 20"})

    assert (answer.status_code, of.goods.count()) == (422, 1)
    assert 'value="Taille 20"' in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "was", "becomes"),
    [("live", "draft", "live"), ("archived", "live", "archived"), ("draft", "live", "draft")],
)
def test_the_doors_change_the_state(desk: Client, asked: str, was: str, becomes: str) -> None:
    of = goods(ready(), state=was).product

    desk.post(screen(of, "state"), {"state": asked})

    assert Offer.objects.get().state == becomes


@pytest.mark.parametrize("asked", ["live", "nonsense"])
def test_a_door_that_is_shut_leaves_it_as_it_was(desk: Client, asked: str) -> None:
    of = goods(product(i_am_maker=False), state="draft").product

    assert desk.post(screen(of, "state"), {"state": asked}).status_code == 302
    assert Offer.objects.get().state == "draft"


def test_facts_give_their_vat_to_all_offers(desk: Client) -> None:
    of = goods().product
    typed = {
        "name": "Miel", "code": "miel", "tax_code": "reduced", "legal_type": "perishable", "height_cm": "12",
        "maker_name": "Rucher", "maker_address": "1 rue", "maker_contact": "a@b.fr",
        "maker_country": "FR", "needs_warnings": "on", "photo": photo().pk,
    }  # fmt: skip

    desk.post(screen(of, "facts"), typed)

    of.refresh_from_db()
    assert (of.name, of.i_am_maker, of.needs_warnings, of.missing_safety()) == ("Miel", False, True, [])
    assert Offer.objects.get().tax_code == "reduced"


def test_a_product_made_on_its_own_page(desk: Client) -> None:
    from tests.factories import shop_page

    open_shop()
    shop_page()
    token = desk.get(reverse("products:new")).context["form"].initial["token"]
    typed = {
        "name": "Seau",
        "price": "19,90",
        "units": "",
        "tax_code": "standard",
        "axes": "",
        "locale": "fr",
        "token": token,
    }

    answer = desk.post(reverse("products:new"), typed)

    assert answer.url == screen(Product.objects.get())


def test_the_list_narrows_by_state_and_words(desk: Client) -> None:
    product_page(goods(product(name="Seau")).product)
    goods(product(name="Poêle"), units=1)
    goods(product(name="Balai"), state="draft")

    def names(**query: str) -> list[str]:
        return [row.name for row in desk.get(reverse("products:index"), query).context["object_list"]]

    assert names() == ["Balai", "Poêle", "Seau"]
    assert (names(state="draft"), names(state="low"), names(q="poele")) == (["Balai"], ["Poêle"], ["Poêle"])


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    open_shop()

    assert reverse("products:new").encode() in desk.get(reverse("products:index")).content
    assert reverse("products:index").encode() in desk.get(reverse("products:index_results"), {"q": "rien"}).content


@pytest.mark.parametrize("number", [1, 10])
def test_the_list_costs_the_same_for_one_and_for_ten(
    desk: Client, django_assert_max_num_queries: Any, number: int
) -> None:
    for _n in range(number):
        product_page()
    desk.get(reverse("products:index"))

    with django_assert_max_num_queries(17):
        desk.get(reverse("products:index"))


def test_standing_costs_the_same_for_any_number(django_assert_max_num_queries: Any) -> None:
    products = [product_page().product for _n in range(5)]

    with django_assert_max_num_queries(7):
        shown = standing.of(products)
    with django_assert_max_num_queries(0):
        assert {(row.status, row.price_text, row.is_seen) for row in shown.values()} == {
            ("on_sale", "20,00\xa0€", True)
        }


def test_the_best_variant_tells_the_status() -> None:
    of = product()
    goods(of, units=0)
    goods(of, state="draft")
    assert standing.of_one(of).status == "sold_out"
    goods(of, units=3)

    assert standing.of_one(of).status == "on_sale"


def test_what_is_held_is_not_free() -> None:
    row = goods(units=5)
    order(basket(row.offer, quantity=2))

    shown = standing.of_one(row.product)

    assert (shown.stock_text, shown.variants[0].free) == ("3", 3)


@pytest.mark.parametrize("name", ["index", "new", "publish"])
def test_without_the_right_nobody_comes_in(settings: Any, name: str) -> None:
    settings.STAFF_SECOND_FACTOR = False
    browser, visitor = Client(), person(is_staff=True)
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    browser.force_login(visitor, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert browser.get(reverse(f"products:{name}")).status_code == 302


def test_the_page_form_shows_price_and_stock_and_has_no_field_for_them(desk: Client) -> None:
    page = product_page(goods(price=4690, units=7).product)

    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert ("46,90\xa0€" in html, screen(page.product) in html) == (True, True)
    assert 'name="product"' not in html


def test_price_of_the_club_is_set_changed_and_ended(desk: Client) -> None:
    row = goods(price=4900)
    name = f"v{row.pk}-price_member"

    desk.post(screen(row.product), as_shown(desk, row.product) | {name: "41,00"})
    assert pricing.asked([row.offer], timezone.now())[row.offer_id].others == {"member": 4100}
    desk.post(screen(row.product), as_shown(desk, row.product) | {name: "40,00"})
    desk.post(screen(row.product), as_shown(desk, row.product) | {name: ""})

    assert pricing.asked([row.offer], timezone.now())[row.offer_id].others == {}
    assert list(row.offer.prices.filter(audience="member").values_list("amount", flat=True)) == [4000, 4100]
    assert "(Club)" in desk.get(screen(row.product)).content.decode()


def test_wrong_price_of_the_club_saves_nothing(desk: Client) -> None:
    row = goods(price=4900)
    answer = desk.post(screen(row.product), as_shown(desk, row.product) | {f"v{row.pk}-price_member": "beaucoup"})
    assert (answer.status_code, row.offer.prices.count()) == (422, 1)
    assert "beaucoup" in answer.content.decode()


def test_club_may_buy_first_and_everybody_later(desk: Client) -> None:
    row = goods(price=4900)
    begins = timezone.now() + timedelta(days=7)
    form = as_shown(desk, row.product)
    form |= {f"v{row.pk}-price_member": "45", f"v{row.pk}-public_from": begins.strftime("%Y-%m-%dT09:00")}

    desk.post(screen(row.product), form)

    assert pricing.quote(row.offer) is None
    member = pricing.quote(row.offer, audiences=frozenset({"member"}))
    assert member is not None
    assert member.unit == 4500
    shown = as_shown(desk, row.product)
    assert (shown[f"v{row.pk}-price"], shown[f"v{row.pk}-public_from"][-5:]) == ("49,00", "09:00")
    desk.post(screen(row.product), shown | {f"v{row.pk}-price": "50,00"})
    assert pricing.quote(row.offer) is None
    later = pricing.quote(row.offer, at=begins + timedelta(days=1))
    assert later is not None
    assert later.unit == 5000
    desk.post(screen(row.product), as_shown(desk, row.product) | {f"v{row.pk}-public_from": ""})
    now = pricing.quote(row.offer)
    assert now is not None
    assert now.unit == 5000


def test_nobody_is_first_without_a_price_of_their_own(desk: Client) -> None:
    row = goods(price=4900)
    begins = (timezone.now() + timedelta(days=7)).strftime("%Y-%m-%dT09:00")
    answer = desk.post(screen(row.product), as_shown(desk, row.product) | {f"v{row.pk}-public_from": begins})
    assert (answer.status_code, pricing.quote(row.offer) is None) == (422, False)
