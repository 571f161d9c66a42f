"""Addresses of members; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from members import club_views

app_name = "members"
urlpatterns = [
    path(_("my-account/card/"), club_views.card, name="card"),
    path(_("my-account/saved/"), club_views.saved, name="saved"),
    path(_("end-a-contract/"), club_views.leave, name="leave"),
]
