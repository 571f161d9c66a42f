"""Delivery methods and what they cost, by country, weight and total."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from core.models import Shop
from store.models import DeliveryMethod
from store.owner.pages import note_down
from store.owner.shop_forms import DeliveryForm, RateFormSet, countries
from store.owner.shop_pages import SETTINGS, SettingsPage


class DeliveryList(SettingsPage):
    """All methods, in the order that buyers see."""

    template_name = "store/owner/delivery_list.html"
    page_title = gettext_lazy("Delivery")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        names = countries()
        methods = [
            {"method": method, "rates": [{"rate": rate, "countries": ", ".join(names.get(code, code) for code in rate.countries)} for rate in method.rates.all()]}
            for method in self.shop.delivery_methods.all()
        ]  # fmt: skip
        return {**context, "methods": methods}


class DeliveryEdit(SettingsPage):
    """One method with its rates; two empty rows wait for more."""

    template_name = "store/owner/delivery_edit.html"
    trail = (*SETTINGS, ("owner:delivery", gettext_lazy("Delivery")))
    method: DeliveryMethod

    def get_page_title(self) -> str:
        return self.method.name or _("New delivery method")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        shop = Shop.objects.current()
        known = get_object_or_404(DeliveryMethod, shop=shop, pk=kwargs["pk"]) if "pk" in kwargs else None
        self.method = known or DeliveryMethod(shop=shop)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(DeliveryForm(instance=self.method), self.rates())

    def rates(self, data: Any = None) -> Any:
        known = self.method if self.method.pk else DeliveryMethod(shop=self.method.shop)
        return RateFormSet(data, instance=known, prefix="rates")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "delete" in request.POST and self.method.pk:
            return self.delete(request)
        name = self.method.name
        form, rates = DeliveryForm(request.POST, instance=self.method), self.rates(request.POST)
        is_good = all([form.is_valid(), rates.is_valid()])
        if is_good and form.cleaned_data["kind"] == DeliveryMethod.Kind.SHIP and not kept(rates):
            form.add_error(None, _("Say at least what it costs to one country."))
            is_good = False
        if not is_good:
            self.method.name = name
            return self.show(form, rates, status=422)
        with transaction.atomic():
            rates.instance = form.save()
            rates.save()
        note_down(request, self.method, "delivery")
        messages.success(request, _("Saved."))
        return redirect("owner:delivery_edit", self.method.pk)

    def delete(self, request: HttpRequest) -> HttpResponse:
        """One that orders used is only not offered any more."""
        if self.method.orders.exists():
            self.method.is_active = False
            self.method.save()
            messages.warning(request, _("Orders went this way, so it stays, but it is offered no more."))
        else:
            note_down(request, self.method, "delivery_gone")
            self.method.delete()
            messages.success(request, _("Gone."))
        return redirect("owner:delivery")

    def show(self, form: DeliveryForm, rates: Any, status: int = 200) -> HttpResponse:
        context = {**self.get_context_data(), "form": form, "rates": rates, "method": self.method, "media": form.media}
        return self.render_to_response(context, status=status)


def kept(rates: Any) -> int:
    """How many rates there will be."""
    return sum(1 for row in rates.forms if row.cleaned_data and not row.cleaned_data.get("DELETE"))
