"""Addresses that exist in the demo and in development only."""

from django.urls import path

from home import demo_views

urlpatterns = [
    path("mailbox/", demo_views.mailbox, name="demo-mailbox"),
    path("mailbox/<str:key>/", demo_views.letter, name="demo-letter"),
    path("mailbox/<str:key>/html/", demo_views.letter_html, name="demo-letter-html"),
    path("mailbox/<str:key>/<int:number>/", demo_views.enclosure, name="demo-enclosure"),
    path("strip/", demo_views.strip, name="demo-strip"),
    path("enter/", demo_views.enter, name="demo-enter"),
    path("last-one/", demo_views.last_one, name="demo-last-one"),
    path("start-over/", demo_views.start_over, name="demo-start-over"),
]
