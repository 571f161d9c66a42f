"""Hours of somebody's time: booked and paid in an article, moved, cancelled with the money back; by hand and by keyboard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import override
from playwright.sync_api import Locator, expect

from events import coaching
from events.models import Booking, CalendarCell, Credit, Service
from store.models import MailSent, Order, Refund
from tests import factories
from tests.factories.pages import block
from tests.journeys.reader import PERSON, Reader
from tests.journeys.shop import until
from tests.journeys.test_meetings import at

PRICE = 9000
MOST_TAPS, MOST_FIELDS = 6, 5
"""Choose a time, its week, the time, go on, order, pay; mail, name and the three fields of a card, all in Stripe's form."""


def told(**fields: object) -> tuple[Service, str]:
    """An hour that costs, and the address of an article that speaks of it."""
    service = factories.service(price=PRICE, **{"step": 60, **fields})  # type: ignore[arg-type]
    words = [block("text", "<p>Travaillons ensemble.</p>"), block("service", {"service": str(service.pk)})]
    return service, factories.article(body=words).url


def booked(service: Service) -> Booking:
    """The appointment that the worker made, with its mail gone out."""
    found: Booking = until(lambda: Booking.objects.filter(service=service).first(), "the appointment")
    until(lambda: MailSent.objects.filter(order=found.line.order, key="receipt").exists(), "its mail")
    return found


def pick(reader: Reader, place: Locator, moment: datetime) -> None:
    """Unfold its week, then tap the hour."""
    week = place.locator(f"details:has([value='{coaching.said(moment)}'])")
    if week.get_attribute("open") is None:
        reader.tap(week.locator("summary"))
    reader.tap(week.locator(f"label:has([value='{coaching.said(moment)}'])"))


@pytest.mark.main
def test_an_hour_booked_paid_moved_and_cancelled(reader: Reader) -> None:
    service, path = told()
    first, second = factories.slot(), factories.slot(hour=15)
    reader.open(path)
    reader.tap(reader.page.locator("[data-buy]").first)
    choice = reader.step("choose")
    pick(reader, choice, first)
    reader.tap(choice.locator("[data-buy]"))
    assert reader.third_parties() == []
    recap = reader.step("recap")
    expect(recap).to_contain_text("90,00")
    reader.order()
    for name in ("email", "individual_name"):
        reader.type(reader.frame.locator(f"[name={name}]"), PERSON[name.rpartition("_")[2]])
    reader.card()
    reader.pay()
    expect(reader.done()).to_contain_text("Mon rendez-vous")
    assert (reader.taps, reader.typed) == (MOST_TAPS, MOST_FIELDS)

    booking = booked(service)
    assert (booking.starts_at, booking.email) == (first, PERSON["email"])
    order = booking.line.order
    reader.open(at("events:booking", booking.token))
    reader.tap(reader.page.get_by_role("link", name="Choisir un autre horaire"))
    pick(reader, reader.page.locator("main"), second)
    reader.tap(reader.page.locator("main form button"))
    expect(reader.page.locator("main time").first).to_have_attribute("datetime", timezone.localtime(second).isoformat())
    booking.refresh_from_db()
    assert (booking.starts_at, booking.sequence) == (second, 1)
    assert not CalendarCell.objects.filter(starts_at=first, calendar=service.calendar_id).exists()

    reader.tap(reader.page.get_by_role("link", name="Annuler mon rendez-vous"))
    reader.tap(reader.page.locator("main form button"))
    expect(reader.page.locator("main")).to_contain_text("annulé")
    assert (reader.taps, reader.typed) == (MOST_TAPS + 6, MOST_FIELDS)
    until(lambda: Order.objects.get(pk=order.pk).state == Order.State.REFUNDED, "the money back")
    assert Refund.objects.get(order=order).amount == PRICE
    assert not CalendarCell.objects.filter(calendar=service.calendar_id).exists()
    keys = ("booking:%s:booked:1", "booking:%s:cancelled:2")
    for key in keys:
        until(lambda key=key: MailSent.objects.filter(order=order, key=key % booking.pk).exists(), key)


def test_an_hour_by_keyboard_alone(reader: Reader) -> None:
    """The arrows choose among the times, as in every set of radio buttons."""
    service, path = told()
    keys = reader.page.keyboard
    reader.open(path)
    reader.tab_to("[data-buy]")
    keys.press("Enter")
    choice = reader.step("choose")
    expect(choice.locator("[data-counter-title]")).to_be_focused()
    reader.tab_to("[name=slot]")
    keys.press("Space")
    keys.press("ArrowDown")
    chosen = choice.locator("[name=slot]:checked")
    expect(chosen).to_be_focused()
    slot = chosen.input_value()
    reader.tab_to("[data-step=choose] [data-buy]")
    keys.press("Enter")
    reader.step("recap")
    early = reader.counter.locator("[name=early]")
    if early.count():  # the first free times lie within the fourteen days of withdrawal
        reader.tab_to("[name=early]")
        keys.press("Space")
    reader.tab_to("[data-order]")
    keys.press("Enter")
    reader.step("pay")
    reader.frame.locator("[autocomplete=cc-number]").wait_for()
    reader.tab_to("iframe")
    for field, text in {"email": PERSON["email"], "individual_name": PERSON["name"]}.items():
        reader.tab_inside(f"[name={field}]")
        keys.type(text)
    reader.tab_inside("[autocomplete=cc-number]")
    keys.type("4242424242424242")
    keys.press("Tab")
    keys.type("1234")
    keys.press("Tab")
    keys.type("123")
    keys.press("Enter")
    expect(reader.done().locator("[data-counter-title]")).to_be_focused()
    booking = booked(service)
    assert coaching.said(booking.starts_at) == slot
    reader.open(at("events:booking-cancel", booking.token))
    reader.tab_to("main form button")
    keys.press("Enter")
    expect(reader.page.locator("main")).to_contain_text("annulé")
    until(lambda: Order.objects.get(pk=booking.line.order_id).state == Order.State.REFUNDED, "the money back")


PARIS, MONTREAL = ZoneInfo("Europe/Paris"), ZoneInfo("America/Montreal")


def hours_apart(moment: datetime) -> float:
    """Between the clock of the place and the reader's."""
    gaps = [moment.astimezone(zone).utcoffset() or timedelta() for zone in (PARIS, MONTREAL)]
    return (gaps[0] - gaps[1]) / timedelta(hours=1)


def test_a_reader_elsewhere_is_told_their_own_hour(visitor: Callable[..., Reader]) -> None:
    """Six hours in most weeks, five while only one of the two has changed its clocks."""
    service, path = told(step=720, horizon_days=400)
    reader = visitor(timezone_id="America/Montreal")
    reader.open(path)
    reader.page.locator("[data-buy]").first.click()
    choice = reader.step("choose")
    free = coaching.free_slots(service, timezone.now(), timezone.now() + timedelta(days=400))
    assert {hours_apart(slot) for slot in free} == {5, 6}
    for gap in (5, 6):
        slot = next(slot for slot in free if hours_apart(slot) == gap)
        cell = choice.locator(f"label:has([value='{coaching.said(slot)}']) time")
        there, here = slot.astimezone(PARIS), slot.astimezone(MONTREAL)
        assert cell.get_attribute("datetime") == there.isoformat()
        expect(cell).to_contain_text(f"{there:%H:%M}")
        expect(cell.locator(".here")).to_have_text(f"{here:%H:%M} chez vous")
    pick(reader, choice, free[0])
    choice.locator("[data-buy]").click()
    expect(reader.step("recap").locator(".here")).to_have_text(f"{free[0].astimezone(MONTREAL):%H:%M} chez vous")


def test_the_page_says_the_same_to_everybody(visitor: Callable[..., Reader]) -> None:
    """On the clock of the place, which is named: for those who stand in it, and where no script runs."""
    booking = factories.booking(factories.service())
    for options in ({"timezone_id": "Europe/Paris"}, {"timezone_id": "Asia/Tokyo", "java_script_enabled": False}):
        reader = visitor(**options)
        reader.open(at("events:booking", booking.token))
        expect(reader.page.locator("main time").first).to_contain_text("heure de Paris")
        expect(reader.page.locator(".here")).to_have_count(0)
    away = visitor(timezone_id="Asia/Tokyo")
    away.open(at("events:booking", booking.token))
    tokyo = booking.starts_at.astimezone(ZoneInfo("Asia/Tokyo"))
    expect(away.page.locator(".here").first).to_have_text(f"{tokyo:%H:%M} chez vous")
    with override("en"):
        away.open(reverse("events:booking", args=[booking.token]))
        expect(away.page.locator(".here").first).to_have_text(f"{dateformat.format(tokyo, 'P')} where you are")


def test_five_hours_at_once_then_one_for_nothing(reader: Reader) -> None:
    service, path = told()
    pack = factories.pack(service)
    person = factories.person(first_name="Claire", last_name="Morin")
    reader.sign_in(person.email)
    reader.open(path)
    reader.tap(reader.page.locator(f"[name=offer][value='{pack.offer_id}']"))
    reader.tap(reader.page.locator("[data-buy]").first)
    reader.step("recap").locator("[name=early]").check()
    reader.order()
    for field in reader.frame.locator("[name=individual_name]").all():
        reader.type(field, PERSON["name"])
    reader.card()
    reader.pay()
    expect(reader.done()).to_contain_text("5 rendez-vous à prendre sur 5")
    credit: Credit = until(lambda: Credit.objects.filter(user=person).first(), "the hours")

    reader.taps = reader.typed = 0
    reader.open(path)
    reader.tap(reader.page.locator("[data-buy]").first)
    choice = reader.step("choose")
    pick(reader, choice, factories.slot())
    reader.tap(choice.locator("[data-buy]"))
    recap = reader.step("recap")
    expect(recap).to_contain_text("1 de vos 5 rendez-vous")
    reader.tap(recap.locator("[data-order]"))
    reader.done()
    assert (reader.taps, reader.typed) == (5, 0)
    booking = booked(service)
    credit.refresh_from_db()
    assert (booking.line.amount, credit.left) == (0, 4)
    reader.open(at("account"))
    expect(reader.page.locator("main")).to_contain_text("4 rendez-vous à prendre sur 5")
