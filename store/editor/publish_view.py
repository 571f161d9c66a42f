"""The question before a page with unpublished products is published: "these too?"."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from store.editor import publishing, states
from store.owner.pages import HOME


def ask(pages: list[Page]) -> HttpResponse | None:
    """A redirect to the question, if one of these pages speaks of something that nobody can buy yet."""
    waiting = [page.pk for page in pages if publishing.waiting(page.get_latest_revision_as_object())]
    if not waiting:
        return None
    keys = urlencode({"page": [page.pk for page in pages]}, doseq=True)
    return redirect(f"{reverse('products:publish')}?{keys}")


class PublishTogether(WagtailAdminTemplateMixin, TemplateView):
    """What was typed is saved as a draft already; here one only chooses what goes out with it."""

    template_name = "store/editor/publish.html"
    header_icon = "upload"
    breadcrumbs_items = HOME
    pages: list[Page]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        keys = [key for key in request.GET.getlist("page") if key.isdecimal()]
        self.pages = list(Page.objects.filter(pk__in=keys).select_related("latest_revision"))
        if not self.pages or not all(page.permissions_for_user(request.user).can_publish() for page in self.pages):
            raise PermissionDenied

    def get_page_title(self) -> str:
        return _("Publish these too?")

    def get_page_subtitle(self) -> str:
        return ", ".join(page.get_latest_revision_as_object().title for page in self.pages)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = {}
        for page in self.pages:
            rows.update({row.product.pk: row for row in publishing.waiting(page.get_latest_revision_as_object())})
        back = reverse("wagtailadmin_pages:edit", args=[self.pages[0].pk])
        may_sell = self.request.user.has_perm("store.change_product")
        any_ready = may_sell and any(row.is_ready for row in rows.values())
        context = {"rows": list(rows.values()), "back": back, "may_sell": may_sell, "any_ready": any_ready}
        return {**super().get_context_data(**kwargs), **context}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = {int(key) for key in request.POST.getlist("product") if key.isdecimal()}
        if "alone" in request.POST or not request.user.has_perm("store.change_product"):
            chosen = set()
        try:
            together = [row for page in self.pages for row in publishing.publish(page, chosen, by=request.user)]
        except states.NotReady as refused:
            lacking = ", ".join(refused.lacking)
            messages.error(
                request, _("“%(product)s” still needs: %(what)s.") % {"product": refused.product, "what": lacking}
            )
            return self.render_to_response(self.get_context_data())
        self.tell(request, len(together))
        return self.after(request)

    def tell(self, request: HttpRequest, products: int) -> None:
        """What was done, and the way to look at it."""
        page = Page.objects.get(pk=self.pages[0].pk)
        buttons = [messages.button(page.url, _("View live"))] if page.live and page.url else []
        words = _("“%(page)s” is published.") if page.live else _("“%(page)s” will be published at its hour.")
        told = words % {"page": self.get_page_subtitle()}
        if products:
            told += " " + _("On sale with it: %(n)s.") % {"n": products}
        messages.success(request, told, buttons=buttons)

    def after(self, request: HttpRequest) -> HttpResponse:
        """As after Wagtail's own publishing."""
        for page in self.pages:
            for hook in hooks.get_hooks("after_publish_page"):
                result = hook(request, Page.objects.get(pk=page.pk).specific)
                if hasattr(result, "status_code"):
                    return result
        return redirect("wagtailadmin_explore", self.pages[0].get_parent().pk)
