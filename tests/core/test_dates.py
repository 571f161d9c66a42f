"""Days in words."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from core import dates


@pytest.mark.parametrize(
    ("language", "day", "shape", "text"),
    [
        ("fr", 1, "l j F", "mardi 1er décembre"),
        ("fr", 1, "j F Y", "1er décembre 2026"),
        ("fr", 1, "j N, H:i", "1er déc., 00:00"),
        ("fr", 1, "DATE_FORMAT", "1er décembre 2026"),
        ("fr", 1, "F", "décembre"),
        ("fr", 11, "l j F", "vendredi 11 décembre"),
        ("fr", 21, "j F", "21 décembre"),
        ("en", 1, "l j F", "Tuesday 1 December"),
    ],
)
def test_words_say_the_first_as_the_language_does(language: str, day: int, shape: str, text: str) -> None:
    with translation.override(language):
        assert dates.words(datetime(2026, 12, day), shape) == text  # noqa: DTZ001 - a wall clock


def test_words_take_a_day_without_an_hour() -> None:
    with translation.override("fr"):
        assert dates.words(date(2026, 5, 1), "l j F") == "vendredi 1er mai"


def test_words_say_a_moment_in_local_time() -> None:
    with translation.override("fr"):
        assert dates.words(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "j F, H:i") == "1er décembre, 00:30"


def test_the_filter_sets_a_day_and_nothing_for_none() -> None:
    template = Template("{{ one|day:'l j F' }}|{{ none|day:'j F' }}")

    with translation.override("fr"):
        shown = template.render(Context({"one": datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "none": None}))

    assert shown == "mardi 1er décembre|"
