"""Orders: placed before the money, frozen as the buyer accepted them. State moves only through these methods."""

import secrets
import uuid
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from babel import Locale
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Shop, TermsVersion
from store.models.cart import Cart, Source
from store.models.delivery import DeliveryMethod
from store.models.offer import Offer

PERSON = ("email", "name")
ADDRESS = ("line1", "line2", "postcode", "city")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class MoveNotAllowed(Exception):
    """The order cannot go from its state to that one."""

    def __init__(self, order: "Order", state: str) -> None:
        super().__init__(f"{order.number}: {order.state} -> {state}")
        self.order = order
        self.state = state


class OrderQuerySet(models.QuerySet["Order"]):
    """Which orders."""

    def for_shop(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def for_user(self, user: Any) -> Self:
        return self.filter(user=user).exclude(state=Order.State.PLACED) if user.is_authenticated else self.none()

    def locked(self) -> Self:
        """In key order, locked until the transaction ends."""
        return self.order_by("pk").select_for_update(of=("self",))

    def needing_attention(self) -> Self:
        return self.exclude(attention="")

    def with_money(self) -> Self:
        """Orders that money came in for, whatever happened since."""
        return self.filter(paid_at__isnull=False)


def language() -> str:
    """ "fr" or "en": that of the moment."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def new_number() -> str:
    """A short code to say on the phone: eight characters without 0, O, 1 and I."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class Order(models.Model):
    """One purchase. Amounts in minor units of `currency`, VAT included."""

    class State(models.TextChoices):
        PLACED = "placed", _("waiting for payment")
        PENDING = "pending", _("payment on its way")
        PAID = "paid", _("paid")
        SHIPPED = "shipped", _("sent")
        DELIVERED = "delivered", _("delivered")
        REFUNDED = "refunded", _("refunded")
        CANCELLED = "cancelled", _("cancelled")
        LAPSED = "lapsed", _("not paid in time")

    MOVES: ClassVar[dict[str, set[str]]] = {
        "placed": {"pending", "paid", "cancelled", "lapsed"},
        "pending": {"paid", "cancelled", "lapsed"},
        "lapsed": {"paid", "pending"},
        "cancelled": {"paid", "pending"},
        "paid": {"shipped", "refunded", "cancelled", "delivered"},
        "shipped": {"delivered", "refunded"},
        "delivered": {"refunded"},
        "refunded": set(),
    }

    class Attention(models.TextChoices):
        """Why the owner must look, the gravest first: what keeps a parcel in the house stands before what does not."""

        NONE = "", _("nothing")
        DISPUTE = "dispute", _("the buyer disputes the payment")
        DISPUTE_LOST = "dispute_lost", _("the dispute is lost, the bank took the money back")
        MISMATCH = "mismatch", _("paid another amount than asked")
        INCOMPLETE = "incomplete", _("paid, but e-mail or address is missing")
        EARLY_FRAUD = "early_fraud", _("the bank suspects a stolen card")
        OVERSOLD = "oversold", _("paid late, no units left")
        DOUBLE = "double", _("paid twice")
        REFUND_FAILED = "refund_failed", _("a refund failed")
        UNBILLED = "unbilled", _("a renewal could not be billed")
        AFTER_END = "after_end", _("charged after its subscription ended")

        @classmethod
        def gravest(cls, reasons: Collection[str]) -> str:
            """The first of them, or nothing."""
            return next((value for value in cls.values if value in reasons), str(cls.NONE))

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(_("number"), max_length=12, unique=True, default=new_number, editable=False)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    checkout_token = models.UUIDField(null=True, unique=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    cart = models.ForeignKey(Cart, null=True, on_delete=models.SET_NULL, related_name="orders", editable=False)
    origin = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="renewals", editable=False,
        help_text="The order whose subscription this one renews.",
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLACED)
    attention = models.CharField(_("look at it"), max_length=16, choices=Attention.choices, blank=True, default="")
    locale = models.CharField(max_length=10, default="fr")

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    line1 = models.CharField(_("address"), max_length=160, blank=True)
    line2 = models.CharField(_("complement"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    note = models.CharField(_("word of the buyer"), max_length=500, blank=True)

    currency = models.CharField(max_length=3)
    goods_amount = models.PositiveBigIntegerField()
    shipping_amount = models.PositiveBigIntegerField(default=0)
    shipping_tax_bp = models.PositiveIntegerField(default=0)
    shipping_tax = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(_("total"))
    refunded = models.PositiveBigIntegerField(_("refunded"), default=0)
    is_franchise = models.BooleanField(default=False)

    delivery_method = models.ForeignKey(
        DeliveryMethod, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    delivery_label = models.CharField(_("delivery"), max_length=80, blank=True)
    needs_shipping = models.BooleanField(default=False)
    is_pickup = models.BooleanField(default=False)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    terms = models.ForeignKey(TermsVersion, null=True, on_delete=models.PROTECT, related_name="orders")
    terms_digest = models.CharField(max_length=64, blank=True)
    seller = models.JSONField(default=dict)
    consents = models.JSONField(default=dict, blank=True)

    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total=models.F("goods_amount") + models.F("shipping_amount")), name="order_total"
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("total")), name="never_refund_more_than_total"
            ),
        ]
        indexes = [models.Index(fields=["shop", "state", "placed_at"]), models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.number

    @property
    def balance(self) -> int:
        """What is paid and not given back, in minor units."""
        return self.total - self.refunded if self.paid_at else 0

    @property
    def shown_delivery(self) -> str:
        """For the owner: the way of delivery in her language."""
        if self.is_told_in(language()) or not self.delivery_method:
            return self.delivery_label
        return self.delivery_method.label(language())

    @property
    def shown_country(self) -> str:
        """Its name in the reader's language; the code of an unknown one."""
        return str(Locale.parse(language()).territories.get(self.country, self.country))

    def is_told_in(self, locale: str) -> bool:
        """Whether titles and labels were frozen in that language."""
        return self.locale.split("-")[0] == locale

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.PLACED, self.State.PENDING}

    def move(self, state: str, *, by: Any = None, **data: Any) -> bool:
        """Go to `state` and write it in the timeline; False when already there. The row must be locked."""
        if self.state == state:
            return False
        if state not in self.MOVES[self.state]:
            raise MoveNotAllowed(self, state)
        data["from"] = self.state
        self.state = state
        if state == self.State.PAID and self.paid_at is None:
            self.paid_at = timezone.now()
        if state in {self.State.REFUNDED, self.State.CANCELLED, self.State.LAPSED}:
            self.closed_at = timezone.now()
        self.save()
        self.record(state, by=by, **data)
        return True

    def mark_paid(self, **data: Any) -> bool:
        """Money came in. False when it was already there; never revives a refunded order."""
        if self.state in {self.State.PAID, self.State.SHIPPED, self.State.DELIVERED, self.State.REFUNDED}:
            return False
        return self.move(self.State.PAID, **data)

    def record(self, kind: str, *, by: Any = None, **data: Any) -> "OrderEvent":
        """Add a line to the timeline."""
        user = by if getattr(by, "pk", None) else None
        return self.events.create(kind=kind, by=user, data=data)

    def meet(self, person: Mapping[str, str]) -> None:
        """Take in what Stripe's form asked; what the recap asked was accepted and stays. May run twice."""
        fields = [name for name in (*PERSON, *ADDRESS) if person.get(name) and not getattr(self, name)]
        if "line1" in fields and "country" in person:
            fields.append("country")
        for name in fields:
            setattr(self, name, person[name][: getattr(self._meta.get_field(name), "max_length", None)])
        if fields:
            self.save(update_fields=fields)

    @classmethod
    def person_labels(cls) -> dict[str, Any]:
        """{field: what it is called} of who bought and where it goes."""
        return {name: cls._meta.get_field(name).verbose_name for name in (*PERSON, *ADDRESS)}  # type: ignore[union-attr]

    @property
    def is_free(self) -> bool:
        """Nothing was to be paid."""
        return self.total == 0

    @property
    def is_sale(self) -> bool:
        """Something was to be paid or sent: only then are terms accepted, and has the law of sales something to say."""
        return not self.is_free or self.needs_shipping

    @property
    def is_complete(self) -> bool:
        """Whether its buyer can be written to, and what is sent has an address."""
        return bool(self.email and (not self.is_sent or (self.name and self.line1 and self.city)))

    @property
    def is_sent(self) -> bool:
        """Whether something of it goes to an address."""
        return self.needs_shipping and not self.is_pickup

    @property
    def is_correctable(self) -> bool:
        """Whether the owner may still put right who bought: money came in or is on its way, not all has left."""
        return self.state in {self.State.PENDING, self.State.PAID}

    def call_for(self, attention: str, **data: Any) -> None:
        """Put the order on the owner's desk; what calls for her already stays open beside it."""
        self.concerns.get_or_create(reason=attention)
        self._weigh()
        self.record("attention", reason=str(attention), **data)

    def settle(self, reason: str, *, by: Any = None, **data: Any) -> bool:
        """One reason is dealt with, the next gravest shows. False: it was not open. The row must be locked."""
        gone, _rows = self.concerns.filter(reason=reason).delete()
        if gone:
            self._weigh()
            self.record("resolved", by=by, was=str(reason), **data)
        return bool(gone)

    def _weigh(self) -> None:
        """`attention` is the gravest open reason."""
        reasons = set(self.concerns.values_list("reason", flat=True))
        self.attention = self.Attention.gravest(reasons)
        self.save(update_fields=["attention"])

    @property
    def concern_words(self) -> str:
        """All that is wrong with it, in words, the gravest first."""
        reasons = {concern.reason for concern in self.concerns.all()}
        return ", ".join(str(label) for value, label in self.Attention.choices if value in reasons)

    def address_lines(self) -> list[str]:
        """The address as it is written on a parcel, without the country."""
        lines = [self.name, self.line1, self.line2, f"{self.postcode} {self.city}".strip()]
        return [line for line in lines if line]


class Concern(models.Model):
    """An open reason to look at an order; gone once it is settled. Written by Order.call_for and Order.settle only."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="concerns")
    reason = models.CharField(max_length=16, choices=Order.Attention.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "reason"], name="one_concern_of_a_kind")]

    def __str__(self) -> str:
        return self.get_reason_display()


class OrderLine(Source):
    """What was bought, frozen: title, price and VAT as the buyer accepted them."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="order_lines")
    title = models.CharField(max_length=255)
    sku = models.CharField(max_length=64, blank=True)
    quantity = models.PositiveIntegerField()
    unit_amount = models.PositiveBigIntegerField()
    amount = models.PositiveBigIntegerField()
    tax_code = models.CharField(max_length=16, blank=True)
    tax_bp = models.PositiveIntegerField(default=0, help_text="VAT rate in hundredths of a percent.")
    tax = models.PositiveBigIntegerField(default=0, help_text="VAT contained in `amount`.")
    legal_type = models.CharField(max_length=16)
    needs_shipping = models.BooleanField(default=False)
    weight_g = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=dict, blank=True)
    refunded_quantity = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="order_line_of_something"),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("unit_amount") * models.F("quantity")), name="order_line_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(refunded_quantity__lte=models.F("quantity")), name="line_refund_within_quantity"
            ),
        ]
        indexes = [models.Index(fields=["source_key"])]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def shown_title(self) -> str:
        """For the owner: as it was sold, or what the thing is called in her language if it was sold in another."""
        if self.order.is_told_in(language()) or not self.offer.sellable:
            return self.title
        return self.offer.sellable.title(language())

    @property
    def shown_details(self) -> list[str]:
        """For the owner: what was chosen and said, in words."""
        sellable = self.offer.sellable if self.details else None
        return sellable.lines_of(self.details, language()) if sellable else []


class OrderEvent(models.Model):
    """A line of the order's timeline: what, when, who. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]


class MailSent(models.Model):
    """A mail of an order that the mail server took: one row per order and kind, so none goes twice."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="mails")
    key = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="one_mail_of_a_kind")]


class MailClaim(models.Model):
    """A mail that a worker is sending now, by what its Message-ID says before the @. Written by store.claims only."""

    reference = models.CharField(max_length=160, unique=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference
