"""Pictures: drawn on upload and after publishing, never while somebody reads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core import photo
from core.models import PhotoRendition
from tests import factories

pytestmark = pytest.mark.django_db


def specs(image: Any) -> set[str]:
    return set(PhotoRendition.objects.filter(image=image).values_list("filter_spec", flat=True))


def test_upload_draws_the_fallback_at_once_and_the_rest_by_a_task(work: Callable[[], list[Any]]) -> None:
    image = factories.photo()
    assert specs(image) == {photo.fallback_spec(image)}

    work()

    assert specs(image) == set(photo.specs(image))


def test_draw_may_run_twice(work: Callable[[], list[Any]]) -> None:
    image = factories.photo()
    work()

    photo.draw.func(image.pk)

    assert PhotoRendition.objects.filter(image=image).count() == len(photo.specs(image))


def test_a_drawing_keeps_its_transparent_ground() -> None:
    assert photo.fallback_spec(factories.photo(is_drawing=True)).endswith("format-png")


@pytest.mark.parametrize("is_drawing", [True, False])
@pytest.mark.parametrize("size", [(2000, 1500), (740, 390), (120, 600)])
def test_card_has_one_size_whatever_was_uploaded(size: tuple[int, int], is_drawing: bool, work: Any) -> None:
    image = factories.photo(size=size, is_drawing=is_drawing)
    work()

    card = image.renditions.get(filter_spec=photo.social_spec(image))

    assert (card.width, card.height) == (1200, 630)


def test_drawing_stands_whole_on_the_paper_of_its_card(work: Any) -> None:
    image = factories.photo(size=(300, 300), is_drawing=True)
    work()

    with image.renditions.get(filter_spec=photo.social_spec(image)).file.open() as file:
        card = Image.open(file).convert("RGB")

    red = [x for x in range(1200) if card.getpixel((x, 315))[2] < 150]
    assert abs(len(red) - 630 * 0.84) < 6
    assert abs(card.getpixel((5, 5))[0] - 244) < 3


def test_drawn_is_nothing_before_the_fallback_exists() -> None:
    image = factories.photo()
    image.renditions.all().delete()

    assert photo.drawn(image) is None
    assert specs(image) == set()


def test_drawn_names_only_widths_that_exist(work: Callable[[], list[Any]]) -> None:
    image = factories.photo(size=(2000, 1500))
    work()
    image.renditions.filter(filter_spec="width-1024|format-webp").delete()

    shown = photo.drawn(image)

    assert shown
    assert [part.split()[-1] for part in shown.srcset.split(", ")] == ["320w", "640w", "1600w"]
    assert (shown.width, shown.height) == (640, 480)


def test_publishing_draws_what_lacks(work: Callable[[], list[Any]]) -> None:
    image = factories.photo()
    work()
    page = factories.article(cover=image)
    image.renditions.all().delete()

    page.save_revision().publish()
    work()

    assert specs(image) == set(photo.specs(image))


def test_attach_reads_all_pictures_and_their_dark_versions_in_one_query() -> None:
    dark = factories.photo()
    images = [factories.photo(dark=dark), factories.photo()]
    rows = list(photo.by_id(image.pk for image in images).values())

    with CaptureQueriesContext(connection) as queries:
        photo.attach([*rows, None])
        shown = [photo.drawn(row) for row in rows]
        shown_dark = photo.drawn(rows[0].dark)

    assert len(queries) == 1
    assert all(shown)
    assert shown_dark
