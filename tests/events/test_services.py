"""The pages of services: what stands there, in the agenda, in the sitemap, in the structured data."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import mentions
from events.models import ServicePage
from store import cart as carts
from store.models import Offer
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db


def graph(body: str) -> list[dict[str, object]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert found
    rows: list[dict[str, object]] = json.loads(found[1])["@graph"]
    return rows


def test_page_says_price_place_rule_and_the_same_as_data(client):
    page = factories.service_page(
        factories.service(price=9000, place="L’établi", online_url="https://meet.example.org/x")
    )
    body = client.get(page.url).content.decode()
    assert "90,00" in body
    assert "jusqu’à 24\u00a0heures avant" in body or "jusqu’à 24 heures avant" in body
    assert "meet.example.org" not in body
    service = next(row for row in graph(body) if row["@type"] == "Service")
    assert service["@id"] == f"{page.full_url}#service"
    (offer,) = service["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("90.00", "EUR")
    assert "itemCondition" not in offer


def test_public_page_is_the_same_for_everybody(client):
    page = factories.service_page()
    first = client.get(page.url)
    factories.sign_in_strongly(client, factories.owner())
    assert client.get(page.url).content == first.content
    assert "public" in first.headers["Cache-Control"]


def test_agenda_and_sitemap_lead_to_it(client):
    page = factories.service_page()
    assert page.url in client.get(factories.agenda().url).content.decode()
    assert page.full_url in client.get("/sitemap-events.xml").content.decode()


def test_agenda_asks_no_more_for_more_services(client):
    calendar, counts = factories.calendar(), []
    for _round in range(2):
        for _number in range(3):
            factories.service_page(factories.service(calendar))
        client.get(factories.agenda().url)
        with CaptureQueriesContext(connection) as caught:
            client.get(factories.agenda().url)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_one_page_a_service_and_language():
    page = factories.service_page()
    twin = ServicePage(service=page.service, title="Encore", slug="encore", locale=page.locale)
    with pytest.raises(ValidationError):
        factories.agenda().add_child(instance=twin)


def test_an_article_with_its_block_tells_of_it_and_is_its_source(client, work):
    page = factories.service_page()
    article = factories.article(body=[block("service", {"service": str(page.service_id)})])
    work()
    assert mentions.told_in([page.service, page], article.locale_id) == [article.page_ptr]
    offer = Offer.objects.get(pk=page.service.offer_id)
    assert carts.source_of(article.pk, offer)["source_title"] == article.title
    assert carts.source_of(factories.article().pk, offer) == {}
    assert article.title in client.get(page.url).content.decode()
    assert page.url in client.get(article.url).content.decode()
