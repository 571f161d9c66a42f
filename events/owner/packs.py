"""Packs of appointments: the owner's screen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from core.models import Shop
from events import receiving
from events.models import HourPack, Service
from events.owner.appointments import TRAIL, Screen
from events.owner.forms_coaching import PackForm


class PackEdit(Screen):
    """A new one of a service (`service`), or one that is there (`pk`)."""

    template_name = "events/owner/edit.html"
    trail = (*TRAIL, ("meetings:services", gettext_lazy("Services")))
    page_title = gettext_lazy("Pack of appointments")

    def found(self) -> HourPack | None:
        rows = HourPack.objects.filter(service__calendar__shop=Shop.objects.current()).select_related("offer")
        return get_object_or_404(rows, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def service(self) -> Service:
        rows = Service.objects.filter(calendar__shop=Shop.objects.current()).select_related("calendar", "offer")
        return get_object_or_404(rows, pk=self.kwargs["service"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.found() or HourPack(service=self.service())
        return self.show(form=PackForm(instance=row))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.found()
        form = PackForm(request.POST, instance=self.found() or HourPack(service=self.service()))
        if not form.is_valid():
            return self.show(422, form=form)
        said = form.cleaned_data
        given = {"price": said["price"], "months": said["months"], "by": request.user}
        if row is None:
            row = receiving.make_pack(self.service(), hours=said["hours"], **given)
        else:
            receiving.change_pack(row, is_on_sale=said["is_on_sale"], **given)
        log(instance=row, action="events.pack", user=request.user)
        messages.success(request, _("Saved."))
        return redirect("meetings:services")
