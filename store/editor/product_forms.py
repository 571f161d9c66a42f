"""A new product on its own page, and what holds for the whole product."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin import messages

from core.models import Shop
from store.editor import cautions
from store.editor.facts_form import FactsForm
from store.editor.language import locale_of
from store.editor.new_form import NewProductForm
from store.models import Product
from store.owner.pages import OwnerPage


class NewProductPage(OwnerPage):
    """The chooser's form with a page to itself."""

    permission = "store.add_product"
    template_name = "store/editor/new.html"
    trail = (("products:index", lazy("Products")),)
    page_title = lazy("New product")
    header_icon = "plus"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(NewProductForm(locale=locale_of(request), by=request.user))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NewProductForm(request.POST, request.FILES, locale=locale_of(request), by=request.user)
        is_valid = form.is_valid()
        form.keep_picture()
        if not is_valid:
            return self.show(form, status=422)
        page = form.save()
        messages.success(request, _("“%(product)s” is made, in draft. Finish it here.") % {"product": page.title})
        cautions.of_price(request, form.cleaned_data["price"], Shop.objects.current().currency)
        return redirect("products:screen", page.product_id)

    def show(self, form: NewProductForm, status: int = 200) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), "form": form}, status=status)


class FactsPage(OwnerPage):
    """Name, code, VAT, right of withdrawal, picture, safety."""

    permission = "store.change_product"
    template_name = "store/editor/facts.html"
    trail = (("products:index", lazy("Products")),)
    page_title = lazy("Facts and safety")
    header_icon = "tag"
    product: Product

    def get_page_subtitle(self) -> str:
        return self.product.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(FactsForm(instance=self.find()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FactsForm(request.POST, instance=self.find())
        if not form.is_valid():
            self.find()
            return self.show(form, status=422)
        form.keep(by=request.user)
        messages.success(request, _("Saved."))
        return redirect("products:screen", self.product.pk)

    def find(self) -> Product:
        self.product = get_object_or_404(Product, shop=Shop.objects.current(), pk=self.kwargs["pk"])
        return self.product

    def show(self, form: FactsForm, status: int = 200) -> HttpResponse:
        context = {**self.get_context_data(), "form": form, "product": self.product, "media": form.media}
        return self.render_to_response(context, status=status)
