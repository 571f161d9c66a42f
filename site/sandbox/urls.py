"""All addresses: the API, the script, the payment pages, the control plane."""

from django.urls import path, re_path

from sandbox import api, control
from sandbox.pages import files, portal, views

urlpatterns = [
    re_path(r"^v1(?:/|$)", api.view),
    path("js/endive/stripe.js", files.script),
    path("sandbox/<str:name>", files.asset),
    path("c/pay/<str:key>", views.hosted),
    path("c/embed/<str:secret>", views.embedded),
    path("p/session/<str:address>", portal.page),
    path("3ds/<str:key>", views.challenge),
    path("_control/<path:what>", control.view),
    path("", views.root),
]
handler404 = "sandbox.api.nowhere"
