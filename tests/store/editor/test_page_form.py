"""What is published is looked at; a draft may be unfinished."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from store.models import ProductPage
from tests.factories import article, goods, product, product_page

pytestmark = pytest.mark.django_db
PLATFORM = "https://ec.europa.eu/consumers/odr/"


def typed(page: Page, **fields: Any) -> dict[str, Any]:
    """What the editor posts for a page of a product or an article."""
    common = {
        "title": page.title, "slug": page.slug, "summary": "Un seau.", "seo_title": "", "search_description": "",
        "social_image": "", "go_live_at": "", "expire_at": "", "comments": inline_formset([]), "body": streamfield([]),
    }  # fmt: skip
    if isinstance(page, ProductPage):
        own = {"hand_line": "", "warnings": "", "gallery": inline_formset([]), "facts": inline_formset([])}
    else:
        own = {
            "cover": "", "cover_alt": "", "author": "", "section": "", "tags": "", "date": "2026-11-22 10:00",
        }  # fmt: skip
    return nested_form_data({**common, **own, **fields})


def save(desk: Client, page: Page, **fields: Any) -> Any:
    """The answer of the editor: a redirect when it is saved, else the form with its errors."""
    return desk.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed(page, **fields))


def wrong(answer: Any) -> set[str]:
    return set(answer.context["form"].errors) if answer.status_code == 200 else set()


@pytest.mark.parametrize(
    ("needs_warnings", "fields", "refused"),
    [
        (False, {"summary": ""}, {"summary"}),
        (False, {}, set()),
        (True, {}, {"warnings"}),
        (True, {"summary": ""}, {"summary", "warnings"}),
        (True, {"warnings": "Ça coupe."}, set()),
    ],
)
def test_product_page_is_published_with_what_the_law_wants_told(
    desk: Client, needs_warnings: bool, fields: dict[str, Any], refused: set[str]
) -> None:
    page = product_page(goods(product(needs_warnings=needs_warnings)).product)

    assert wrong(save(desk, page, **fields, **{"action-publish": "1"})) == refused
    assert wrong(save(desk, page, **fields)) == set()


@pytest.mark.parametrize("make", [product_page, article])
def test_link_to_the_closed_platform_is_not_published(desk: Client, make: Any) -> None:
    page = make()
    body = streamfield([("text", rich_text(f'<p><a href="{PLATFORM}">La plateforme</a></p>'))])

    refused = save(desk, page, body=body, **{"action-publish": "1"})
    assert wrong(refused) == {"body"}
    assert "20 juillet 2025" in refused.content.decode()
    assert wrong(save(desk, page, body=body)) == set()
    assert wrong(save(desk, page, summary=f"Voir {PLATFORM}", **{"action-publish": "1"})) == {"summary"}
