"""What the receipt of a seat says: when and where, and no right that only goods have."""

import pytest
from django.core import mail as outgoing

from events.forms import WaitForm
from store import fulfilment, mail
from tests import factories
from tests.events.test_waiting import full
from tests.store import letters

pytestmark = pytest.mark.django_db
PLACE = {"venue_name": "La Cave", "venue_address": "3 rue Sainte-Marthe", "venue_city": "Paris"}


def told(price: int) -> str:
    """The text and the HTML of the receipt of one seat."""
    offer = factories.ticket(factories.event(**PLACE), price=price).offer
    order = factories.order(factories.basket(offer), locale="en")
    if price:
        letters.settle(order)
    fulfilment.fulfil(order.pk)
    outgoing.outbox.clear()
    mail.to_buyer(order.pk, "receipt")
    (message,) = outgoing.outbox
    return letters.flat(f"{message.body} {letters.html(message)}")


@pytest.mark.parametrize("price", [0, 3500])
def test_the_receipt_of_a_seat_says_where_and_promises_no_guarantee_of_goods(price: int) -> None:
    text = told(price)
    assert text.count("La Cave, 3 rue Sainte-Marthe, Paris") >= len(("text", "html"))
    assert "L217-3" not in text
    assert ("You change your mind" in text) == bool(price)


def test_nobody_waits_for_more_places_than_there_are() -> None:
    form = WaitForm(event=full(2))
    assert [value for value, _words in form.fields["size"].choices] == [1, 2]
