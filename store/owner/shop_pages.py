"""The shop's settings: identity, VAT regimes, terms of sale. What is missing before she can sell stands on top."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface

from core import closed
from core.models import Shop, TermsVersion, VatRegime
from store import opening, rights
from store.owner.pages import OwnerPage, current_shop, note_down
from store.owner.shop_forms import ShopForm, TermsForm, VatForm

SETTINGS: tuple[tuple[str, Any], ...] = (("owner:shop", gettext_lazy("The shop")),)


def tab(heading: Any, *groups: tuple[Any, list[str]]) -> ObjectList:
    """A tab with its groups of fields."""
    panels = [MultiFieldPanel([FieldPanel(name) for name in names], heading=title) for title, names in groups]
    return ObjectList(panels, heading=heading)


TABS = TabbedInterface(
    [
        tab(
            gettext_lazy("Who you are"),
            (gettext_lazy("The shop"), ["name", "tagline"]),
            (
                gettext_lazy("Seller"),
                ["seller", "legal_form", "capital", "siren", "register", "vat_number", "director"],
            ),
            (gettext_lazy("Where buyers reach you"), ["address", "email", "phone"]),
        ),
        tab(
            gettext_lazy("Host and mediator"),
            (gettext_lazy("Host of the site"), ["host_name", "host_address", "host_phone"]),
            (gettext_lazy("Consumer mediator"), ["mediator_name", "mediator_address", "mediator_url"]),
            (gettext_lazy("Packaging and other streams"), ["epr_ids"]),
        ),
        tab(
            gettext_lazy("How you work"),
            (gettext_lazy("Open or closed"), ["is_closed", "closed_words"]),
            (gettext_lazy("Dispatch"), ["dispatch_days", "dispatch_before"]),
            (gettext_lazy("Mails to you"), ["notify", "digest_hour"]),
        ),
    ],
    base_form_class=ShopForm,
)


class SettingsPage(OwnerPage):
    """Above each of them: what is missing."""

    permission = "core.change_shop"
    trail = SETTINGS
    header_icon = "cog"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.shop = current_shop()
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "shop": self.shop,
            "missing": opening.missing(self.shop),
            "notices": rights.missing_notices(),
            "has_vat": bool(self.shop.vat_regimes.all()),
        }


class ShopPage(SettingsPage):
    """Identity, host, mediator, dispatch, mails, closed for now."""

    template_name = "store/owner/shop.html"
    trail = ()
    page_title = gettext_lazy("The shop")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shop = Shop.objects.current()
        form = self.handler().get_form_class()(request.POST, instance=shop, for_user=request.user)
        if not form.is_valid():
            messages.validation_error(request, _("Not saved: some fields need a look."), form)
            return self.show(form, status=422)
        form.save()
        note_down(request, shop, "shop", changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("owner:shop")

    def handler(self) -> Any:
        return TABS.bind_to_model(Shop)

    def show(self, form: Any = None, status: int = 200) -> HttpResponse:
        shop = form.instance if form else Shop.objects.current()
        form = form or self.handler().get_form_class()(instance=shop, for_user=self.request.user)
        panel = self.handler().get_bound_panel(instance=shop, request=self.request, form=form)
        context = {
            **self.get_context_data(), "form": form, "panel": panel, "media": form.media + panel.media + Media(),
            "submit_button_label": _("Save"), "submit_button_active_label": _("Saving…"),
        }  # fmt: skip
        return self.render_to_response(context, status=status)


class VatPage(SettingsPage):
    """The regimes by date; a new one is added, none is changed."""

    template_name = "store/owner/vat.html"
    page_title = gettext_lazy("VAT")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(VatForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = VatForm(request.POST, instance=VatRegime(shop=Shop.objects.current()))
        if not form.is_valid():
            return self.show(form, status=422)
        regime = form.save()
        note_down(request, regime, "vat", regime=regime.regime, starts_on=str(regime.starts_on))
        messages.success(request, _("Written down."))
        return redirect("owner:vat")

    def show(self, form: VatForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data()
        regimes = sorted(self.shop.vat_regimes.all(), key=lambda row: row.starts_on, reverse=True)
        context.update(form=form, regimes=regimes, media=form.media)
        return self.render_to_response(context, status=status)


class TermsList(SettingsPage):
    """All versions of the terms of sale."""

    template_name = "store/owner/terms_list.html"
    page_title = gettext_lazy("Terms of sale")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "versions": self.shop.terms_versions.order_by("-pk"), "in_force": self.shop.terms_in_force()}


class TermsEdit(SettingsPage):
    """Write a draft; a new one begins with the words in force."""

    template_name = "store/owner/terms_edit.html"
    trail = (*SETTINGS, ("owner:terms", gettext_lazy("Terms of sale")))
    page_title = gettext_lazy("Draft")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.find()
        if version.published_at:
            return redirect("owner:terms_version", version.pk)
        return self.show(TermsForm(instance=version))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.find()
        if version.published_at:
            messages.error(request, _("These terms are in force: write a new version instead."))
            return redirect("owner:terms_version", version.pk)
        form = TermsForm(request.POST, instance=version)
        if not form.is_valid():
            return self.show(form, status=422)
        form.instance.author = form.instance.author or request.user
        version = form.save()
        note_down(request, version, "terms")
        messages.success(request, _("The draft is saved. Nobody sees it before you put it in force."))
        return redirect("owner:terms_version", version.pk)

    def find(self) -> TermsVersion:
        shop = Shop.objects.current()
        if "pk" in self.kwargs:
            return get_object_or_404(TermsVersion, shop=shop, pk=self.kwargs["pk"])
        last = shop.terms_in_force()
        texts = {"text_fr": last.text_fr, "text_en": last.text_en} if last else {}
        return TermsVersion(shop=shop, **texts)

    def show(self, form: TermsForm, status: int = 200) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), "form": form, "media": form.media}, status=status)


class TermsPage(SettingsPage):
    """Read a version; put a draft in force, for good."""

    template_name = "store/owner/terms_version.html"
    trail = (*SETTINGS, ("owner:terms", gettext_lazy("Terms of sale")))

    def get_page_title(self) -> str:
        return self.version.title

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.version = get_object_or_404(TermsVersion, shop=Shop.objects.current(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        orders = self.version.orders.count()
        return {**context, "version": self.version, "orders": orders, "is_confirming": "publish" in self.request.GET}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.version.published_at:
            try:
                closed.refuse(f"{self.version.text_fr} {self.version.text_en}")
            except ValidationError as error:
                messages.error(request, error.message)
                return redirect("owner:terms_version", self.version.pk)
            self.version.publish()
            note_down(request, self.version, "publish_terms", digest=self.version.digest)
            messages.success(request, _("In force from now on, for every new order."))
        return redirect("owner:terms_version", self.version.pk)


def download(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The version as a file that opens anywhere; its words are the ones that the digest is taken of."""
    if not request.user.has_perm("store.view_order"):
        return redirect("wagtailadmin_home")
    version = get_object_or_404(TermsVersion, shop=Shop.objects.current(), pk=pk)
    text = version.text_en if language == "en" else version.text_fr
    page = f'<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><title>{escape(version.title)}</title>\n{text}\n</html>\n'
    name = re.sub(r"[^\w-]+", "-", version.title).strip("-") or "terms"
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}-{language}.html"
    return response
