"""A message that a member found out of place."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from members import meeting
from members.models import Membership, Report
from members.owner.tiers import CLUB
from store.owner.pages import OwnerPage


class ReportPage(OwnerPage):
    """Who wrote what to whom; looked at, it leaves the desk."""

    permission = "members.view_membership"
    template_name = "members/owner/report.html"
    page_title = gettext_lazy("A report")
    trail = CLUB

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Report.objects.select_related("introduction__asker__profile", "introduction__asked__profile")
        row = get_object_or_404(rows, pk=self.kwargs["pk"])
        theirs = Membership.objects.open().filter(user=row.introduction.asker).first()
        return {**super().get_context_data(**kwargs), "row": row, "membership": theirs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(Report, pk=kwargs["pk"])
        meeting.handled(row)
        log(instance=row.introduction, action="members.report", user=request.user)
        return redirect("wagtailadmin_home")
