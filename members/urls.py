"""Addresses of members; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from members import club_views, directory_views, gift_views, mail_views, renewing_views, views

app_name = "members"
urlpatterns = [
    path(_("my-account/card/"), club_views.card, name="card"),
    path(_("my-account/card/<str:number>.png"), club_views.card_image, name="card-image"),
    path(_("my-account/renewing/<int:pk>/"), renewing_views.renewing, name="renewing"),
    path(_("my-account/saved/"), club_views.saved, name="saved"),
    path(_("my-account/profile/"), directory_views.profile, name="profile"),
    path(_("members/"), directory_views.directory, name="directory"),
    path(_("members/<uuid:key>/portrait.jpg"), directory_views.portrait, name="portrait"),
    path(_("members/<uuid:key>/ask/"), directory_views.ask, name="ask"),
    path(_("my-account/introductions/"), directory_views.introductions, name="introductions"),
    path(_("my-account/introductions/<uuid:key>/"), directory_views.act, name="act"),
    path(_("my-account/sessions/<int:key>/end/"), views.end_session, name="end-session"),
    path(_("my-account/mails/"), mail_views.choose, name="mails"),
    path(_("mails/<str:signed>/"), mail_views.unsubscribe, name="unsubscribe"),
    path(_("gift/<str:signed>/"), gift_views.gift, name="gift"),
    path(_("end-a-contract/"), club_views.leave, name="leave"),
]
