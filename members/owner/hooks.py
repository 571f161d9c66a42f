"""Addresses and log words of the club's screens, as Wagtail asks for them."""

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy

from members.owner import people, reports, tiers

ADDRESSES = [
    path("", tiers.Tiers.as_view(), name="tiers"),
    path("tiers/new/", tiers.TierEdit.as_view(), name="tier_new"),
    path("tiers/<int:pk>/", tiers.TierEdit.as_view(), name="tier"),
    path("tiers/<int:pk>/plans/", tiers.AddPlan.as_view(), name="plan_add"),
    path("tiers/<int:pk>/plans/<int:plan>/end/", tiers.EndPlan.as_view(), name="plan_end"),
    path("members/", people.People.as_view(), name="people"),
    path("members/results/", people.results, name="people_results"),
    path("members/new/", people.LetIn.as_view(), name="let_in"),
    path("reports/<int:pk>/", reports.ReportPage.as_view(), name="report"),
    path("members/<int:pk>/end/", people.ShowOut.as_view(), name="show_out"),
]
LOGGED: dict[str, tuple[Any, Any]] = {
    "tier": (gettext_lazy("Tier"), gettext_lazy("Changed a tier of the club")),
    "plan": (gettext_lazy("Membership on sale"), gettext_lazy("Changed what a membership costs")),
    "comp": (gettext_lazy("Let in"), gettext_lazy("Let somebody into the club")),
    "report": (gettext_lazy("Report"), gettext_lazy("Looked at a report")),
    "end": (gettext_lazy("Ended"), gettext_lazy("Ended a membership")),
}


def urls() -> list[Any]:
    """Under Wagtail's admin."""
    return [path("club/", include((ADDRESSES, "club")))]


def log_actions(actions: Any) -> None:
    """What Wagtail's log calls the owner's deeds."""
    for name, (label, message) in LOGGED.items():
        actions.register_action(f"members.{name}", label, message)
