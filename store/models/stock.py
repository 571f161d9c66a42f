"""What is scarce, and what of it is promised. Written by store.stock only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import Shop


class StockQuerySet(models.QuerySet["Stock"]):
    """Pools and what is left of them."""

    def locked(self) -> Self:
        """The pools in key order, each locked until the transaction ends (on SQLite the transaction is the lock)."""
        return self.order_by("pk").select_for_update()

    def left(self, stock_ids: list[int], mine: Collection[str] = ()) -> dict[int, "Left"]:
        """{stock pk: what is left} in one query; what unpaid orders with the tokens `mine` hold counts as free."""
        own = _held_by(mine)
        return {row["pk"]: _left(row, own) for row in self.filter(pk__in=stock_ids).counted("pk")}

    def left_by_offer(self, offer_ids: list[int], mine: Collection[str] = ()) -> dict[int, list["Left"]]:
        """{offer pk: what is left of each of its pools} in one query; `mine` as for `left`."""
        found: dict[int, list[Left]] = {}
        own = _held_by(mine)
        for row in self.filter(offers__in=offer_ids).counted("offers__id", "pk"):
            found.setdefault(row["offers__id"], []).append(_left(row, own))
        return found

    def counted(self, *keys: str) -> Any:
        """What is on hand and held, for each of these keys; holds of the past are not read."""
        live = models.Q(holds__state__in=[Hold.State.RESERVED, Hold.State.KEPT])
        paying = models.Q(live__state=Hold.State.RESERVED)
        rows = self.annotate(live=models.FilteredRelation("holds", condition=live))
        return rows.values(*keys, "on_hand", "low_at", "back_on").annotate(
            held_units=Coalesce(models.Sum("live__quantity"), 0),
            paying_units=Coalesce(models.Sum("live__quantity", filter=paying), 0),
            ask_at=models.Min("live__ask_at", filter=paying),
        )


@dataclass(frozen=True)
class Left:
    """What is left of one pool: `free` units (may be negative after an adjustment), `paying` held right now."""

    free: int
    paying: int
    ask_at: datetime | None
    low_at: int
    back_on: date | None


def _held_by(tokens: Collection[str]) -> dict[int, int]:
    """{stock pk: units that unpaid orders with these tokens hold}; no query without tokens."""
    if not tokens:
        return {}
    rows = Hold.objects.filter(line__order__token__in=tokens, state=Hold.State.RESERVED).order_by()
    return {row["stock"]: row["units"] for row in rows.values("stock").annotate(units=models.Sum("quantity"))}


def _left(row: dict[str, Any], own: dict[int, int]) -> Left:
    mine = own.get(row["pk"], 0)
    free = row["on_hand"] - row["held_units"] + mine
    return Left(free, row["paying_units"] - mine, row["ask_at"], row["low_at"], row["back_on"])


class Stock(models.Model):
    """A named pool of units. `on_hand` is always the sum of its moves."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="stocks")
    name = models.CharField(_("name"), max_length=160)
    on_hand = models.IntegerField(_("on hand"), default=0, editable=False)
    low_at = models.PositiveIntegerField(
        _("warn me at"), default=2, help_text=_("At this number left, your desk says so.")
    )
    back_on = models.DateField(_("back in stock around"), null=True, blank=True)

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stocks")
        constraints = [models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="stock_not_negative")]

    def __str__(self) -> str:
        return self.name


class StockMove(models.Model):
    """One change of a pool, never edited."""

    class Reason(models.TextChoices):
        RECEIVED = "received", _("received")
        SHIPPED = "shipped", _("sent to a customer")
        RETURNED = "returned", _("come back")
        COUNTED = "counted", _("counted anew")
        LOST = "lost", _("lost or broken")
        USED = "used", _("used or given away")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="moves")
    quantity = models.IntegerField(_("units"), help_text=_("Negative: taken away."))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    effect_key = models.CharField(max_length=80, null=True, unique=True, editable=False)  # noqa: DJ001 - unique, and many have none

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(quantity=0), name="move_of_something")]


class Hold(models.Model):
    """Units of a pool promised to an order line."""

    class State(models.TextChoices):
        """Moves: reserved → kept → used; reserved or kept → released. The clock alone moves nothing."""

        RESERVED = "reserved", _("being paid")
        KEPT = "kept", _("sold, not yet sent")
        USED = "used", _("sent")
        RELEASED = "released", _("free again")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="holds")
    line = models.ForeignKey("store.OrderLine", on_delete=models.PROTECT, related_name="holds")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RESERVED)
    ask_at = models.DateTimeField(null=True, help_text="When to ask Stripe what became of the session (UTC).")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="hold_of_something"),
            models.UniqueConstraint(
                fields=["stock", "line"],
                condition=models.Q(state__in=["reserved", "kept"]),
                name="one_live_hold_for_a_line_and_pool",
            ),
        ]
        indexes = [models.Index(fields=["stock", "state"]), models.Index(fields=["state", "ask_at"])]
