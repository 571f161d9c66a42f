"""A product's own screen: what it needs, its variants, prices and their history, stock and its moves."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin import messages
from wagtail.models import Locale

from core import money
from core.models import Shop
from store import audiences, successors
from store.editor import axes as options
from store.editor import cautions, making, standing, states, variants
from store.editor.chooser import status_tag
from store.editor.successor_form import SuccessorForm, told
from store.editor.variant_form import VariantForm
from store.models import Offer, Price, Product, Stock, StockMove
from store.owner.pages import OwnerPage

RECENT = 15


class AxesForm(forms.Form):
    """Sizes and colours typed once."""

    axes = forms.CharField(
        label=lazy("Sizes and colours"), required=False,
        widget=forms.TextInput(attrs={"placeholder": lazy("Size: 20, 24, 28; Colour: red, blue")}),
        help_text=lazy("What is missing is made, in draft; what is there stays as it is."),
    )  # fmt: skip

    def clean_axes(self) -> list[options.Axis]:
        return options.parse(self.cleaned_data["axes"])


class ProductScreen(OwnerPage):
    """`POST` saves the table of variants; the smaller forms have their own addresses."""

    permission = "store.change_product"
    template_name = "store/editor/screen.html"
    trail = (("products:index", lazy("Products")),)
    header_icon = "tag"
    product: Product

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.bound: dict[str, Any] = {}

    def get_page_title(self) -> str:
        return self.product.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = standing.of_one(self.find())
        rows = [VariantForm(variant, request.POST) for variant in shown.variants]
        valid = [row.is_valid() for row in rows]
        if not all(valid) or not self.write(rows):
            self.bound["rows"] = rows
            messages.error(request, _("Nothing is saved yet: look at what is marked."))
            return self.show(status=422)
        messages.success(request, _("Saved."))
        for row in rows:
            cautions.of_price(request, row.changes.get("price"), row.goods.offer.currency)
        return redirect("products:screen", self.product.pk)

    def write(self, rows: list[VariantForm]) -> bool:
        """All rows or none; what a verb refuses is told on its row."""
        try:
            with transaction.atomic():
                for row in rows:
                    self.row = row
                    if row.changes:
                        variants.change(row.goods, row.changes, by=self.request.user)
        except states.NotReady as refused:
            self.row.add_error("state", _("Still needed: %(what)s.") % {"what": ", ".join(refused.lacking)})
            return False
        except states.CannotBeDraft as refused:
            self.row.add_error("state", refused.words)
            return False
        return True

    def find(self) -> Product:
        self.product = get_object_or_404(Product, shop=Shop.objects.current(), pk=self.kwargs["pk"])
        return self.product

    def show(self, status: int = 200) -> HttpResponse:
        self.find()
        return self.render_to_response(self.get_context_data(), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = standing.of_one(self.product)
        rows = self.bound.get("rows") or [VariantForm(variant) for variant in shown.variants]
        typed = options.as_typed(self.product.axes, [row.goods.options for row in shown.variants])
        ids = [variant.goods.offer_id for variant in shown.variants]
        return {
            **super().get_context_data(**kwargs),
            "product": self.product,
            "shown": shown,
            "status": status_tag(shown),
            "lacking": states.lacking(self.product),
            "rows": [(row, Pool.of(row.variant)) for row in rows],
            "successor": self.bound.get("successor") or SuccessorForm(self.product),
            "media": SuccessorForm(self.product).media,
            "axes_form": self.bound.get("axes") or AxesForm(initial={"axes": typed}),
            "prices": prices(ids),
            "moves": StockMove.objects.filter(stock__offers__in=ids).select_related("stock", "by").distinct()[:RECENT],
            "languages": languages(shown),
            "can_sell": Offer.State.DRAFT in states_of(shown) or states_of(shown) == {Offer.State.ARCHIVED},
            "can_archive": bool(states_of(shown) - {Offer.State.ARCHIVED}),
        }


class Pool:
    """The figures of a variant's stock and the way to its moves."""

    def __init__(self, stock: Stock, free: int) -> None:
        self.stock, self.free, self.held = stock, free, stock.on_hand - free

    @classmethod
    def of(cls, variant: standing.Variant) -> "Pool | None":
        stock = variant.goods.offer.stocks.first() if variant.pools else None
        return cls(stock, variant.pools[0].free) if stock else None


def states_of(shown: standing.Standing) -> set[str]:
    return {variant.goods.offer.state for variant in shown.variants}


def prices(offer_ids: list[int]) -> list[dict[str, Any]]:
    """The price history of all variants, newest first."""
    rows = Price.objects.filter(offer__in=offer_ids).select_related("offer__goods", "set_by")
    names = {key: one.label for key, one in audiences.known().items()}
    return [
        {"row": row, "text": money.text(row.amount, row.offer.currency), "who": names.get(row.audience, row.audience)}
        for row in rows
    ]


def languages(shown: standing.Standing) -> list[dict[str, Any]]:
    """Each language with the product's page in it, or none."""
    pages = {page.locale_id: page for page in shown.pages}
    return [{"locale": locale, "page": pages.get(locale.pk)} for locale in Locale.objects.order_by("pk")]


class MakeVariants(ProductScreen):
    """Options typed once make the variants that are not there."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("products:screen", kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AxesForm(request.POST)
        if not form.is_valid():
            self.bound["axes"] = form
            return self.show(status=422)
        made = making.fill_variants(self.find(), form.cleaned_data["axes"], by=request.user)
        messages.success(
            request, _("%(n)s variants made.") % {"n": len(made)} if made else _("All variants are there.")
        )
        return redirect("products:screen", self.product.pk)


class ChangeState(MakeVariants):
    """On sale, archived, or back to draft; and what takes its place, which stands beside these buttons."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SuccessorForm(self.find(), request.POST)
        if not form.is_valid():
            self.bound["successor"] = form
            messages.error(request, _("Nothing is saved yet: look at what is marked."))
            return self.show(status=422)
        deeds = {
            "live": (states.put_on_sale, _("On sale.")),
            "archived": (states.archive, _("Archived: it stays where it stands, and nobody can buy it.")),
            "draft": (states.withdraw, _("Back to draft.")),
        }
        deed, words = deeds.get(request.POST.get("state", ""), (None, _("Saved.")))
        try:
            with transaction.atomic():
                form.keep(by=request.user)
                if deed:
                    deed(self.product, by=request.user)
        except states.NotReady as refused:
            messages.error(request, _("Still needed: %(what)s.") % {"what": ", ".join(refused.lacking)})
        except states.CannotBeDraft as refused:
            messages.error(request, refused.words)
        except successors.Circle as circle:
            messages.error(request, told(circle))
        else:
            messages.success(request, words)
        return redirect("products:screen", self.product.pk)
