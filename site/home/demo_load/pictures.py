"""The demo's drawings, covers and figures as uploaded pictures: the fallback at once, the other widths by tasks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images.models import Filter

from core import photo as photos
from core.models import Photo
from home.demo_load.book import Book
from home.demo_load.texts import FOLDER, tables

FOLDERS = {"drawings": ".png", "covers": ".jpg", "figures": ".jpg"}
DARK = ".dark"
HANDS = 2


def hang(book: Book, told: Callable[[int, int], None]) -> None:
    """Upload all pictures under their names ("drawings/poele"), once; `told` hears how many of how many are drawn."""
    for folder, end in FOLDERS.items():
        paths = [path for path in sorted((FOLDER / folder).glob(f"*{end}")) if not path.stem.endswith(DARK)]
        dark = {path.stem: path.with_name(f"{path.stem}{DARK}{end}") for path in paths}
        _upload(book, f"{folder}{DARK}", {stem: path for stem, path in dark.items() if path.exists()})
        _upload(book, folder, {path.stem: path for path in paths})
    _draw(list(book.photos.values()), told)


def _upload(book: Book, folder: str, paths: dict[str, Path]) -> None:
    names = {row["drawing"]: row for row in tables("products")}
    for stem, path in paths.items():
        row = names.get(stem) if path.suffix == ".png" else None
        title = row["name"]["fr"] if row else stem.replace("-", " ").capitalize()
        title += ", version sombre" if folder.endswith(DARK) else ""
        known = Photo.objects.filter(title=title).first()
        if known:
            book.photos[f"{folder}/{stem}"] = known
            continue
        book.photos[f"{folder}/{stem}"] = Photo(
            title=title, file=ImageFile(path.open("rb"), name=path.name.replace(DARK, "-dark")),
            description=row["drawing_alt"]["fr"] if row else "", is_drawing=path.suffix == ".png",
            dark=book.photos.get(f"{folder}{DARK}/{stem}"), uploaded_by_user=book.owner,
        )  # fmt: skip
    Photo.objects.bulk_create(photo for stem in paths if not (photo := book.photos[f"{folder}/{stem}"]).pk)


def _draw(made: list[Photo], told: Callable[[int, int], None]) -> None:
    """Draw on both cores, write the rows here; saving tells the search and asks for the other widths.

    What was drawn before is left alone.
    """
    made = [photo for photo in made if photos.drawn(photo) is None]
    with ThreadPoolExecutor(HANDS) as pool:
        for done, (photo, file) in enumerate(zip(made, pool.map(_fallback, made), strict=True), start=1):
            photo.renditions.create(filter_spec=photos.fallback_spec(photo), focal_point_key="", file=file)
            photo.save()
            told(done, len(made))


def _fallback(photo: Photo) -> Any:
    return photo.generate_rendition_file(Filter(spec=photos.fallback_spec(photo)))
