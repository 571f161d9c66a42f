"""Sales by article: the rows sum to what was paid minus what was given back, whatever happened."""

import random
import uuid
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Shop
from store.models import Attempt, Offer, Order, OrderLine, Payment, Refund, RefundLine
from store.owner.sales import Sales, by_article
from tests import factories

pytestmark = pytest.mark.django_db
KEYS = [None, *(uuid.UUID(int=number) for number in range(1, 5))]


class Oracle:
    """What each row should be, counted by hand while orders are made."""

    def __init__(self) -> None:
        self.net: Counter[Any] = Counter()
        self.paid = self.back = 0

    def order(self, dice: random.Random, shop: Shop, offer: Offer, paid_at: Any) -> Order:
        """A paid order with one to three lines, and perhaps refunds of every kind."""
        amounts = [
            (dice.choice(KEYS), dice.randint(1, 3), dice.randint(0, 5000)) for _line in range(dice.randint(1, 3))
        ]
        goods, shipping = sum(units * price for _key, units, price in amounts), dice.choice([0, 490, 1290])
        order = Order.objects.create(
            shop=shop, email="a@example.org", name="A", currency="EUR", goods_amount=goods, shipping_amount=shipping,
            total=goods + shipping, state=Order.State.PAID, paid_at=paid_at,
        )  # fmt: skip
        for key, units, price in amounts:
            OrderLine.objects.create(
                order=order, offer=offer, title="x", quantity=units, unit_amount=price, amount=units * price,
                legal_type="goods", source_key=key, source_title=f"Article {key}" if key else "",
            )  # fmt: skip
            self.net[key] += units * price
        self.net["shipping"] += shipping
        self.pay(dice, order)
        return order

    def pay(self, dice: random.Random, order: Order) -> None:
        if not order.total:
            return
        extra = dice.choice([0, 0, 0, 0, 100])
        attempt = Attempt.objects.create(
            order=order, number=1, amount=order.total, currency="EUR", params={}, idempotency_key=str(order.token),
            expires_at=timezone.now(),
        )  # fmt: skip
        payment = Payment.objects.create(order=order, attempt=attempt, amount=order.total + extra, currency="EUR")
        self.paid += payment.amount
        self.net["other"] += extra
        for state in dice.choices(Refund.State.values, k=dice.randint(0, 2)):
            self.refund(dice, payment, state)

    def refund(self, dice: random.Random, payment: Payment, state: str) -> None:
        """Of a line, of delivery, or of neither, as far as the payment goes."""
        order, left = payment.order, payment.amount - payment.refunded
        line = dice.choice([None, *order.lines.all()])
        of_line = min(dice.randint(0, line.amount), left) if line else 0
        shipping = min(dice.choice([0, order.shipping_amount]), left - of_line)
        loose = dice.choice([0, 0, min(50, left - of_line - shipping)])
        amount = of_line + shipping + loose
        if not amount:
            return
        row = Refund.objects.create(order=order, payment=payment, amount=amount, shipping=shipping, state=state)
        if line and of_line:
            RefundLine.objects.create(refund=row, line=line, amount=of_line)
        if state in {"pending", "succeeded"}:
            Payment.objects.filter(pk=payment.pk).update(refunded=payment.refunded + amount)
            payment.refresh_from_db()
            self.back += amount
            self.net[line.source_key if line else None] -= of_line
            self.net["shipping"] -= shipping
            self.net["loose"] -= loose


def found(sales: Sales) -> dict[Any, int]:
    """{key of article or kind of row: what stays}"""
    rows: dict[Any, int] = {}
    for row in sales.rows:
        key: Any = row.kind
        if row.kind == "article":
            key = uuid.UUID(row.title.removeprefix("Article "))
        elif row.kind == "direct":
            key = None
        rows[key] = row.net
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_right_and_sum_to_paid_minus_refunded(seed: int) -> None:
    dice, oracle = random.Random(seed), Oracle()  # noqa: S311 - repeatable, not secret
    offer = factories.offer(units=None)
    for _order in range(dice.randint(1, 15)):
        oracle.order(dice, offer.shop, offer, timezone.now())
    factories.order()

    sales = by_article(offer.shop)

    assert (sales.paid, sales.refunded) == (oracle.paid, oracle.back)
    assert sum(row.net for row in sales.rows) == oracle.paid - oracle.back
    assert {key: net for key, net in found(sales).items() if net} == {
        key: net for key, net in oracle.net.items() if net
    }


def test_period_counts_local_days_on_both_ends() -> None:
    offer = factories.offer(units=None)
    oracle, dice = Oracle(), random.Random(1)  # noqa: S311 - repeatable, not secret
    day = date(2026, 3, 10)
    for hour, minutes in ((-1, 59), (0, 0), (23, 59), (24, 0)):
        moment = timezone.make_aware(timezone.datetime(2026, 3, 10)) + timedelta(hours=hour, minutes=minutes)
        oracle.order(dice, offer.shop, offer, moment)

    assert len(Order.objects.all()) == 4
    inside = by_article(offer.shop, day, day)
    orders = Order.objects.order_by("paid_at")[1:3]
    assert inside.paid == sum(payment.amount for order in orders for payment in order.payments.all())


def test_translations_count_as_one_and_the_shops_own_pages_as_none(sandbox: Any, work: Any) -> None:
    goods = factories.goods()
    page = factories.product_page(goods.product)
    article = factories.article(page, title="Lire un balai")
    work()
    for source in (article.pk, page.pk, None):
        factories.paid(sandbox, factories.basket(goods.offer, page_id=source))
    work()
    OrderLine.objects.filter(source_page=article).update(source_title="Reading a broom", source_locale="en")

    sales = by_article(goods.product.shop)

    assert [(row.kind, row.title if row.kind == "article" else "", row.sold, row.orders) for row in sales.rows[:2]] == [
        ("article", "Lire un balai", 2000, 1),
        ("direct", "", 4000, 2),
    ]


def test_article_that_sells_nothing_stands_there_with_nothing(work: Any) -> None:
    page = factories.product_page()
    factories.article(page, title="Rien vendu")
    work()

    rows = by_article(page.product.shop).rows

    assert [(row.title, row.net, row.carries) for row in rows] == [("Rien vendu", 0, False)]


def test_few_that_carry_the_most_are_marked() -> None:
    offer = factories.offer(units=None)
    for key, amount in zip(KEYS[1:], (700, 200, 60, 40), strict=True):
        order = Order.objects.create(
            shop=offer.shop, email="a@example.org", name="A", currency="EUR", goods_amount=amount, total=amount,
            state=Order.State.PAID, paid_at=timezone.now(),
        )  # fmt: skip
        OrderLine.objects.create(
            order=order, offer=offer, title="x", quantity=1, unit_amount=amount, amount=amount, legal_type="goods",
            source_key=key, source_title=str(amount),
        )  # fmt: skip

    articles = by_article(offer.shop).articles

    assert [(row.title, row.carries, row.share) for row in articles] == [
        ("700", True, 100), ("200", True, 29), ("60", False, 9), ("40", False, 6),
    ]  # fmt: skip


def test_page_and_export_show_the_same_rows(desk_client: Client, sale: Order) -> None:
    page = desk_client.get("/cms/shop/sales/")
    csv = b"".join(desk_client.get("/cms/shop/sales/?export=csv").streaming_content).decode()  # type: ignore[attr-defined]

    assert [row.net for row in page.context["sales"].rows] == [4000, 500]
    assert [line.split(";")[-2] for line in csv.splitlines()[1:]] == ["40,00", "5,00"]


def test_period_that_ends_before_it_begins_is_said(desk_client: Client) -> None:
    page = desk_client.get("/cms/shop/sales/?since=2026-02-01&until=2026-01-01")

    assert page.context["form"].non_field_errors()


def test_page_without_sales_says_what_to_do_next(desk_client: Client) -> None:
    factories.open_shop()

    assert 'href="/cms/pages/"' in desk_client.get("/cms/shop/sales/").content.decode()
