"""RSS and Atom: whole text, absolute addresses, ids for ever, offers as plain links without a price."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from blog.models import Section
from tests import factories
from tests.factories.pages import block

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def feed(client: Client, name: str, **kwargs: str) -> ElementTree.Element:
    response = client.get(reverse(name, kwargs=kwargs))
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def test_rss_carries_the_whole_text(client: Client) -> None:
    page = factories.product_page(factories.goods(price=4690).product)
    words = f'<p>Prenez <a linktype="offer" id="{page.pk}">ceci</a>, <a href="/la-maison/">chez moi</a>.</p>'
    image = factories.photo()
    picture = block(
        "image",
        {"image": {"image": image.pk, "alt_text": "Un seau", "decorative": False}, "caption": "", "wide": False},
    )
    article = factories.article(body=[block("text", words), picture, factories.speak_of(page)])

    item = feed(client, "feed-rss").find("channel/item")

    assert item is not None
    text = item.findtext(CONTENT) or ""
    assert item.findtext("link") == f"http://testserver{article.url}"
    assert text.count(f'href="http://testserver{page.url}"') == 2
    assert 'href="http://testserver/la-maison/"' in text
    assert 'src="http://testserver/media/' in text
    assert 'alt="Un seau"' in text
    for absent in ("46,90", "<button", "<form", "data-", ' href="/', ' src="/'):
        assert absent not in text


def test_ids_outlive_title_and_address(client: Client) -> None:
    article = factories.article()
    before = feed(client, "feed-rss").findtext("channel/item/guid")
    article.title, article.slug = "Autre", "autre"
    article.save_revision().publish()

    assert feed(client, "feed-rss").findtext("channel/item/guid") == before
    assert str(before).startswith("urn:uuid:")


def test_translations_have_ids_of_their_own(client: Client) -> None:
    article = factories.article()
    factories.journal("en")
    article.copy_for_translation(factories.locale("en"), copy_parents=True).save_revision().publish()
    french = feed(client, "feed-rss").findtext("channel/item/guid")
    with translation.override("en"):
        english = feed(client, "feed-rss").findtext("channel/item/guid")

    assert french != english


def test_atom_says_where_it_stands(client: Client) -> None:
    factories.article(title="Un seul")

    root = feed(client, "feed-atom")

    links = {row.get("rel"): row.get("href") for row in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{reverse('feed-atom')}"
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "Un seul"
    assert root.find(f"{ATOM}entry/{ATOM}content").get("type") == "html"  # type: ignore[union-attr]


def test_section_has_its_feed(client: Client) -> None:
    section = Section.objects.create(name="Gestes", slug="gestes", locale=factories.locale())
    factories.article(title="Dedans", section=section)
    factories.article(title="Dehors")

    titles = [row.text for row in feed(client, "feed-rss-section", section="gestes").findall("channel/item/title")]

    assert titles == ["Dedans"]
    assert client.get(reverse("feed-rss-section", kwargs={"section": "rien"})).status_code == 404


def test_feed_is_found_from_every_page_and_answers_304(client: Client) -> None:
    article = factories.article()
    path = reverse("feed-rss")
    first = client.get(path)

    assert (
        f'type="application/rss+xml" title="{factories.open_shop().name} (RSS)" href="{path}"'
        in client.get(article.url).content.decode()
    )
    assert client.get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert not first.cookies


def test_feed_of_a_deleted_product_still_reads(client: Client) -> None:
    page = factories.product_page()
    factories.article(page, title="Reste")
    page.delete()

    assert feed(client, "feed-rss").findtext("channel/item/title") == "Reste"
