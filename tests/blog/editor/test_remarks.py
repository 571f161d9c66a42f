"""What she is told when an article goes out incomplete."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from blog.wagtail_hooks import lacking, wordless
from tests.factories import article, owner, photo
from tests.factories.pages import block

pytestmark = pytest.mark.django_db


def picture(**fields: Any) -> dict[str, Any]:
    image = {"image": photo().pk, "alt_text": "", "decorative": False, **fields}
    return block("image", {"image": image, "caption": "", "wide": False})


def test_an_article_with_everything_gets_no_remark() -> None:
    page = article(
        cover=photo(), cover_alt="Une lame", body=[picture(alt_text="Un manche"), block("heading", "Le fil")]
    )

    assert lacking(page) == []


def test_each_thing_that_is_missing_is_named() -> None:
    page = article(summary="", cover=photo(), body=[picture(), block("heading", " ")])

    assert len(lacking(page)) == 4


def test_a_description_of_its_own_is_enough() -> None:
    assert lacking(article(summary="", search_description="Comment affûter.")) == []


def test_pictures_are_counted_in_galleries_too() -> None:
    images = [{"image": photo().pk, "alt_text": words, "decorative": False} for words in ("", "Un seau", " ")]
    gallery = block("gallery", {"images": [block("item", image) for image in images], "caption": ""})

    assert wordless(article(body=[gallery, picture(), picture(decorative=True)])) == 3


def test_a_deleted_picture_is_none_of_them() -> None:
    gone = photo()
    page = article(body=[block("image", {"image": {"image": gone.pk, "alt_text": "", "decorative": False}})])
    gone.delete()
    page.refresh_from_db()

    assert wordless(page) == 0


def test_remarks_are_told_after_publishing(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    browser = Client()
    browser.force_login(owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = article(live=False, summary="")

    answer = browser.post(f"{reverse('products:publish')}?page={page.pk}", {"alone": "1"})

    told = [message.level_tag for message in get_messages(answer.wsgi_request)]
    assert told.count("warning") == 1
