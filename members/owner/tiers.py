"""Tiers and what they cost."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from core import money
from core.models import Shop
from members import plans
from members.models import Plan, Tier
from members.owner.forms import PlanForm, TierForm
from store import pricing
from store.owner.pages import OwnerPage

CLUB: tuple[tuple[str, Any], ...] = (("club:tiers", gettext_lazy("Club")),)


class ClubPage(OwnerPage):
    """A screen of the club's."""

    permission = "members.change_tier"


class Tiers(ClubPage):
    """All tiers with their prices and how many belong."""

    template_name = "members/owner/tiers.html"
    page_title = gettext_lazy("Club")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tiers = Tier.objects.filter(shop=Shop.objects.current()).prefetch_related("plans__offer")
        return {**super().get_context_data(**kwargs), "tiers": [row_of(tier) for tier in tiers]}


def row_of(tier: Tier) -> dict[str, Any]:
    """A tier with its memberships on sale, each with its price."""
    rows = list(tier.plans.all())
    quotes = pricing.quotes([plan.offer for plan in rows])
    told = [
        {
            "plan": plan,
            "label": plan.label("fr"),
            "price": money.text(quotes[plan.offer_id].unit, plan.offer.currency) if plan.offer_id in quotes else "",
            "is_live": plan.offer.state == plan.offer.State.LIVE,
        }
        for plan in rows
    ]
    return {"tier": tier, "plans": told, "people": tier.memberships.in_force().count()}


class TierEdit(ClubPage):
    """One tier: its words, and what it costs."""

    template_name = "members/owner/tier.html"
    trail = CLUB
    tier: Tier

    def get_page_title(self) -> str:
        return self.tier.name or _("New tier")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        shop = Shop.objects.current()
        known = get_object_or_404(Tier, shop=shop, pk=kwargs["pk"]) if "pk" in kwargs else None
        self.tier = known or Tier(shop=shop)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(TierForm(instance=self.tier))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, form = self.tier.name, TierForm(request.POST, instance=self.tier)
        if not form.is_valid():
            self.tier.name = name
            return self.show(form, status=422)
        form.save()
        log(instance=self.tier, action="members.tier", user=request.user)
        messages.success(request, _("Saved."))
        return redirect("club:tier", self.tier.pk)

    def show(self, form: TierForm, plan: PlanForm | None = None, status: int = 200) -> HttpResponse:
        context = {**self.get_context_data(), "form": form, "tier": self.tier}
        if self.tier.pk:
            context |= {**row_of(self.tier), "plan_form": plan or PlanForm(currency=self.tier.shop.currency)}
        return self.render_to_response(context, status=status)


class AddPlan(TierEdit):
    """A membership goes on sale, or costs something else from now on."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("club:tier", self.tier.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlanForm(request.POST, currency=self.tier.shop.currency)
        if not form.is_valid():
            return self.show(TierForm(instance=self.tier), form, status=422)
        plans.put_on_sale(self.tier, form.cleaned_data["term"], form.cleaned_data["price"], by=request.user)
        log(instance=self.tier, action="members.plan", user=request.user)
        messages.success(request, _("On sale."))
        return redirect("club:tier", self.tier.pk)


class EndPlan(TierEdit):
    """A membership is sold no more; who has one keeps it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("club:tier", self.tier.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plans.archive(get_object_or_404(Plan, tier=self.tier, pk=kwargs["plan"]))
        log(instance=self.tier, action="members.plan", user=request.user)
        messages.success(request, _("Not sold any more."))
        return redirect("club:tier", self.tier.pk)
