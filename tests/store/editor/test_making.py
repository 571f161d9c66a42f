"""A new product: everything or nothing, once."""

import uuid
from dataclasses import replace

import pytest

from store import pricing
from store.editor import axes, making
from store.models import Goods, Offer, Price, Product, ProductPage, StockMove
from tests.factories import basket, goods, open_shop, order, owner, photo, product, shop_page

pytestmark = pytest.mark.django_db


def typed(**fields: object) -> making.NewProduct:
    plain = making.NewProduct(name="Poêle", amount=4690, units=4, tax_code="standard", token=uuid.uuid4())
    return replace(plain, **fields)  # type: ignore[arg-type]


def test_make_makes_all_of_it_in_draft() -> None:
    open_shop()
    picture, who = photo(), owner()

    page = making.make(typed(photo=picture, axes=axes.parse("Taille: 20, 24")), shop_page(), by=who)

    made = page.product
    assert (page.live, page.title, page.get_parent().pk) == (False, "Poêle", shop_page().pk)
    assert [(row.photo_id, row.alt) for row in page.gallery.all()] == [(picture.pk, "Poêle")]
    assert (made.name, made.code, made.axes, made.photo_id) == ("Poêle", "poele", ["Taille"], picture.pk)
    rows = list(made.goods.select_related("offer"))
    assert [(row.code, row.options, row.offer.state) for row in rows] == [
        ("POELE-20", ["20"], "draft"), ("POELE-24", ["24"], "draft"),
    ]  # fmt: skip
    assert [pricing.quote(row.offer).unit for row in rows] == [4690, 4690]
    assert [row.offer.stocks.get().on_hand for row in rows] == [4, 4]
    assert set(Price.objects.values_list("set_by", flat=True)) == {who.pk}
    assert page.latest_revision is not None


def test_the_same_token_makes_one_product() -> None:
    open_shop()
    new = typed()

    first = making.make(new, shop_page(), by=None)
    second = making.make(new, shop_page(), by=None)

    assert first.pk == second.pk
    assert (Product.objects.count(), Goods.objects.count(), StockMove.objects.count()) == (1, 1, 1)


def test_a_token_taken_meanwhile_gives_the_page_made_by_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop()
    new = typed()
    first = making.make(new, shop_page(), by=None)
    answers = iter([None, first])
    monkeypatch.setattr(making, "_made", lambda _token: next(answers))

    assert making.make(new, shop_page(), by=None) == first
    assert Product.objects.count() == 1


def test_what_fails_at_the_page_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop()
    monkeypatch.setattr(ProductPage, "save_revision", lambda *_args, **_kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        making.make(typed(), shop_page(), by=None)

    assert (Product.objects.count(), Offer.objects.count(), ProductPage.objects.count()) == (0, 0, 0)


def test_codes_are_given_once() -> None:
    open_shop()

    codes = [making.make(typed(), shop_page(), by=None).product.code for _n in range(3)]

    assert codes == ["poele", "poele-2", "poele-3"]


def test_without_units_nothing_is_counted() -> None:
    open_shop()

    page = making.make(typed(units=None), shop_page(), by=None)

    assert page.product.goods.get().offer.stocks.count() == 0


def test_fill_variants_makes_what_is_missing_and_keeps_what_is_there() -> None:
    of = product(axes=["Taille"])
    kept = goods(of, options=["20"], price=2500, units=7)

    made = making.fill_variants(of, axes.parse("Taille: 20, 24, 28"), by=None)

    assert [row.options for row in made] == [["24"], ["28"]]
    assert [(pricing.quote(row.offer).unit, row.offer.state) for row in made] == [(2500, "draft"), (2500, "draft")]
    assert [row.offer.stocks.get().on_hand for row in made] == [0, 0]
    kept.refresh_from_db()
    assert (kept.options, kept.offer.stocks.get().on_hand) == (["20"], 7)


def test_fill_variants_again_makes_nothing() -> None:
    of = product()
    goods(of, options=["20"])
    making.fill_variants(of, axes.parse("Taille: 20, 24"), by=None)

    assert making.fill_variants(of, axes.parse("Taille: 20, 24"), by=None) == []
    assert of.goods.count() == 2


def test_a_lone_draft_becomes_the_first_variant() -> None:
    of = product()
    lone = goods(of, state=Offer.State.DRAFT, units=3)

    making.fill_variants(of, axes.parse("Taille: 20, 24"), by=None)

    lone.refresh_from_db()
    assert (lone.options, lone.offer.stocks.get().on_hand, of.goods.count()) == (["20"], 3, 2)


def test_a_lone_variant_that_was_ordered_stays_as_it_was_bought() -> None:
    of = product()
    lone = goods(of)
    order(basket(lone.offer))
    Offer.objects.update(state=Offer.State.DRAFT)

    making.fill_variants(of, axes.parse("Taille: 20, 24"), by=None)

    lone.refresh_from_db()
    assert (lone.options, of.goods.count()) == ([], 3)
    assert lone.offer.stocks.get().holds.count() == 1
