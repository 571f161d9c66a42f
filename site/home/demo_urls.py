"""Addresses that exist in the demo and in development only."""

from django.urls import path

from home import demo_views

urlpatterns = [
    path("mailbox/", demo_views.mailbox, name="demo-mailbox"),
    path("mailbox/<str:name>/", demo_views.letter, name="demo-letter"),
    path("strip/", demo_views.strip, name="demo-strip"),
]
