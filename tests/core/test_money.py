"""Money is an integer in minor units; only core.money turns it into words and back."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import money

AMOUNTS = st.integers(min_value=0, max_value=money.LARGEST)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "words"),
    [
        (4690, "EUR", "fr", "46,90\u00a0€"),
        (4690, "EUR", "en", "€46.90"),
        (0, "EUR", "fr", "0,00\u00a0€"),
        (123456, "EUR", "fr", "1\u00a0234,56\u00a0€"),
        (500, "JPY", "en", "¥500"),
    ],
)
def test_text(amount: int, currency: str, locale: str, words: str) -> None:
    assert money.text(amount, currency, locale) == words


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_exponent(currency: str, digits: int) -> None:
    assert money.exponent(currency) == digits


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("46,90", "EUR", 4690),
        (" 46.9 € ", "EUR", 4690),
        ("1 046,9", "EUR", 104690),
        ("1\u202f046,90\u00a0€", "EUR", 104690),
        ("46", "EUR", 4600),
        ("500", "JPY", 500),
        ("1,234", "KWD", 1234),
        (",5", "EUR", 50),
        ("46.", "EUR", 4600),
    ],
)
def test_parse(typed: str, currency: str, amount: int) -> None:
    assert money.parse(typed, currency) == amount


@pytest.mark.parametrize(
    "typed",
    ["", ".", "abc", "-1", "46,905", "1e9", "1e1", "1E999999", "1E-999999", "NaN", "sNaN", "Infinity", "1,2,3", "1_0",
     "9999999,99", "9" * 400, "46." + "0" * 400 + "1", "46.90" + "0" * 30 + "1", "\u0664\u0666", "²"],
)  # fmt: skip
def test_parse_refuses(typed: str) -> None:
    with pytest.raises(ValidationError):
        money.parse(typed, "EUR")


def test_parse_refuses_a_fraction_of_a_yen() -> None:
    with pytest.raises(ValidationError):
        money.parse("500,5", "JPY")


NUMBERS = st.decimals().map(str) | st.from_regex(
    r"-?[0-9]{0,400}[.,]?[0-9]{0,400}([eE][+-]?[0-9]{1,7})?", fullmatch=True
)


@given(st.text() | NUMBERS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_whatever_is_typed_is_an_amount_or_an_error_of_the_form(typed: str, currency: str) -> None:
    try:
        amount = money.parse(typed, currency)
    except ValidationError:
        return
    assert 0 <= amount <= money.LARGEST
    assert money.parse(str(money.to_decimal(amount, currency)), currency) == amount


@given(AMOUNTS, st.sampled_from(["EUR", "KWD"]))
def test_what_is_shown_in_french_can_be_typed_again(amount: int, currency: str) -> None:
    assert money.parse(money.text(amount, currency, "fr"), currency) == amount


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_decimal_has_the_digits_of_its_currency(amount: int, currency: str) -> None:
    value = money.to_decimal(amount, currency)

    assert value * 10 ** money.exponent(currency) == amount
    assert -int(value.as_tuple().exponent) == money.exponent(currency)


@given(AMOUNTS, st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12))
def test_shares_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    parts = money.share(amount, weights)

    assert sum(parts) == (amount if sum(weights) else 0)
    assert all(
        abs(part - Decimal(amount) * weight / sum(weights)) < 1
        for part, weight in zip(parts, weights, strict=True)
        if sum(weights)
    )


@given(AMOUNTS, st.sampled_from([0, 210, 550, 1000, 2000]))
def test_included_tax_is_rounded_half_up(amount: int, rate: int) -> None:
    exact = Decimal(amount) * rate / (10_000 + rate)

    assert money.included_tax(amount, rate) == int(exact + Decimal("0.5"))
