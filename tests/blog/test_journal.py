"""The journal's lists: all, by section, tag, author and year; pages; nothing yet."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from blog import listing
from blog.models import Author, JournalPage, Section
from tests import factories

pytestmark = pytest.mark.django_db


def address(journal: JournalPage, name: str, value: object) -> str:
    """Where the list under a heading stands."""
    return f"{journal.url}{journal.reverse_subpage(name, args=[value])}"


def test_journal_lists_live_articles_of_its_language(client: Client) -> None:
    shown = factories.article(title="Montré")
    factories.article(title="Caché", live=False)
    factories.article(title="Ailleurs", code="en")

    html = client.get(factories.journal().url).content.decode()

    assert shown.url in html
    assert "Caché" not in html
    assert "Ailleurs" not in html


def test_restricted_article_is_in_no_list(client: Client) -> None:
    hidden = factories.article(title="Réservé")
    hidden.view_restrictions.create(restriction_type="login")

    assert "Réservé" not in client.get(factories.journal().url).content.decode()
    assert client.get(hidden.url).status_code == 302


def test_empty_journal_says_so(client: Client) -> None:
    response = client.get(factories.journal().url)

    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


def test_headings_have_their_lists(client: Client) -> None:
    journal = factories.journal()
    author = Author.objects.create(name="Anne", slug="anne", words="Je répare.", locale=factories.locale())
    section = Section.objects.create(name="Gestes", slug="gestes", words="À la main.", locale=factories.locale())
    mine = factories.article(title="Le mien", author=author, section=section, date=datetime(2024, 5, 1, tzinfo=UTC))
    mine.tags.add("affûtage")
    mine.save_revision().publish()
    factories.article(title="Un autre")

    for name, value, words in (
        ("section", "gestes", "À la main."),
        ("author", "anne", "Je répare."),
        ("tag", mine.tags.get().slug, "affûtage"),
        ("year", 2024, "2024"),
    ):
        html = client.get(address(journal, name, value)).content.decode()
        assert words in html
        assert "Le mien" in html
        assert "Un autre" not in html


@pytest.mark.parametrize(("name", "value"), [("section", "rien"), ("author", "rien"), ("tag", "rien"), ("year", 1999)])
def test_heading_that_does_not_exist_is_a_404(client: Client, name: str, value: object) -> None:
    assert client.get(address(factories.journal(), name, value)).status_code == 404


def test_page_two_is_a_page_of_its_own(client: Client) -> None:
    for _number in range(listing.PER_PAGE + 1):
        factories.article()
    url = factories.journal().url

    first, second = client.get(url).content.decode(), client.get(f"{url}?page=2").content.decode()

    assert 'rel="next"' in first
    assert f'<link rel="canonical" href="http://testserver{url}?page=2">' in second
    assert second.count('<article class="teaser"') == 1


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "99999999999999999999"])
def test_page_that_is_not_one_is_a_404(client: Client, page: str) -> None:
    factories.article()

    assert client.get(f"{factories.journal().url}?page={page}").status_code == 404
