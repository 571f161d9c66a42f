"""Addresses of the shop; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from store.views import basket, counter

app_name = "store"
urlpatterns = [
    path(_("cart/"), basket.cart, name="cart"),
    path(_("cart/add/"), basket.add, name="add"),
    path(_("cart/change/"), basket.change, name="change"),
    path(_("checkout/"), counter.basket, name="checkout"),
    path(_("checkout/buy/"), counter.buy, name="buy"),
    path(_("checkout/return/"), counter.came_back, name="return"),
    path(_("checkout/<uuid:token>/pay/"), counter.hosted, name="hosted"),
    path(_("checkout/<uuid:token>/close/"), counter.abandon, name="abandon"),
    path(_("checkout/<uuid:token>/status/"), counter.status, name="status"),
    path(_("checkout/<uuid:token>/thanks/"), counter.thanks, name="thanks"),
    path(_("checkout/<uuid:token>/resume/"), counter.resume, name="resume"),
]
