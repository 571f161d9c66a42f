"""Form encoding at its edges: lists, hashes, names of digits, numbers out of range, broken text."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import KEY, Sandbox

FORM = "application/x-www-form-urlencoded"


def post(sandbox: Sandbox, text: str, path: str = "/v1/customers") -> requests.Response:
    return sandbox.raw("POST", path, text, Content_Type=FORM)


def test_a_hash_may_have_numbers_for_names(sandbox: Sandbox) -> None:
    made = post(sandbox, "metadata[5]=a&metadata[10]=b").json()

    assert made["metadata"] == {"5": "a", "10": "b"}


@pytest.mark.parametrize(
    "text",
    [
        "preferred_locales[]=fr&preferred_locales[]=en",
        "preferred_locales[1]=en&preferred_locales[0]=fr",
        "preferred_locales%5B0%5D=fr&preferred_locales%5B1%5D=en",
    ],
)
def test_lists_keep_their_order(sandbox: Sandbox, text: str) -> None:
    assert post(sandbox, text).json()["preferred_locales"] == ["fr", "en"]


def test_entries_without_an_index_go_on_until_a_name_comes_again(sandbox: Sandbox) -> None:
    line = (
        "line_items[][price_data][currency]=eur&line_items[][price_data][unit_amount]=500"
        "&line_items[][price_data][product_data][name]=x&line_items[][quantity]={}"
    )
    text = f"mode=payment&success_url=https://example.com&{line.format(1)}&{line.format(2)}"

    assert post(sandbox, text, "/v1/checkout/sessions").json()["amount_total"] == 1500


def test_text_is_unicode(sandbox: Sandbox) -> None:
    assert post(sandbox, "name=%C3%A9%F0%9F%8E%81").json()["name"] == "é🎁"


def test_a_body_without_a_type_is_a_form(sandbox: Sandbox) -> None:
    assert sandbox.raw("POST", "/v1/customers", "name=Ida").json()["name"] == "Ida"


@pytest.mark.parametrize(
    ("text", "param"),
    [
        ("name=%ED%A0%80", None),
        ("a" + "[b]" * 2000 + "=1", "a"),
        ("address[city]=a&address=b", "address"),
        ("address=b", "address"),
        ("address[colour]=b", "address[colour]"),
        ("name[first]=b", "name"),
        ("preferred_locales=fr", "preferred_locales"),
        ("preferred_locales[x]=fr", "preferred_locales"),
    ],
)
def test_broken_forms_are_refused(sandbox: Sandbox, text: str, param: str | None) -> None:
    answer = post(sandbox, text)

    assert (answer.status_code, answer.json()["error"].get("param")) == (400, param)


@pytest.mark.parametrize(("body", "status"), [(b"\xff\xfe=1", 400), (b"x" * 3_000_000, 413)])
def test_broken_bodies_are_refused(sandbox: Sandbox, body: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": FORM}

    answer = requests.post(f"{sandbox.base}/v1/customers", body, headers=headers, timeout=20)

    assert (answer.status_code, answer.json()["error"]["type"]) == (status, "invalid_request_error")


@pytest.mark.parametrize("amount", ["9" * 20, "9" * 6000, "1.5", "1e3", "+1", " 1", "", "0", "-5"])
def test_integers_have_a_range(sandbox: Sandbox, amount: str) -> None:
    answer = sandbox.raw("POST", "/v1/payment_intents", {"amount": amount, "currency": "eur"})

    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "amount")
    assert error["code"] in ("parameter_invalid_integer", "parameter_invalid_empty")


@pytest.mark.parametrize("percentage", ["9" * 400, "1e400", "nan", "x"])
def test_decimals_have_a_range(sandbox: Sandbox, percentage: str) -> None:
    form = {"display_name": "TVA", "inclusive": "true", "percentage": percentage}

    answer = sandbox.raw("POST", "/v1/tax_rates", form)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "percentage")


@pytest.mark.parametrize("decimal", ["9" * 5000, "1.1234567890123"])
def test_decimal_amounts_have_twelve_places(sandbox: Sandbox, decimal: str) -> None:
    form = {"product_data[name]": "x", "currency": "eur", "unit_amount_decimal": decimal}

    assert sandbox.raw("POST", "/v1/prices", form).status_code == 400


@pytest.mark.parametrize("currency", ["zzz", "euro", ""])
def test_unknown_currencies_are_refused(sandbox: Sandbox, currency: str) -> None:
    answer = sandbox.raw("POST", "/v1/payment_intents", {"amount": "1000", "currency": currency})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "currency")


def test_currencies_are_written_small(client: Any) -> None:
    assert client.v1.payment_intents.create({"amount": 1000, "currency": "EUR"}).currency == "eur"


def test_moments_have_a_range(sandbox: Sandbox) -> None:
    assert sandbox.raw("GET", f"/v1/charges?created[gt]={'9' * 25}").status_code == 400
    assert sandbox.raw("GET", f"/v1/charges?created[gt]={2**63 - 1}").json()["data"] == []
