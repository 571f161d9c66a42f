"""What leaves the shop for a buyer: parcels and pick-ups. Written by store.fulfilment and store.shipping."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from store.models.order import Order, OrderLine


class Parcel(models.Model):
    """One parcel of an order; the first is made when the order is paid."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels")
    number = models.PositiveIntegerField(default=1)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=80, blank=True)
    shipped_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered on"), null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="parcel_number_once")]

    def tracking_link(self) -> str:
        """The carrier's page for this parcel, or nothing."""
        method = self.order.delivery_method
        if not (method and method.tracking_url and self.tracking):
            return ""
        return method.tracking_url.replace("{number}", self.tracking)


class ParcelLine(models.Model):
    """So many units of an order line in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="parcel_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="line_once_in_a_parcel"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="parcel_line_of_something"),
        ]
