"""On sale, archived, back to draft."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from wagtail.log_actions import registry

from store.editor import states, variants
from store.models import Offer, Price
from tests.factories import article, basket, goods, order, owner, product, product_page, ready

pytestmark = pytest.mark.django_db


def states_of(of: object) -> list[str]:
    return list(Offer.objects.filter(goods__product=of).order_by("pk").values_list("state", flat=True))


def test_what_lacks_safety_facts_does_not_go_on_sale() -> None:
    of = ready(i_am_maker=False)
    goods(of, state="draft")

    with pytest.raises(states.NotReady) as refused:
        states.put_on_sale(of, by=None)

    assert len(refused.value.lacking) == 4
    assert states_of(of) == ["draft"]


def test_what_has_no_price_does_not_go_on_sale() -> None:
    of = ready()
    row = goods(of, state="draft", code="SANS-PRIX")
    Price.objects.all().delete()

    with translation.override("en"):
        assert states.lacking(of) == ["a price for SANS-PRIX"]
    with pytest.raises(states.NotReady):
        states.set_state(row, "live", by=None)


def test_put_on_sale_takes_the_drafts_and_leaves_the_archived() -> None:
    of = ready()
    goods(of, state="draft")
    goods(of, state="archived")

    assert (states.put_on_sale(of, by=None), states.put_on_sale(of, by=None)) == (1, 0)
    assert states_of(of) == ["live", "archived"]


def test_an_archived_product_can_come_back() -> None:
    of = ready()
    goods(of, state="archived")

    states.put_on_sale(of, by=None)

    assert states_of(of) == ["live"]


def test_put_on_sale_at_an_hour_keeps_a_first_day_of_its_own() -> None:
    of = ready()
    own, later = timezone.now() + timedelta(days=9), timezone.now() + timedelta(days=2)
    kept = goods(of, state="draft")
    Offer.objects.filter(pk=kept.offer_id).update(sale_from=own)
    other = goods(of, state="draft")

    states.put_on_sale(of, by=None, sale_from=later)

    begins = dict(Offer.objects.values_list("pk", "sale_from"))
    assert (begins[kept.offer_id], begins[other.offer_id]) == (own, later)


def test_what_was_ordered_cannot_be_a_draft_again() -> None:
    of = product()
    row = goods(of)
    order(basket(row.offer))

    with pytest.raises(states.CannotBeDraft):
        states.withdraw(of, by=None)
    assert states_of(of) == ["live"]


def test_what_a_published_page_tells_of_cannot_be_a_draft_again(work: Any) -> None:
    page = product_page()
    article(page)
    work()

    with pytest.raises(states.CannotBeDraft):
        states.withdraw(page.product, by=None)
    with pytest.raises(states.CannotBeDraft):
        states.set_state(page.product.goods.get(), "draft", by=None)
    assert states_of(page.product) == ["live"]


def test_what_only_a_draft_tells_of_can(work: Any) -> None:
    page = product_page()
    article(page, live=False)
    work()

    states.withdraw(page.product, by=None)

    assert states_of(page.product) == ["draft"]


def test_each_change_is_logged_with_who_did_it() -> None:
    of, who = product(), owner()
    row = goods(of)

    states.archive(of, by=who)
    variants.change(row, {"price": 2100}, by=who)

    logged = registry.get_logs_for_instance(of).order_by("pk")
    assert [(entry.action, entry.user_id) for entry in logged] == [
        ("store.product_archived", who.pk), ("store.variant_changed", who.pk),
    ]  # fmt: skip


def test_deleting_the_last_page_archives_the_offers() -> None:
    of = product()
    goods(of)
    french, english = product_page(of), product_page(of, code="en")

    english.delete()
    assert states_of(of) == ["live"]

    french.delete()
    assert states_of(of) == ["archived"]


def test_deleting_the_shop_page_archives_what_stood_under_it() -> None:
    page = product_page()

    page.get_parent().specific.delete()

    assert states_of(page.product) == ["archived"]


def test_a_price_is_a_new_row_and_the_same_price_none() -> None:
    row = goods(price=2000)

    variants.change(row, {"price": 1800}, by=None)
    variants.change(row, {"price": 1800}, by=None)

    assert [price.amount for price in variants.history(row)] == [1800, 2000]


def test_what_is_refused_leaves_the_other_changes_undone() -> None:
    row = goods(product(i_am_maker=False), state="draft", price=2000)

    with pytest.raises(states.NotReady):
        variants.change(row, {"price": 1800, "weight": 5, "state": "live"}, by=None)

    row.refresh_from_db()
    assert (row.weight, [price.amount for price in variants.history(row)]) == (300, [2000])
