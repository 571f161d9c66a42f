"""The owner's spreadsheets: they open in the program of her language, and nothing in them is a formula."""

import codecs
import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from members.models import User
from store.models import Order
from store.owner.exports import SafeExport, harmless
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/cms/shop/orders/"
AT = datetime(2026, 11, 27, 6, 29, 41, 123456, tzinfo=UTC)


def speak(code: str) -> None:
    """The owner's desk in that language, and in a time zone far from the shop's."""
    owner = User.objects.get(is_superuser=True)
    UserProfile.objects.update_or_create(
        user=owner, defaults={"preferred_language": code, "current_time_zone": "Asia/Tokyo"}
    )


def exported(client: Client, url: str, kind: str = "csv") -> Any:
    """The answer and its bytes."""
    response = client.get(f"{url}?export={kind}")
    return response, b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "delimiter", "total", "heading"), [("fr", ";", "45,00", "Payée"), ("en", ",", "45.00", "Paid")]
)
def test_csv_opens_in_the_program_of_the_owner_s_language(
    desk_client: Client, sale: Order, code: str, delimiter: str, total: str, heading: str
) -> None:
    speak(code)
    Order.objects.filter(pk=sale.pk).update(placed_at=AT, name='=HYPERLINK("http://evil")', note="+1", refunded=0)

    response, content = exported(desk_client, URL)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert content.startswith(codecs.BOM_UTF8)
    assert content.count(codecs.BOM_UTF8) == 1
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (len(rows), len(row)) == (2, 22)
    assert rows[0][2] == heading
    assert rows[1][:2] == [sale.number, "2026-11-27 07:29"]
    assert rows[1][5] == '\'=HYPERLINK("http://evil")'
    assert rows[1][16:18] == [total, "0,00" if code == "fr" else "0.00"]
    assert rows[1][-1] == "'+1"


@pytest.mark.parametrize(("is_french", "words"), [(True, "-5,00"), (False, "-5.00")])
def test_a_negative_amount_is_a_number_and_no_formula(is_french: bool, words: str) -> None:
    view = SafeExport()
    view.is_french = is_french

    assert view.preprocess_field_value("net", Decimal("-5.00"), "csv") == words


def test_xlsx_has_every_order_without_formulas(desk_client: Client, sale: Order) -> None:
    speak("en")
    Order.objects.filter(pk=sale.pk).update(name="=1+1", placed_at=AT)

    _response, content = exported(desk_client, URL, "xlsx")

    cells = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    there = timezone.localtime(AT).replace(tzinfo=None, second=0, microsecond=0)
    assert [(row[0], row[1], row[5], float(row[16])) for row in cells] == [(sale.number, there, "'=1+1", 45.0)]


@pytest.mark.parametrize(("code", "head"), [("fr", "Nom;En réserve"), ("en", "Name,On hand")])
@pytest.mark.parametrize("url", ["/cms/shop/stock/", "/cms/shop/sales/", URL])
def test_every_export_is_marked_as_utf_8_and_speaks_the_owner_s_language(
    desk_client: Client, sale: Order, url: str, code: str, head: str
) -> None:
    speak(code)
    response, content = exported(desk_client, url)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert content.startswith(codecs.BOM_UTF8)
    if url.endswith("stock/"):
        assert content.decode("utf-8-sig").startswith(head)


def test_wagtail_s_list_of_people_exports_nobody(desk_client: Client) -> None:
    factories.person(email="=1+1@example.org", first_name="=1+1")

    _response, content = exported(desk_client, "/cms/users/")

    assert content.strip() == b""


@pytest.mark.parametrize("name", ["=1+1", "+33 1", "-2", "@SUM(A1)", "\tx", "\rx", " =cmd", "\u00a0=cmd"])
def test_harmless_disarms_formulas(name: str) -> None:
    assert harmless(name) == f"'{name}"


def test_harmless_leaves_numbers_and_plain_words() -> None:
    assert [harmless(value) for value in ("Léa", 12, None, "a=b")] == ["Léa", 12, None, "a=b"]
