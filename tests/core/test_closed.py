"""Links to what has closed are refused."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blog.models import ArticlePage
from core import closed
from tests.factories.pages import block

pytestmark = pytest.mark.django_db


def body(text: str) -> Any:
    """A stream of one paragraph."""
    return ArticlePage(body=[block("text", text)]).body


@pytest.mark.parametrize(
    "address",
    ["https://ec.europa.eu/consumers/odr/", "http://ec.europa.eu/consumers/odr", "https://webgate.ec.europa.eu/odr/main/", "EC.EUROPA.EU/consumers/ODR"],
)  # fmt: skip
def test_links_to_the_closed_platform_are_refused(address: str) -> None:
    html = f'<p>Voir <a href="{address}">la plateforme</a>.</p>'

    for written in (address, html, body(html)):
        with pytest.raises(ValidationError, match="2025"):
            closed.refuse(written)


@pytest.mark.parametrize(
    "text", ["", "https://consumer-redress.ec.europa.eu/", "https://ec.europa.eu/consumers/", "ec.europa.eu/odradek"]
)
def test_other_words_pass(text: str) -> None:
    closed.refuse(text)
    closed.refuse(body(f"<p>{text}</p>"))
    closed.refuse(None)
