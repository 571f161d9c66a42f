"""What holds for every public page: same bytes, no cookie, 304, languages, redirects; and the front page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from blog.models import ArticlePage
from home import views
from home.models import HomePage, Menu, MenuEntry, PinnedArticle, StandardPage
from members.models import ClubPage
from tests import factories

pytestmark = pytest.mark.django_db
Pages = dict[str, Page]


@pytest.fixture
def pages() -> Pages:
    """One live page of each kind."""
    product = factories.product_page()
    article = factories.article(product, cover=factories.photo())
    plain = factories.home().add_child(
        instance=StandardPage(title="La maison", slug="la-maison", locale=factories.locale())
    )
    return {
        "home": factories.home(), "journal": factories.journal(), "article": article, "shop": factories.shop_page(),
        "product": product, "plain": plain,
    }  # fmt: skip


KINDS = ["home", "journal", "article", "shop", "product", "plain"]


@pytest.mark.parametrize("kind", KINDS)
def test_public_page_is_the_same_for_everybody(client: Client, pages: Pages, kind: str) -> None:
    url = pages[kind].url
    stranger = client.get(url)
    client.force_login(factories.owner())
    known = client.get(url)

    assert stranger.content == known.content
    assert not stranger.cookies
    assert not known.cookies
    assert stranger.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Vary" not in stranger.headers


@pytest.mark.parametrize("kind", KINDS)
def test_public_page_answers_304_while_nothing_changed(client: Client, pages: Pages, kind: str) -> None:
    page = pages[kind]
    tag = client.get(page.url).headers["ETag"]

    again = client.get(page.url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")

    page = page.specific
    page.title = "Changé"
    page.seo_title = "Changé"
    page.save_revision().publish()
    assert client.get(page.url, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_public_page_holds_no_inline_script_style_form_or_token(client: Client, pages: Pages, kind: str) -> None:
    html = client.get(pages[kind].url).content.decode()

    for absent in ("csrfmiddlewaretoken", 'method="post"', "<style", " style=", "onclick=", "<script>"):
        assert absent not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_head_is_whole(client: Client, pages: Pages, kind: str) -> None:
    page = pages[kind]
    html = client.get(page.url).content.decode()

    assert f'<link rel="canonical" href="http://testserver{page.url}">' in html
    assert 'property="og:title"' in html
    assert 'type="application/atom+xml"' in html
    assert 'type="application/ld+json"' in html


def test_translations_name_each_other(client: Client, pages: Pages) -> None:
    english = pages["article"].copy_for_translation(factories.locale("en"), copy_parents=True)
    english.save_revision().publish()

    for page in (pages["article"], english):
        html = client.get(page.url).content.decode()
        assert f'<link rel="alternate" hreflang="fr" href="http://testserver{pages["article"].url}">' in html
        assert f'<link rel="alternate" hreflang="en" href="http://testserver{english.url}">' in html
        assert f'hreflang="x-default" href="http://testserver{pages["article"].url}"' in html
    assert f'href="{english.url}" lang="en"' in client.get(pages["article"].url).content.decode()


def test_page_without_a_translation_leads_to_the_other_front_page(client: Client, pages: Pages) -> None:
    html = client.get(pages["article"].url).content.decode()

    assert 'href="/en/" lang="en"' in html
    assert 'rel="alternate" hreflang' not in html


def test_hidden_page_asks_search_engines_away(client: Client) -> None:
    article = factories.article(noindex=True)

    assert '<meta name="robots" content="noindex">' in client.get(article.url).content.decode()
    assert article.url not in client.get("/sitemap-articles.xml").content.decode()


def test_draft_is_a_404_and_a_restricted_page_is_private(client: Client) -> None:
    draft, guarded = factories.article(live=False), factories.article()
    guarded.view_restrictions.create(restriction_type="login")

    assert client.get(draft.url).status_code == 404
    assert client.get(guarded.url).status_code == 302
    client.force_login(factories.person())
    response = client.get(guarded.url)
    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


def test_restriction_above_guards_what_stands_below(client: Client) -> None:
    article = factories.article()
    factories.journal().view_restrictions.create(restriction_type="login")

    assert client.get(article.url).status_code == 302


def test_renamed_page_leads_on(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    article = factories.article()
    old = article.url
    article.slug = "nouveau-nom"
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()

    response = client.get(old)

    assert (response.status_code, response.headers["Location"]) == (301, ArticlePage.objects.get(pk=article.pk).url)


def test_deleted_article_is_gone(client: Client) -> None:
    article = factories.article(title="Un conseil")
    article.delete()

    response = client.get(article.url)

    assert response.status_code == 410
    assert "Un conseil" in response.content.decode()


@pytest.mark.parametrize("path", ["/rien/", "/en/nothing/", "/journal/rien/", "/rien/du/tout/"])
def test_what_never_stood_there_is_a_404_with_a_way_on(client: Client, path: str) -> None:
    factories.journal()
    response = client.get(path)

    assert response.status_code == 404
    assert ('href="/en/"' if path.startswith("/en/") else 'href="/"') in response.content.decode()


def test_sitemap_lists_each_kind_with_its_dates(client: Client, pages: Pages) -> None:
    index = client.get("/sitemap.xml").content.decode()
    for name, kind in (("articles", "article"), ("products", "product"), ("pages", "journal")):
        assert f"sitemap-{name}.xml" in index
        text = client.get(f"/sitemap-{name}.xml").content.decode()
        assert f"<loc>http://testserver{pages[kind].url}</loc>" in text
    event = factories.event_page()
    club = factories.home().add_child(instance=ClubPage(title="Le club", locale=factories.locale("fr")))
    for name, page in (("events", event), ("pages", event.get_parent()), ("pages", club)):
        assert f"<loc>http://testserver{page.url}</loc>" in client.get(f"/sitemap-{name}.xml").content.decode()
    assert "<lastmod>" in index
    assert "/panier/" not in client.get("/sitemap-pages.xml").content.decode()


def test_robots_points_to_the_sitemap_and_keeps_baskets_out(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Disallow: /cms/" in lines
    assert "Disallow: /en/cart/" in lines


def front(client: Client) -> str:
    return client.get(factories.home().url).content.decode()


def test_front_page_of_an_empty_shop_has_no_gap(client: Client) -> None:
    html = front(client)

    assert 'class="empty"' in html
    assert 'class="shelf"' not in html
    assert 'class="wide columns' not in html


@pytest.mark.parametrize(("count", "columns"), [(1, 0), (2, 1), (3, 2), (4, 3), (9, 3)])
def test_front_page_has_as_many_columns_as_it_can_fill(client: Client, count: int, columns: int) -> None:
    for _number in range(count):
        factories.article()

    html = front(client)

    assert html.count('<article class="teaser lead"') == 1
    assert html.count('<div class="stack">') == columns


def test_front_page_shows_her_lead_and_pins_first(client: Client) -> None:
    old, older = factories.article(title="Vieux"), factories.article(title="Plus vieux")
    for _number in range(12):
        factories.article()
    home = factories.home()
    home.lead = old
    home.pinned.add(PinnedArticle(article=older))
    home.save_revision().publish()

    html = front(client)

    assert html.index("Vieux") < html.index("Plus vieux") < html.index("Article")


def test_front_page_skips_what_is_no_longer_there(client: Client) -> None:
    lead, other = factories.article(title="Parti"), factories.article(title="Reste")
    home = factories.home()
    home.lead = lead
    home.save_revision().publish()
    lead.unpublish()

    html = front(client)

    assert "Parti" not in html
    assert other.url in html


def test_front_page_shelf_falls_back_to_what_came_last(client: Client) -> None:
    gone, fresh = factories.product_page(), factories.product_page()
    home = factories.home()
    home.shelf = [("product", gone)]
    home.save_revision().publish()
    gone.product.goods.get().offer.prices.all().delete()

    html = front(client)

    assert fresh.url in html
    assert gone.url not in html


def test_front_page_shows_her_word_and_signature(client: Client) -> None:
    home = factories.home()
    home.word, home.signature = "Un.\n\nDeux <b>.", "Anne"
    home.save_revision().publish()

    html = front(client)

    assert "<p>Deux &lt;b&gt;.</p>" in html
    assert '<p class="author__hand">Anne</p>' in html


def test_menu_footer_and_announcement_come_from_the_owner(client: Client) -> None:
    menu = Menu.objects.create(
        shop=factories.open_shop(),
        locale=factories.locale(),
        announcement="Fermé lundi",
        announcement_link="/la-maison/",
    )
    hidden = factories.article(live=False)
    MenuEntry.objects.create(menu=menu, place="head", label="Lire", page=factories.journal())
    MenuEntry.objects.create(menu=menu, place="head", label="Caché", page=hidden)
    MenuEntry.objects.create(menu=menu, place="foot", label="Ailleurs", url="https://ailleurs.example/")

    html = client.get(factories.journal().url).content.decode()

    assert f'<a href="{factories.journal().url}" aria-current="page">Lire</a>' in html
    assert "Caché" not in html
    assert "https://ailleurs.example/" in html
    assert '<a href="/la-maison/">Fermé lundi</a>' in html


def test_change_of_the_menu_is_seen_at_once(client: Client) -> None:
    menu = Menu.objects.create(shop=factories.open_shop(), locale=factories.locale(), announcement="Avant")
    assert "Avant" in front(client)

    menu.announcement = "Après"
    menu.save()

    assert "Après" in front(client)


def test_english_stands_under_its_prefix(client: Client) -> None:
    response = client.get("/en/")

    assert response.status_code == 200
    assert '<html lang="en"' in response.content.decode()
    assert HomePage.objects.get(locale__language_code="en").url == "/en/"


def test_first_view_after_publish_draws_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, work: Callable[[], list[Any]]
) -> None:
    product = factories.goods().product
    product.photo = factories.photo()
    product.save()
    page = factories.product_page(product)
    article = factories.article(page, cover=factories.photo())

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a rendition was made while somebody read")

    monkeypatch.setattr("core.models.Photo.create_rendition", refuse)
    monkeypatch.setattr("core.models.Photo.get_rendition", refuse)
    for url in (article.url, page.url, factories.home().url, factories.journal().url):
        assert client.get(url).status_code == 200
    monkeypatch.undo()
    work()


def test_page_of_a_breakdown_leads_to_the_legal_notice_and_the_withdrawal(rf: Any) -> None:
    html = views.server_error(rf.get("/")).content.decode()

    for code in ("fr", "en"):
        with translation.override(code):
            for name in ("store:legal", "store:withdraw"):
                assert f'href="{reverse(name)}"' in html


@pytest.mark.parametrize("day", ["2026-11-27", "2026-12-31", "2027-01-01", "2028-02-29"])
def test_security_txt_expires_within_a_year_and_names_itself(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    now = datetime.fromisoformat(f"{day}T23:59:59+00:00")
    monkeypatch.setattr(timezone, "now", lambda: now)
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)

    assert len(fields) == len(lines)
    assert fields["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    assert timedelta(days=270) < datetime.fromisoformat(fields["Expires"]) - now < timedelta(days=365)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Aux trois clous", "A"), ("« épice »", "É"), ("e\u0301pice", "É"), ("3 clous", "3"), ("ßtrich", "S"), ("&", "C"), ("", "C")],
)  # fmt: skip
def test_icon_is_the_first_letter_of_the_shop_s_name(client: Client, name: str, letter: str) -> None:
    factories.open_shop(name=name)
    icon = client.get("/favicon.svg")

    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(icon.content)[-1].text == letter  # noqa: S314 - made here
    assert client.get("/favicon.ico").content == icon.content
    assert '<link rel="icon" href="/favicon.svg" type="image/svg+xml">' in client.get("/").content.decode()
