"""One service with its hours: half an hour over a pan, at the workshop."""

from datetime import time

from events import receiving
from events.models import Calendar
from home.demo_load.book import Book

OPEN = [(day, time(10), time(12, 30)) for day in (1, 3)] + [(day, time(14), time(18)) for day in (1, 2, 4)]


def offer(book: Book) -> None:
    """On Tuesdays, Wednesdays, Thursdays and Fridays."""
    calendar = Calendar.objects.create(shop=book.shop, name="Camille", zone_name="Europe/Paris")
    receiving.set_hours(calendar, OPEN, [])
    receiving.make(
        calendar, price=2500, name="Une demi-heure de conseil", name_en="Half an hour of advice", minutes=30,
        description="Apportez votre poêle ou votre couteau : on regarde ensemble ce qu’il lui faut.",
        description_en="Bring your pan or your knife: we look together at what it needs.",
        place="L’atelier, 9 rue de l’Étameur, Vierzon",
    )  # fmt: skip
