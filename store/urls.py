"""Addresses of the shop; translated, French in the catalogue."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from store.views import address_book, basket, counter, legal, paying, recurring, tracking, withdraw

app_name = "store"
urlpatterns = [
    path(_("cart/"), basket.cart, name="cart"),
    path(_("cart/add/"), basket.add, name="add"),
    path(_("cart/change/"), basket.change, name="change"),
    path(_("checkout/"), counter.basket, name="checkout"),
    path(_("checkout/buy/"), counter.buy, name="buy"),
    path(_("checkout/return/"), paying.came_back, name="return"),
    path(_("checkout/<uuid:token>/pay/"), paying.hosted, name="hosted"),
    path(_("checkout/<uuid:token>/close/"), paying.abandon, name="abandon"),
    path(_("checkout/<uuid:token>/status/"), paying.status, name="status"),
    path(_("checkout/<uuid:token>/thanks/"), paying.thanks, name="thanks"),
    path(_("checkout/<uuid:token>/resume/"), paying.resume, name="resume"),
    path(_("my-account/addresses/"), address_book.book, name="addresses"),
    path(_("my-account/addresses/<uuid:key>/"), address_book.edit, name="address"),
    path(_("my-account/addresses/<uuid:key>/delete/"), address_book.delete, name="address-delete"),
    path(_("order/find/"), tracking.find, name="find-order"),
    path(_("order/<str:signed>/"), tracking.order, name="order"),
    path(_("order/<str:signed>/subscription/"), recurring.subscription, name="subscription"),
    path(_("order/<str:signed>/<slug:name>.pdf"), tracking.document, name="order-document"),
    path(_("withdrawal/"), withdraw.withdraw, name="withdraw"),
    path(_("withdrawal/form.pdf"), withdraw.form, name="withdraw-form"),
    path(_("terms/"), legal.terms, name="terms"),
    path(_("terms/<int:number>/"), legal.terms_version, name="terms-version"),
    path(_("legal-notice/"), legal.legal, name="legal"),
    path(_("privacy/"), legal.privacy, name="privacy"),
]
