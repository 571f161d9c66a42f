"""What is kept for the club stands in no byte of any public address: every name, every variant, every role that may not read."""

import pytest
from django.urls import reverse

from blog.models import ArticlePage, Section
from tests import factories
from tests.factories.pages import block
from tests.house import addresses, world

pytestmark = pytest.mark.django_db
WORD = "zanzibarique"
FRONT = addresses.named(behind=False)
VARIANTS = (
    "", "?preview=1", "?preview_mode=member", "?mode=member", "?print=1", "?audience=member", "?kept=1", "?format=json",
    "?page=1", "?rest=1", "?x-fragment=1", "?utm_source=x",
)  # fmt: skip
HEADERS = ({}, {"x-fragment": "1"})
HEADINGS = (("section", ["articles"]), ("tag", ["outils"]))
OUTSIDE = ("anonymous", "other")


@pytest.fixture
def doors(sandbox) -> world.World:
    return world.make()


@pytest.fixture
def kept() -> list[ArticlePage]:
    """Cut in the middle, kept whole, kept for an upper tier; each tells the word below only."""
    section = Section.objects.create(name="Carnets", slug="articles", locale=factories.locale("fr"))
    below = [
        block("heading", f"Titre {WORD}"),
        block("text", f"<p>{WORD}</p>"),
        block("quote", {"text": WORD, "attribution": WORD}),
    ]
    bodies = [
        ("", [block("text", "<p>Pour tous.</p>"), block("reserved", {"audience": "member"}), *below]),
        ("member", below),
        ("tier:atelier", [block("text", "<p>Pour tous.</p>"), *below]),
    ]
    pages = [factories.article(body=body, audience=audience, section=section) for audience, body in bodies]
    for page in pages:
        page.tags.add("outils")
        page.save_revision().publish()
    return pages


def told(doors: world.World, url: str, roles: tuple[str, ...] = OUTSIDE) -> list[str]:
    """Who is told the word there, and how."""
    found = []
    for role in roles:
        for headers in HEADERS:
            answer = doors.doors[role].get(url, headers=headers)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            if WORD.encode() in body:
                found.append(f"{role} {headers} {url}")
    return found


def test_no_address_tells_it(doors: world.World, kept: list[ArticlePage]) -> None:
    urls = [doors.things.get(name) or addresses.example(name, row) for name, row in FRONT.items()]
    rests = [reverse("article-rest", args=[page.pk]) for page in kept]
    maps = ["/sitemap-pages.xml", "/sitemap-journal.xml", "/sitemap-articles.xml"]

    assert [who for url in [*urls, *rests, *maps] for who in told(doors, url)] == []


def test_no_page_and_no_variant_of_it_tells_it(doors: world.World, kept: list[ArticlePage]) -> None:
    journal = factories.journal()
    around = [
        journal.url,
        factories.home().url,
        *(journal.url + journal.reverse_subpage(*heading) for heading in HEADINGS),
    ]
    assert [doors.doors["anonymous"].get(url).status_code for url in around] == [200] * len(around)
    urls = [page.url + variant for page in kept for variant in VARIANTS]

    assert [who for url in [*urls, *around] for who in told(doors, url)] == []


def test_a_member_of_a_lower_tier_is_told_no_more_than_theirs(doors: world.World, kept: list[ArticlePage]) -> None:
    """And they who may read it do, so that the word is there to be told."""
    first, whole, upper = (reverse("article-rest", args=[page.pk]) for page in kept)

    assert told(doors, upper, ("member",)) == []
    assert len(told(doors, first, ("member",))) == len(told(doors, whole, ("member",))) == len(HEADERS)
    assert len(told(doors, upper, ("tier",))) == len(HEADERS)
