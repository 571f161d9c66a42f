"""The slate with hours: half an hour at the bench, a quarter of an hour on the telephone, and who comes today."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from events import coaching, receiving
from events.models import DayException, Service, ServicePage
from home.demo_load import house
from home.demo_load.book import Book
from home.demo_load.goods import stream
from store import cart as carts
from store import checkout, fulfilment, selling
from store.exceptions import ShopClosed
from store.models import Cart, Offer

OPEN = [(day, time(10), time(12, 30)) for day in (1, 3)] + [(day, time(14), time(18)) for day in (1, 2, 4)]
WHAT: dict[str, dict[str, Any]] = {
    "conseil": {
        "price": 2500, "name": "Une demi-heure à l’établi", "name_en": "Half an hour at the bench", "minutes": 30,
        "description": "Apportez l’objet, même en deux morceaux : on le démonte ensemble, et vous tenez le tournevis.",
        "description_en": "Bring the thing, even in two pieces: we take it apart together, and you hold the screwdriver.",
        "place": "L’établi du fond, 9 rue de l’Étameur, Vierzon",
        "place_en": "The bench at the back, 9 rue de l’Étameur, Vierzon",
        "change_hours": 24,
    },
    "telephone": {
        "price": 0, "name": "Un quart d’heure au téléphone", "name_en": "A quarter of an hour on the telephone", "minutes": 15, "step": 15,
        "description": "Vous me racontez, je vous dis si cela vaut le déplacement.",
        "description_en": "You tell me, I tell you whether it is worth the trip.",
        "place": "Au téléphone : je vous appelle", "place_en": "By telephone: I call you",
    },
}  # fmt: skip
PAGES = {
    "conseil": {
        "fr": ("une-demi-heure-a-l-etabli", "La lampe, c’est moi qui la tiens.", "Une chose à la fois, posée entre nous deux. Trente minutes suffisent presque toujours à savoir, parfois à réparer. Sinon vous repartez avec le nom de la pièce, sa cote et l’ordre des gestes."),
        "en": ("half-an-hour-at-the-bench", "I hold the lamp.", "One thing at a time, put down between us. Thirty minutes are nearly always enough to know, sometimes to mend. If not, you leave with the name of the part, its size and the order of the moves."),
    },
    "telephone": {
        "fr": ("un-quart-d-heure-au-telephone", "Dites-moi depuis quand.", "Vous me racontez ce qui accroche, ce qui grince, ce qui coule. Je vous dis s’il faut venir, ou resserrer une vis et garder vos sous."),
        "en": ("a-quarter-of-an-hour-on-the-telephone", "Tell me since when.", "You tell me what sticks, what squeaks, what leaks. I tell you whether to come, or to tighten a screw and keep your money."),
    },
}  # fmt: skip
TODAY = [("Odile Garnier", "odile.garnier@example.org"), ("Karim Benali", "karim.benali@example.org")]


def offer(book: Book) -> None:
    """On Tuesdays, Wednesdays, Thursdays and Fridays."""
    calendar = receiving.calendar_of(book.shop)
    receiving.set_hours(calendar, OPEN, [])
    for name, row in WHAT.items():
        book.services[name] = receiving.make(calendar, **row)
    receiving.make_pack(book.services["conseil"], price=10000, hours=5, months=12)


def tell(book: Book) -> None:
    """Their pages under the agenda."""
    for name, words in PAGES.items():
        for code, (slug, hand, text) in words.items():
            service = book.services[name]
            page = ServicePage(
                service=service, title=service.title(code), slug=slug, summary=service.essence(code), hand_line=hand,
                locale=book.locales[code], body=stream([("text", f"<p>{text}</p>")]),
            )  # fmt: skip
            original = book.pages.get((f"service:{name}", "fr"))
            house.add(book.pages["agenda", code], page, days=9, original=original, owner=book.owner)
            book.pages[f"service:{name}", code] = page


def receive(book: Book) -> None:
    """Two people call today: taken by the shop's own verbs, on a day that is open until midnight for it."""
    service = book.services["telephone"]
    own, today = service.notice_hours, timezone.localdate()
    Service.objects.filter(pk=service.pk).update(notice_hours=0)
    with_hours = DayException.objects.create(
        calendar=service.calendar, date=today, is_open=True, starts=time(0), ends=time(23, 45)
    )
    _call(book, Service.objects.get(pk=service.pk), today)
    with_hours.delete()
    Service.objects.filter(pk=service.pk).update(notice_hours=own)


def _call(book: Book, service: Service, day: date) -> None:
    """From half an hour from now on, an hour apart, as far as the day goes."""
    now = timezone.now()
    free = coaching.free_slots(service, now + timedelta(minutes=30), now + timedelta(days=1), now)
    for slot, (name, email) in zip([row for row in free if timezone.localdate(row) == day][::4], TODAY, strict=False):
        cart = Cart.objects.create(shop=selling.fresh(book.shop.pk), is_direct=True)
        try:
            carts.add(cart, Offer.objects.get(pk=service.offer_id), 1, details={"slot": coaching.said(slot)})
            fulfilment.fulfil(checkout.start(cart, checkout.Buyer(email, name), shown_total=0).pk)
        except ShopClosed:
            return
