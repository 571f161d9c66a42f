"""Sales by article: who sold what. The rows sum exactly to what was paid minus what was given back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Max, OuterRef, QuerySet, Sum, UUIDField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from core import mentions
from core.models import Shop
from store.models import Order, OrderLine, Payment, ProductPage, Refund, RefundLine

AT_STRIPE = (Refund.State.PENDING, Refund.State.SUCCEEDED)
FEW_CARRY = 80  # percent of the sales that the marked articles carry together


@dataclass
class Row:
    """One article in all its languages, or one of the rows that no article explains. Minor units."""

    kind: str
    title: str
    sold: int = 0
    back: int = 0
    units: int = 0
    orders: int = 0
    page_id: int | None = None
    carries: bool = False
    share: int = 0

    @property
    def net(self) -> int:
        return self.sold - self.back


@dataclass
class Sales:
    """The rows, and the two sums that they add up to."""

    rows: list[Row] = field(default_factory=list)
    paid: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.paid - self.refunded

    @property
    def articles(self) -> list[Row]:
        return [row for row in self.rows if row.kind == "article"]


def by_article(shop: Shop, since: date | None = None, until: date | None = None) -> Sales:
    """The orders paid from `since` to `until` (days, included); a refund counts against its order, whenever made."""
    paid = paid_between(shop, since, until)
    payments = Payment.objects.filter(order__in=paid, currency=shop.currency)
    sums = payments.aggregate(paid=Sum("amount"), back=Sum("refunded"))
    sales = Sales(paid=sums["paid"] or 0, refunded=sums["back"] or 0)
    sold, back = _by_source(paid), _given_back(paid)
    titles = _titles(key for key in sold if key)
    for key, row in sold.items():
        title, page_id = titles.get(key, ("", None)) if key else (_("Bought in the shop, without an article"), None)
        kind = "article" if key else "direct"
        sales.rows.append(Row(kind, title, row["sold"], back.get(key, 0), row["kept"], row["orders"], page_id))
    sales.rows += _silent(set(sold), shop, until) + _without_article(paid, sales, sum(back.values()))
    _rank(sales)
    return sales


def paid_between(shop: Shop, since: date | None, until: date | None) -> QuerySet[Order]:
    """Orders that money came in for in these days, local time."""
    rows = Order.objects.for_shop(shop).with_money()
    if since:
        rows = rows.filter(paid_at__gte=_midnight(since))
    if until:
        rows = rows.filter(paid_at__lt=_midnight(until + timedelta(days=1)))
    return rows.order_by()


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def _by_source(paid: QuerySet[Order]) -> dict[UUID | None, dict[str, Any]]:
    """{article: amount, units kept, orders}; what the shop's own pages sold is under None."""
    rows: Any = (
        OrderLine.objects.filter(order__in=paid).order_by().annotate(source=_article("source_key")).values("source")
    )
    rows = rows.annotate(
        sold=Sum("amount"), kept=Sum(F("quantity") - F("refunded_quantity")), orders=Count("order", distinct=True)
    )
    return {row["source"]: row for row in rows}


def _given_back(paid: QuerySet[Order]) -> dict[UUID | None, int]:
    rows: Any = RefundLine.objects.filter(refund__order__in=paid, refund__state__in=AT_STRIPE)
    rows = rows.annotate(source=_article("line__source_key")).values("source").annotate(sum=Sum("amount"))
    return {row["source"]: row["sum"] for row in rows}


def _article(name: str) -> Case:
    """The source, unless it is one of the shop's own pages."""
    own = Page.objects.filter(translation_key=OuterRef(name), content_type__app_label="store")
    return Case(When(Exists(own), then=Value(None, output_field=UUIDField())), default=F(name))


def _titles(keys: Iterable[UUID | None]) -> dict[UUID | None, tuple[str, int | None]]:
    """The page's own title today, by preference in the shop's first language; else what it was called when it sold."""
    wanted = list(keys)
    lines = OrderLine.objects.filter(source_key__in=wanted).order_by().values("source_key", "source_title")
    lines = lines.annotate(last=Max("pk")).order_by("last")
    found: dict[UUID | None, tuple[str, int | None]] = {row["source_key"]: (row["source_title"], None) for row in lines}
    pages = Page.objects.filter(translation_key__in=wanted).select_related("locale").order_by("-locale_id")
    found.update({page.translation_key: (page.title, page.pk) for page in pages})
    return found


def _silent(sold: set[UUID | None], shop: Shop, until: date | None) -> list[Row]:
    """Live articles that offer something and sold nothing."""
    rows = mentions.references(ProductPage.objects.filter(product__shop=shop)).values_list("object_id", flat=True)
    ids = {int(row) for row in rows}
    pages = Page.objects.live().filter(pk__in=ids).exclude(content_type__app_label__in=["store", "home"])
    if until:
        pages = pages.filter(first_published_at__lt=_midnight(until + timedelta(days=1)))
    pages = pages.exclude(translation_key__in=[key for key in sold if key])
    by_key = {page.translation_key: page for page in pages.order_by("-locale_id")}
    return [Row("article", page.title, page_id=page.pk) for page in by_key.values()]


def _without_article(paid: QuerySet[Order], sales: Sales, tied: int) -> list[Row]:
    """Delivery, refunds tied to no line, and payments of another amount than the order's."""
    totals = paid.aggregate(total=Sum("total"), shipping=Sum("shipping_amount"))
    refunds = Refund.objects.filter(order__in=paid, state__in=AT_STRIPE)
    shipping_back = refunds.aggregate(sum=Sum("shipping"))["sum"] or 0
    loose = sales.refunded - tied - shipping_back
    other = sales.paid - (totals["total"] or 0)
    rows = [Row("shipping", _("Delivery"), totals["shipping"] or 0, shipping_back)]
    if loose:
        rows.append(Row("loose", _("Refunds tied to no article"), 0, loose))
    if other:
        rows.append(Row("other", _("Received beyond or below the orders' totals"), other))
    return [row for row in rows if row.sold or row.back]


def _rank(sales: Sales) -> None:
    """Best first, then the rows that are no articles; mark the few that carry the most."""
    best = max((row.net for row in sales.rows), default=0)
    whole = sum(row.net for row in sales.articles if row.net > 0)
    sales.rows.sort(key=lambda row: (row.kind != "article", -row.net, row.title))
    before = 0
    for row in sales.rows:
        row.share = max(round(100 * row.net / best), 1) if best > 0 and row.net > 0 else 0
        if row.kind == "article" and row.net > 0:
            row.carries = 100 * before < FEW_CARRY * whole
            before += row.net
