"""The shop's settings: saved, appended, frozen, typed in euros."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Shop, TermsVersion, VatRegime
from store import opening, selling
from store.models import DeliveryMethod, Order
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/cms/shop/settings/"


def typed(shop: Shop, **changed: Any) -> dict[str, Any]:
    """The form as the browser sends it back, with some fields changed."""
    names = [
        "name", "tagline", "closed_words", "seller", "legal_form", "capital", "siren", "register", "vat_number", "address",
        "email", "phone", "director", "epr_ids", "host_name", "host_address", "host_phone", "mediator_name",
        "mediator_address", "mediator_url", "dispatch_days", "dispatch_before", "notify", "digest_hour",
    ]  # fmt: skip
    return {**{name: getattr(shop, name) for name in names}, **changed}


def test_blank_shop_is_told_what_is_missing(desk_client: Client) -> None:
    shop = factories.closed_shop()

    response = desk_client.get(URL)

    assert response.context["missing"] == opening.missing(selling.fresh(shop.pk))
    assert len(response.context["missing"]) > 10


def test_settings_are_saved_with_days_as_numbers(desk_client: Client) -> None:
    shop = factories.open_shop()

    response = desk_client.post(
        URL, typed(shop, tagline="Outils", dispatch_days=["1", "3"], is_closed="on", digest_hour="7")
    )

    shop.refresh_from_db()
    assert (response.status_code, shop.tagline, shop.dispatch_days, shop.is_closed, shop.digest_hour) == (
        302, "Outils", [1, 3], True, 7,
    )  # fmt: skip


def test_wrong_siren_is_said_and_nothing_typed_is_lost(desk_client: Client) -> None:
    shop = factories.open_shop()

    response = desk_client.post(URL, typed(shop, siren="123456789", tagline="Couteaux"))

    assert response.status_code == 422
    assert "Couteaux" in response.content.decode()
    shop.refresh_from_db()
    assert shop.siren == "732829320"


def test_vat_regime_is_added_and_the_past_is_not_rewritten(desk_client: Client) -> None:
    shop = factories.open_shop()
    tomorrow, yesterday = (timezone.localdate() + timedelta(days=days) for days in (1, -1))

    assert (
        desk_client.post(f"{URL}vat/", {"regime": "franchise", "starts_on": yesterday.isoformat()}).status_code == 422
    )
    assert desk_client.post(f"{URL}vat/", {"regime": "franchise", "starts_on": tomorrow.isoformat()}).status_code == 302
    assert desk_client.post(f"{URL}vat/", {"regime": "normal", "starts_on": tomorrow.isoformat()}).status_code == 422

    assert VatRegime.objects.filter(shop=shop).count() == 2
    assert selling.fresh(shop.pk).regime_on(tomorrow) == "franchise"


def test_first_vat_regime_may_begin_in_the_past(desk_client: Client) -> None:
    factories.closed_shop()

    desk_client.post(f"{URL}vat/", {"regime": "franchise", "starts_on": "2020-01-01"})

    assert VatRegime.objects.get().starts_on.year == 2020


def draftail(text: str) -> str:
    """What Draftail sends for one paragraph."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def test_terms_are_written_published_then_frozen(desk_client: Client) -> None:
    factories.closed_shop()
    data = {"title": "CGV de novembre", "text_fr": draftail("Article 1"), "text_en": draftail("Section 1")}

    desk_client.post(f"{URL}terms/new/", data)
    version = TermsVersion.objects.get()
    assert (version.published_at, "Article 1" in version.text_fr, str(version.author)) == (None, True, "Hélène")

    page = f"{URL}terms/{version.pk}/"
    desk_client.get(f"{page}?publish=1")
    assert TermsVersion.objects.get().published_at is None
    desk_client.post(page)
    version.refresh_from_db()
    assert version.published_at
    first = (version.published_at, version.digest)

    desk_client.post(page)
    desk_client.post(f"{page}edit/", {**data, "text_fr": draftail("Tout est permis")})
    version.refresh_from_db()
    assert (version.published_at, version.digest) == first
    assert "Article 1" in version.text_fr
    assert desk_client.get(f"{page}edit/").status_code == 302


def test_terms_that_name_the_closed_platform_are_refused(desk_client: Client) -> None:
    shop = factories.closed_shop()
    link = "https://ec.europa.eu/consumers/odr"
    data = {"title": "CGV", "text_fr": draftail(f"Voir {link}"), "text_en": draftail("Section 1")}

    assert desk_client.post(f"{URL}terms/new/", data).status_code == 422
    assert TermsVersion.objects.count() == 0

    older = TermsVersion.objects.create(shop=shop, title="CGV", text_fr="<p>ok</p>", text_en=f'<a href="{link}">x</a>')
    desk_client.post(f"{URL}terms/{older.pk}/")
    older.refresh_from_db()
    assert older.published_at is None


def test_new_terms_begin_with_the_words_in_force(desk_client: Client) -> None:
    factories.open_shop()

    form = desk_client.get(f"{URL}terms/new/").context["form"]

    assert form.instance.text_fr == "<p>Conditions</p>"


def test_terms_are_downloaded_word_for_word(desk_client: Client) -> None:
    factories.open_shop()
    version = TermsVersion.objects.get()

    response = desk_client.get(f"{URL}terms/{version.pk}/fr.html")

    assert response["Content-Disposition"].startswith("attachment")
    assert version.text_fr in response.content.decode()


def rates(*rows: dict[str, Any], known: int = 0) -> dict[str, Any]:
    """The formset as the browser sends it."""
    data: dict[str, Any] = {"rates-TOTAL_FORMS": len(rows), "rates-INITIAL_FORMS": known}
    for number, row in enumerate(rows):
        data |= {f"rates-{number}-{name}": value for name, value in row.items()}
    return data


METHOD = {"kind": "ship", "name": "Colis", "days_min": 2, "days_max": 3, "is_active": "on", "position": 0}


def test_delivery_is_typed_in_euros_and_codes(desk_client: Client) -> None:
    factories.closed_shop()
    row = {"countries": "fr, BE", "amount": "6,90", "max_weight_g": "2000", "max_total": ""}

    response = desk_client.post(f"{URL}delivery/new/", {**METHOD, "free_from": "90", **rates(row, {"countries": ""})})

    assert response.status_code == 302
    method = DeliveryMethod.objects.get()
    rate = method.rates.get()
    assert (method.free_from, rate.countries, rate.amount, rate.max_weight_g, rate.max_total) == (
        9000, ["FR", "BE"], 690, 2000, None,
    )  # fmt: skip
    assert desk_client.get(f"{URL}delivery/{method.pk}/").context["form"].initial["free_from"] == "90,00"


@pytest.mark.parametrize(("method", "row"), [
    ({}, {"countries": "FR, ZZ", "amount": "5"}),
    ({}, {"countries": "FR", "amount": "cinq"}),
    ({}, {"countries": "", "amount": ""}),
    ({"days_min": 5}, {"countries": "FR", "amount": "5"}),
    ({"tracking_url": "http://colis.example/"}, {"countries": "FR", "amount": "5"}),
    ({"kind": "pickup"}, {"countries": "", "amount": ""}),
])  # fmt: skip
def test_delivery_that_makes_no_sense_is_refused(
    desk_client: Client, method: dict[str, Any], row: dict[str, Any]
) -> None:
    factories.closed_shop()

    response = desk_client.post(f"{URL}delivery/new/", {**METHOD, **method, **rates(row)})

    assert (response.status_code, DeliveryMethod.objects.count()) == (422, 0)
    assert "Colis" in response.content.decode()


def test_delivery_that_orders_used_is_kept_but_not_offered(desk_client: Client, sale: Order) -> None:
    method = DeliveryMethod.objects.get()
    desk_client.post(f"{URL}delivery/{method.pk}/", {"delete": "1"})
    method.refresh_from_db()
    assert method.is_active is False

    unused = factories.delivery_method(sale.shop)
    desk_client.post(f"{URL}delivery/{unused.pk}/", {"delete": "1"})
    assert DeliveryMethod.objects.get() == method


def test_empty_delivery_list_says_what_to_do_next(desk_client: Client) -> None:
    factories.closed_shop()

    assert f"{URL}delivery/new/" in desk_client.get(f"{URL}delivery/").content.decode()
