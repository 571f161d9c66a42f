"""By keyboard alone: two seats in an article, a club joined in an article, each with the focus where the eyes are."""

from typing import Any

from playwright.sync_api import expect

from events.models import Seat
from members.models import Membership
from tests import factories
from tests.factories.pages import block
from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import until
from tests.journeys.test_meetings import told


def write(reader: Reader, *names: str) -> None:
    """Tab to each field of the recap and type it."""
    for name in names:
        reader.tab_to(f"[name={name}]")
        reader.page.keyboard.type(PERSON[name])


def press(reader: Reader, selector: str, key: str = "Enter") -> None:
    reader.tab_to(selector)
    reader.page.keyboard.press(key)


def focused(step: Any) -> None:
    expect(step.locator("[data-counter-title]")).to_be_focused()


def test_two_free_seats_by_keyboard(reader: Reader) -> None:
    event, path = told(capacity=10, shows_guests=False)
    reader.open(path)
    reader.tab_to(".offer [name=quantity]")
    reader.page.keyboard.type("2")
    press(reader, "[data-buy]")
    focused(reader.step("recap"))
    write(reader, "email", "name")
    press(reader, "[data-order]")
    done = reader.done()
    focused(done)
    expect(done.locator(".seat .qr")).to_have_count(2)
    assert Seat.objects.filter(event=event, state="valid").count() == 2


def test_join_in_an_article_by_keyboard(reader: Reader) -> None:
    plan = factories.plan(factories.tier("touches", name="Touches"), price=4200, interval="year")
    body = [block("text", "<p>Rejoignez-nous.</p>"), block("club", {"tier": str(plan.tier_id)})]
    reader.open(factories.article(body=body).url)
    press(reader, "[data-buy]")
    recap = reader.step("recap")
    focused(recap)
    if recap.locator("[name=early]").count():
        press(reader, "[name=early]", "Space")
    press(reader, "[data-order]")
    focused(reader.step("pay"))
    reader.frame.locator("[autocomplete=email]").wait_for()
    reader.tab_to("iframe")
    keys = reader.page.keyboard
    for field, words in (
        ("[autocomplete=email]", PERSON["email"]), ("[name=individual_name]", PERSON["name"]),
        ("[autocomplete=cc-number]", "4242424242424242"), ("[autocomplete=cc-exp]", "1234"), ("[autocomplete=cc-csc]", "123"),
    ):  # fmt: skip
        reader.tab_inside(field)
        keys.type(words)
    keys.press("Enter")
    focused(reader.done())
    row = until(lambda: Membership.objects.filter(tier=plan.tier, email=PERSON["email"]).first(), "the membership")
    assert row.renews
