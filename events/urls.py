"""Addresses of what is on; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from events.views import door

app_name = "events"
urlpatterns = [
    path(_("door/worker.js"), door.worker, name="door-worker"),
    path(_("door/<int:pk>/"), door.page, name="door"),
    path(_("door/<int:pk>/roster/"), door.roster, name="door-roster"),
    path(_("door/<int:pk>/sync/"), door.sync, name="door-sync"),
    path(_("door/<int:pk>/walk-in/"), door.walk_in, name="door-walk-in"),
]
