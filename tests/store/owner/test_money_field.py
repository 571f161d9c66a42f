"""What the owner types as a price, where no form names a currency."""

import pytest

from store.owner.order_forms import MoneyField
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("currency", "typed", "amount"), [("EUR", "12,50", 1250), ("JPY", "500", 500)])
def test_it_is_read_in_the_shops_currency(currency: str, typed: str, amount: int) -> None:
    shop = factories.open_shop()
    shop.currency = currency
    shop.save()

    assert MoneyField().clean(typed) == amount
