"""Six meetings, two over and four to come, one of them full with people who wait; their pages in both languages."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from events import hosting, waiting
from events.models import AgendaLine, Event, EventIndexPage, EventPage, Seat, Ticket
from home.demo_load import house, journal
from home.demo_load.book import Book
from home.demo_load.goods import stream
from home.demo_load.texts import LOCALES
from store import cart as carts
from store import checkout, fulfilment, selling
from store.exceptions import ShopClosed
from store.models import Cart, Offer

PARIS = ZoneInfo("Europe/Paris")
AGENDA = {"fr": ("Agenda", "agenda", "On se voit, en vrai."), "en": ("Events", "events", "We meet, for real.")}
PLACE = {
    "venue_name": "L’atelier", "venue_address": "9 rue de l’Étameur", "venue_postcode": "18100", "venue_city": "Vierzon",
    "door_code": "42B7", "host_phone": "06 39 98 47 18",
}  # fmt: skip
BRING = {
    "fr": "Une poêle à remettre en état, si vous en avez une.",
    "en": "A pan to bring back to life, if you have one.",
}
ACCESS = {
    "fr": "Gare de Vierzon, puis dix minutes à pied. La porte verte, sous l’enseigne de la lime.",
    "en": "Vierzon station, then ten minutes on foot. The green door, under the sign of the file.",
}
EASY = {
    "fr": "Une marche de 4 cm à l’entrée, toilettes de plain-pied, chaises à dossier.",
    "en": "A step of 4 cm at the door, toilets on the level, chairs with backs.",
}
WHAT = [
    ("On ouvre, on boit quelque chose.", "Doors open, something to drink."),
    ("On regarde, on essaie.", "We look, we try."),
    ("On range ensemble.", "We tidy up together."),
]
# days from now, hour, hours long, kind, places, price, guests, who wait, code, {locale: (title, in one sentence)}
ROWS: list[tuple[int, int, int, str, int, int, int, int, str, dict[str, tuple[str, str]]]] = [
    (-40, 19, 2, "meetup", 12, 0, 6, 0, "soiree-huile", {"fr": ("Soirée huile et chiffon", "Huiler ensemble ce qui rouille."), "en": ("Oil and rag evening", "Oiling together what rusts.")}),
    (-12, 12, 2, "lunch", 8, 2400, 0, 0, "dejeuner-novembre", {"fr": ("Déjeuner des clients", "On cuisine avec ce qu’on vend."), "en": ("Customers’ lunch", "We cook with what we sell.")}),
    (5, 19, 2, "meetup", 20, 0, 5, 0, "culotter-ensemble", {"fr": ("Culotter sa poêle ensemble", "Venez avec la vôtre, repartez avec une poêle noire."), "en": ("Season your pan together", "Come with yours, leave with a black one.")}),
    (12, 10, 7, "coworking", 4, 0, 4, 3, "journee-atelier", {"fr": ("Une journée à l’atelier", "Quatre tables, du café, du silence jusqu’à midi."), "en": ("A day at the workshop", "Four tables, coffee, silence until noon.")}),
    (20, 14, 3, "training", 10, 3500, 0, 0, "affuter", {"fr": ("Affûter sans machine", "Trois heures, trois pierres, votre couteau."), "en": ("Sharpening without a machine", "Three hours, three stones, your knife.")}),
    (33, 18, 1, "online", 0, 0, 3, 0, "questions-en-ligne", {"fr": ("Vos questions, en ligne", "Une heure, vos poêles à l’écran."), "en": ("Your questions, online", "One hour, your pans on screen.")}),
]  # fmt: skip
TOLD = {
    "soiree-huile": {
        "fr": "<p>On a sorti trente-deux outils de leurs tiroirs. Un chiffon, trois gouttes, et la rouille blonde part en une minute ; la noire reste, elle protège.</p>",
        "en": "<p>Thirty-two tools came out of their drawers. A rag, three drops, and the fair rust is gone in a minute; the black one stays, it protects.</p>",
    },
    "dejeuner-novembre": {
        "fr": "<p>Une poêle pour douze, des œufs, des oignons, et les avis de ceux qui s’en servent depuis deux ans. J’ai noté tout ce qui n’allait pas.</p>",
        "en": "<p>One pan for twelve, eggs, onions, and the opinions of those who have used theirs for two years. I wrote down all that was wrong.</p>",
    },
    "culotter-ensemble": {
        "fr": "<p>Une première couche d’huile, si fine qu’on la croit essuyée, puis le feu. On la refait six fois, en parlant d’autre chose. Une poêle neuve peut venir, une poêle rouillée aussi : on commence par la décaper.</p><p>J’ai trois brûleurs et de quoi s’asseoir. Rien à payer, rien à acheter.</p>",
        "en": "<p>A first coat of oil, so thin that you think it was wiped off, then the flame. We do it six times over, talking of other things. Bring a new pan, or a rusty one: we begin by stripping it.</p><p>I have three burners and somewhere to sit. Nothing to pay, nothing to buy.</p>",
    },
    "journee-atelier": {
        "fr": "<p>Vous apportez votre travail, je fais le mien. Personne ne parle avant midi, puis on mange ensemble à l’établi du fond. Quatre tables seulement : c’est ce qui rend le silence possible.</p>",
        "en": "<p>You bring your work, I do mine. Nobody speaks before noon, then we eat together at the bench in the back. Four tables only: that is what makes silence possible.</p>",
    },
    "affuter": {
        "fr": "<p>Dégrossir, affûter, démorfiler : trois pierres, trois gestes, dans cet ordre. Venez avec le couteau qui ne coupe plus, vous repartirez avec celui qui coupe une tomate sans appuyer, et de quoi recommencer chez vous.</p><p>Les pierres sont prêtées. Dix personnes au plus : je passe derrière chacun.</p>",
        "en": "<p>Shape, sharpen, take off the burr: three stones, three gestures, in that order. Come with the knife that no longer cuts, leave with one that goes through a tomato by its own weight, and able to do it again at home.</p><p>The stones are lent. Ten people at most: I stand behind each of you.</p>",
    },
    "questions-en-ligne": {
        "fr": "<p>Montrez votre poêle à la caméra, je vous dis ce que j’en vois. Une heure, dans l’ordre des mains levées ; les réponses utiles finiront dans le journal, sans votre nom.</p>",
        "en": "<p>Show your pan to the camera and I tell you what I see. One hour, in the order of raised hands; the useful answers end up in the journal, without your name.</p>",
    },
}  # fmt: skip
COME = {
    "fr": "<p>Et si vous préférez le faire à plusieurs, venez avec la vôtre : on s’y met ensemble, un soir, à l’atelier.</p>",
    "en": "<p>And if you would rather not do it alone, bring yours: we do it together, one evening, at the workshop.</p>",
}
NAMES = (
    "Nour Haddad",
    "Paul Girard",
    "Inès Moreau",
    "Marc Leroy",
    "Lucie Petit",
    "Omar Diallo",
    "Zoé Blanc",
    "Hugo Roux",
)


def receive(book: Book) -> None:
    """The agenda, its events, their guests and who waits."""
    for code in LOCALES:
        title, slug, words = AGENDA[code]
        page = EventIndexPage(title=title, slug=slug, words=words, locale=book.locales[code])
        house.add(
            book.pages["home", code], page, days=house.AGE, original=book.pages.get(("agenda", "fr")), owner=book.owner
        )
        book.pages["agenda", code] = page
        house.in_menu(book, page, code, place=1)
    for row in ROWS:
        _event(book, row)
    for code, words in COME.items():
        rows = [("text", words), ("event", {"event": book.pages["event:culotter-ensemble", code].pk, "note": ""})]
        journal.go_on(book.articles["culotter-une-poele", code], rows, days=4)


def _event(book: Book, row: Any) -> None:
    days, hour, long, kind, places, price, guests, waits, slug, words = row
    day = (timezone.now() + timedelta(days=days)).astimezone(PARIS).date()
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)
    where = {"online_url": "https://meet.example.org/atelier"} if kind == "online" else PLACE
    event = hosting.make(
        book.shop, capacity=places, name=words["fr"][0], kind=kind, starts_at=begins, ends_at=begins + timedelta(hours=long),
        host_name="Hélène Marchenoir", shows_guests=kind == "meetup", legal_type="service" if kind == "training" else "dated", **where,
    )  # fmt: skip
    ticket = hosting.add_ticket(event, price=price, name="Une place", name_en="A seat")
    for code in LOCALES:
        _page(book, event, code, slug, words[code])
    _guests(book, event, ticket, guests)
    for number in range(waits):
        name = NAMES[-1 - number]
        waiting.join(event, ticket, size=1 + number % 2, name=name, email=f"attend{number}@example.org", locale="fr")


def _page(book: Book, event: Event, code: str, slug: str, words: tuple[str, str]) -> None:
    page = EventPage(
        event=event, title=words[0], slug=slug, summary=words[1], locale=book.locales[code],
        body=stream([("text", TOLD[slug][code])]),
    )  # fmt: skip
    if not event.is_online:
        page.access, page.accessibility = ACCESS[code], EASY[code]
    if slug == "culotter-ensemble":
        page.bring = BRING[code]
    moments = (event.local_start - timedelta(minutes=30), event.local_start, event.local_end)
    page.agenda = [
        AgendaLine(sort_order=at, when=f"{moments[at]:%H:%M}", words={"fr": french, "en": english}[code])
        for at, (french, english) in enumerate(WHAT)
    ]
    original = book.pages.get((f"event:{slug}", "fr"))
    house.add(book.pages["agenda", code], page, days=5, original=original, owner=book.owner)
    book.pages[f"event:{slug}", code] = page


def _guests(book: Book, event: Event, ticket: Ticket, count: int) -> None:
    """Free seats, taken by the shop's own verbs while the event was still to come."""
    begins = event.starts_at
    is_over = begins < timezone.now()
    if is_over:
        _place_in_time(event, timedelta(days=400))
    for number in range(count):
        cart = Cart.objects.create(shop=selling.fresh(book.shop.pk), is_direct=True)
        try:
            carts.add(cart, Offer.objects.get(pk=ticket.offer_id), 1)
            who = checkout.Buyer(
                f"invite{number}@example.org",
                NAMES[number],
                details={f"line-{ticket.offer_id}": {"shown": event.shows_guests}},
            )
            fulfilment.fulfil(checkout.start(cart, who, shown_total=0).pk)
        except ShopClosed:
            return
    if is_over:
        _place_in_time(event, timedelta(days=-400))
        Seat.objects.filter(event=event).update(made_at=begins - timedelta(days=9))


def _place_in_time(event: Event, by: timedelta) -> None:
    """Selling ends when it begins: the past is set back once its seats are taken."""
    event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
    event.save(update_fields=["starts_at", "ends_at"])
    Offer.objects.filter(ticket__event=event).update(sale_until=event.starts_at)
