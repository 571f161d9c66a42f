"""What is kept for the club is in no public byte: page, source, feeds, markup, search, sitemap."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.search import index

from blog.models import ArticlePage
from tests import factories
from tests.factories.pages import block, markup, speak_of

SECRET = "zanzibarique"
pytestmark = pytest.mark.django_db


def cut(audience: str = "member") -> dict[str, Any]:
    return block("reserved", {"audience": audience})


def kept_article(**fields: Any) -> ArticlePage:
    """Before the cut and after it; what is kept names a product too."""
    given = {
        "body": [
            block("text", "<p>Pour tous.</p>"), cut(fields.pop("for_whom", "member")), block("heading", f"Titre {SECRET}"),
            block("text", f"<p>Le mot est {SECRET}.</p>"), block("callout", {"text": f"<p>{SECRET}</p>"}),
            block("quote", {"text": SECRET, "attribution": SECRET}),
            speak_of(factories.product_page(factories.goods().product), note=SECRET),
        ]
    }  # fmt: skip
    return factories.article(**{**given, **fields})


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def public_answers(page: ArticlePage) -> dict[str, str]:
    """Everything that anybody may ask of the journal."""
    client = Client()
    paths = [
        page.url, factories.journal().url, factories.home().url, reverse("feed-rss"), reverse("feed-atom"), "/sitemap-pages.xml",
        reverse("article-rest", args=[page.pk]), "/live/?o=1,2,3",
    ]  # fmt: skip
    return {path: client.get(path).content.decode() for path in paths}


@pytest.mark.parametrize("audience", ["", "member"])
def test_not_one_byte_is_public(audience: str) -> None:
    page = kept_article(audience=audience)
    found = public_answers(page)

    assert "Pour tous" in found[page.url]
    assert [path for path, text in found.items() if SECRET in text] == []


def test_a_page_kept_whole_shows_its_summary_alone() -> None:
    page = factories.article(body=[block("text", f"<p>{SECRET}</p>")], summary="De quoi il parle.", audience="member")
    found = public_answers(page)

    assert "De quoi il parle." in found[page.url]
    assert [path for path, text in found.items() if SECRET in text] == []


def test_the_search_index_is_given_only_what_is_public() -> None:
    page = kept_article()
    given = [
        str(field.get_value(page)) for field in ArticlePage.get_search_fields() if isinstance(field, index.BaseField)
    ]

    assert any("Pour tous" in text for text in given)
    assert [text for text in given if SECRET in text] == []


def test_members_read_on_in_place_and_without_our_script() -> None:
    page, member = kept_article(), signed_in(factories.member())
    url = reverse("article-rest", args=[page.pk])
    part, whole = member.get(url, headers={"x-fragment": "1"}), member.get(url)

    assert SECRET in part.content.decode()
    assert SECRET in whole.content.decode()
    assert "Pour tous" not in part.content.decode()
    assert {"private", "no-store"} <= set(part.headers["Cache-Control"].split(", "))


def test_others_are_told_and_their_script_changes_nothing() -> None:
    page = kept_article(for_whom="tier:atelier")
    factories.tier("atelier")
    url = reverse("article-rest", args=[page.pk])
    for client in (Client(), signed_in(factories.person()), signed_in(factories.member())):
        assert client.get(url, headers={"x-fragment": "1"}).status_code == 204
        refused = client.get(url)
        assert refused.status_code == 403
        assert SECRET not in refused.content.decode()
    assert signed_in(factories.member(factories.tier("atelier"))).get(url).status_code == 200


def test_the_page_is_the_same_bytes_for_a_member() -> None:
    page = kept_article()

    assert Client().get(page.url).content == signed_in(factories.member()).get(page.url).content


def test_who_left_reads_no_more() -> None:
    page, user = kept_article(), factories.member()
    client = signed_in(user)
    user.memberships.update(state="ended")

    assert client.get(reverse("article-rest", args=[page.pk])).status_code == 403


@pytest.mark.parametrize(
    ("audience", "readers"),
    [("member", {"member", "tier:ami", "tier:atelier"}), ("tier:atelier", {"tier:atelier"})],
)
def test_previews_show_what_each_would_see(audience: str, readers: set[str]) -> None:
    for slug in ("ami", "atelier"):
        factories.tier(slug)
    page = kept_article(for_whom=audience)
    modes = [mode for mode, _label in page.preview_modes]
    shown = {mode: page.make_preview_request(preview_mode=mode).render().content.decode() for mode in modes}

    assert set(modes) == {"", "member", "tier:ami", "tier:atelier"}
    assert {mode for mode, text in shown.items() if SECRET in text} == readers


def test_an_unpublished_article_keeps_its_rest() -> None:
    page = kept_article(live=False)

    assert signed_in(factories.member()).get(reverse("article-rest", args=[page.pk])).status_code == 404


@pytest.mark.parametrize("page", [{}, {"audience": "member"}], ids=["cut", "whole"])
def test_markup_says_that_the_rest_is_not_for_everybody(page: dict[str, str]) -> None:
    answer = Client().get(kept_article(**page).url)
    found = markup(answer)["BlogPosting"]

    assert (found["isAccessibleForFree"], found["hasPart"]["isAccessibleForFree"]) == (False, False)
    assert f'class="{found["hasPart"]["cssSelector"][1:]}"' in answer.content.decode()
    assert "isAccessibleForFree" not in markup(Client().get(factories.article().url))["BlogPosting"]
