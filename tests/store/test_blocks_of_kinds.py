"""Blocks of kinds that are no goods in an article: card, list at its end, feed, structured data, live, queries."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from blog.models import ArticlePage
from store import kinds, offers
from store.models import Offer
from tests import factories
from tests.factories.pages import block
from tests.kinds.models import Hour

pytestmark = pytest.mark.django_db


def groups(keys: list[int], locale: str, _request: Any) -> dict[int, offers.OfferGroup]:
    """As an app of its own writes it."""
    rows = {row.pk: row for row in Hour.objects.filter(pk__in=keys)}
    found = {offer.pk: offer for offer in Offer.objects.filter(hour__in=rows).with_sellables()}
    batch = offers.load(found.values(), locale) if found else None
    return {
        pk: offers.OfferGroup(
            f"hour-{pk}", "service", row.name, f"/heures/{pk}/", choices=[offers.choice(found[row.offer_id], "", batch)],
            facts=[("Où", "Au fond du magasin")], schema_id=f"http://testserver/heures/{pk}/#event",
        ).summed(locale)
        for pk, row in rows.items()
        if batch
    }  # fmt: skip


class HourBlock(blocks.StructBlock):
    hour = SnippetChooserBlock(Hour)

    class Meta:
        template = "store/blocks/offer.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["group"] = kinds.group_for("hour", value["hour"], context)
        return context


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block stands in articles for the length of a test."""
    stream = ArticlePage.body.field.stream_block
    made = HourBlock()
    made.set_name("hour")
    monkeypatch.setitem(stream.child_blocks, "hour", made)
    monkeypatch.setattr(kinds, "_known", {})
    kinds.register(kinds.Kind("hour", "hour", groups))


def hour(**fields: Any) -> Hour:
    found: Hour = factories.hour(**fields).hour
    return found


def article(*hours: Hour, before: list[Any] | None = None) -> ArticlePage:
    page = factories.article(body=[*(before or []), *(block("hour", {"hour": row.pk}) for row in hours)])
    page.save_revision().publish()
    return page


def test_card_says_its_own_verb_and_nothing_of_goods(client):
    body = client.get(article(hour(words="Réserver")).url).content.decode()
    card = body[body.index("<article class") : body.index("</article>", body.index('class="offer offer--plain"'))]
    assert re.search(r"data-buy>\s*Réserver\s*<", card)
    assert "offer__goods" not in card
    assert "offer__promise" not in card
    assert "50,00" in card


def test_free_has_a_word_for_its_price(client):
    assert "Gratuit" in client.get(article(hour(price=0)).url).content.decode()


def test_only_one_of_it_is_not_counted(client):
    row = hour()
    Offer.objects.update(max_per_order=1)
    body = client.get(article(row).url).content.decode()
    assert '<input type="hidden" name="quantity" value="1">' in body


def test_list_at_the_end_keeps_the_order_of_the_text(client):
    mug = factories.product_page(factories.goods(factories.product(name="Bol")).product)
    page = article(hour(name="Une heure"), before=[factories.speak_of(mug)])
    body = client.get(page.url).content.decode()
    names = re.findall(r'offer-list__name"><a href="[^"]+">([^<]+)<', body)
    assert names == ["Bol", "Une heure"]


def test_feed_links_to_it(client):
    article(hour(name="Une heure"))
    assert "/heures/" in client.get(reverse("feed-rss")).content.decode()


def test_structured_data_calls_it_no_product(client):
    body = client.get(article(hour()).url).content.decode()
    graph = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)[0])["@graph"]
    posting = next(row for row in graph if row["@type"] == "BlogPosting")
    assert [row["@id"].rpartition("#")[2] for row in posting["mentions"]] == ["event"]
    assert "Product" not in {row["@type"] for row in graph}


def test_live_tells_of_it(client):
    offer = factories.hour(price=5000)
    row = client.get("/live/", {"o": offer.pk}).json()["offers"][str(offer.pk)]
    assert (row["amount"], row["state"]) == (5000, "available")


def test_page_asks_no_more_for_ten(client):
    def count(page: ArticlePage) -> int:
        client.get(page.url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page.url).status_code == 200
        return len(queries)

    few, many = article(hour(), hour()), article(*(hour() for _number in range(10)))
    assert count(few) == count(many)


def test_deleted_row_leaves_nothing(client: Client):
    row = hour()
    page = article(row)
    Hour.objects.all().delete()
    assert client.get(page.url).status_code == 200


def test_link_in_running_text_shows_the_price_of_a_page_of_a_kind(client):
    told = factories.article(title="La page de l'heure")
    row = hour(name="Une heure", page=told)

    def of_pages(keys: list[int], locale: str, request: Any) -> dict[int, offers.OfferGroup]:
        found = {one.page_id: one.pk for one in Hour.objects.filter(page__in=keys)}
        made = groups(list(found.values()), locale, request)
        return {page: made[pk] for page, pk in found.items()}

    kinds.register(kinds.Kind("hour", "hour", of_pages, is_page=True))
    words = f'<p>Prenez <a linktype="offer" id="{told.pk}">une heure</a>.</p>'
    page = factories.article(body=[block("text", words)])
    page.save_revision().publish()
    body = client.get(page.url).content.decode()
    link = body[body.index('<a class="inline-offer"') :].partition("</a>")[0]
    assert f"/heures/{row.pk}/" in link
    assert "50,00" in link
