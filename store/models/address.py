"""Where a person has things sent: their own postal addresses, offered in the recap. Written by store.addresses only."""

import uuid
from typing import Any, Self

from babel import Locale
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from store.models.order import language

PARTS = ("name", "line1", "line2", "postcode", "city", "country")


class AddressQuerySet(models.QuerySet["Address"]):
    """Whose addresses."""

    def of(self, user: Any) -> Self:
        """The default first, then the newest."""
        rows = self.filter(user=user) if user and user.is_authenticated else self.none()
        return rows.order_by("-is_default", "-pk")


class Address(models.Model):
    """One postal address of one person; at most one of them is the default."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(_("name"), max_length=120)
    line1 = models.CharField(_("address"), max_length=160)
    line2 = models.CharField(_("floor, building, door code"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2, default="FR")
    is_default = models.BooleanField(_("propose this one first"), default=False)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("postal address")
        verbose_name_plural = _("postal addresses")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="one_default_address"),
            models.UniqueConstraint(fields=["user", *PARTS], name="address_once"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.lines())

    def lines(self) -> list[str]:
        """As it is written on a parcel."""
        country = Locale.parse(language()).territories.get(self.country, self.country)
        rows = [self.name, self.line1, self.line2, f"{self.postcode} {self.city}".strip(), country]
        return [row for row in rows if row]

    def parts(self) -> dict[str, str]:
        """{field: what stands in it}, as an order asks it."""
        return {name: getattr(self, name) for name in PARTS}
