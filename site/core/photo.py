"""Fixed widths of each picture, made on upload and on publish; never in a reader's request."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.tasks import task
from wagtail.images.models import Filter
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published

from core.models import Photo, PhotoRendition

WIDTHS = (320, 640, 1024, 1600)
FALLBACK_WIDTH = 640


@dataclass(frozen=True)
class Drawn:
    """What a template needs of one picture: the fallback and the widths that exist."""

    src: str
    width: int
    height: int
    srcset: str


def fallback_spec(photo: Photo) -> str:
    """JPEG, or PNG where the ground is transparent."""
    return f"width-{FALLBACK_WIDTH}|format-{'png' if photo.is_drawing else 'jpeg'}"


def social_spec(photo: Photo) -> str:
    """1200 x 630 exactly, whatever was uploaded; a photograph is cropped around what matters in it."""
    return "card-1200x630|format-jpeg" if photo.is_drawing else "fill-1200x630|card-1200x630|format-jpeg"


def specs(photo: Photo) -> list[str]:
    """All renditions that a picture should have."""
    return [fallback_spec(photo), social_spec(photo), *(f"width-{width}|format-webp" for width in WIDTHS)]


def drawn(photo: Photo) -> Drawn | None:
    """Read what exists; None before the fallback is made. No query when `renditions` is prefetched."""
    found: dict[str, PhotoRendition] = {row.filter_spec: row for row in photo.renditions.all()}
    fallback = found.get(fallback_spec(photo))
    if fallback is None:
        return None
    wide = [found[spec] for spec in specs(photo)[2:] if spec in found]
    srcset = ", ".join(f"{row.url} {row.width}w" for row in {row.width: row for row in wide}.values())
    return Drawn(fallback.url, fallback.width, fallback.height, srcset)


def attach(photos: Iterable[Photo | None]) -> None:
    """Read the renditions of all these pictures, and of their dark versions, in one query."""
    known = [row for row in photos if row is not None]
    known += [row.dark for row in known if row.dark_id and row.dark]
    found: dict[int, list[PhotoRendition]] = {row.pk: [] for row in known}
    for rendition in PhotoRendition.objects.filter(image_id__in=list(found)) if found else []:
        found[rendition.image_id].append(rendition)
    for row in known:
        row.__dict__.setdefault("_prefetched_objects_cache", {})["renditions"] = found[row.pk]


def by_id(ids: Iterable[int]) -> dict[int, Photo]:
    """The pictures of these keys with their dark versions, in one query; none for none."""
    wanted = set(ids)
    return Photo.objects.select_related("dark").in_bulk(wanted) if wanted else {}


def lacking(photo: Photo) -> list[str]:
    """Renditions that are still to be made."""
    made = set(photo.renditions.values_list("filter_spec", flat=True))
    return [spec for spec in specs(photo) if spec not in made]


def draw_now(photo: Photo, wanted: Iterable[str]) -> None:
    """Make these renditions; one that exists stays."""
    for spec in wanted:
        photo.get_rendition(Filter(spec=spec))


@task
def draw(photo_id: int) -> None:
    """Make all that a picture lacks. May run twice."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo:
        draw_now(photo, lacking(photo))


def ensure(photos: Iterable[Photo]) -> None:
    """The fallback at once, the rest by a task."""
    for photo in photos:
        missing = lacking(photo)
        draw_now(photo, [spec for spec in missing if spec == fallback_spec(photo)])
        if missing:
            draw.enqueue(photo.pk)


def photos_of(instance: Any) -> list[Photo]:
    """The pictures that a page or a snippet refers to, by the reference index."""
    kind = Photo._meta.label_lower  # noqa: SLF001 - Django's own public-by-custom attribute
    references = ReferenceIndex.get_references_for_object(instance).select_related("to_content_type")
    ids = {row.to_object_id for row in references if row.to_content_type.model == kind.split(".")[1]}
    return list(Photo.objects.filter(pk__in=ids))


@task
def draw_for_page(page_id: int) -> None:
    """Make what the pictures of a page lack. May run twice; reads the page itself, whose index may not be ready yet."""
    page = Page.objects.filter(pk=page_id).first()
    if page:
        ReferenceIndex.create_or_update_for_object(page.specific)
        ensure(photos_of(page.specific))


@receiver(page_published)
def draw_after_publish(instance: Page, **_kwargs: Any) -> None:
    """What is read from now on has all its widths soon; the fallback it has had since the upload."""
    draw_for_page.enqueue(instance.pk)


@receiver(post_save, sender=Photo)
def draw_after_upload(instance: Photo, raw: bool = False, **_kwargs: Any) -> None:
    """Wagtail saves a picture after upload, crop or replacement."""
    if not raw:
        ensure([instance])
