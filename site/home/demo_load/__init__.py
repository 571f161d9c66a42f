"""Loads the demo shop from the files in `site/home/demo/`, all of it or nothing, told step by step."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django_ox.models import OxTask
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.demo_load import (
    appointments,
    club,
    erase,
    front,
    goods,
    house,
    journal,
    ledger,
    meetings,
    moves,
    orders,
    pictures,
    today,
)
from home.demo_load.book import Book
from home.models import HomePage

Say = Callable[[str], None]
BLANK_NAME = "Ma boutique"
BLANK_OWNER = ("owner@example.org", "Camille Martin")


def is_loaded() -> bool:
    """Whether this installation has pages of its own already."""
    return HomePage.objects.exists()


def blank(say: Say) -> str:
    """A shop with nothing in it, closed until it is filled in; returns the owner's e-mail."""
    with transaction.atomic(), _part(say, "Empty shop"):
        email, name = BLANK_OWNER
        house.lay(BLANK_NAME, house.person(email, name, password=house.PASSWORD, staff=True))
    return email


def load(say: Say) -> str:
    """The whole demo shop; returns the owner's e-mail."""
    with transaction.atomic(), disable_reference_index_auto_update():
        book = _house(say)
        _shop(say, book)
        _words(say, book)
        _past(say, book)
        _let_others_pass()
    return book.owner.email


def start_over(say: Say) -> str:
    """The demo shop as on its first day; returns the owner's e-mail."""
    with transaction.atomic():
        with _part(say, "Taking the old shop away"):
            erase.everything()
        return load(say)


def _house(say: Say) -> Book:
    with _part(say, "House, people, identity"):
        book = house.lay("Au Tiers-Point", house.owner())
        house.customers(book)
        house.identity(book)
    with _part(say, "Pictures"):
        pictures.hang(book, lambda done, whole: say(f"  {done}/{whole}") if done % 11 == 0 else None)
    return book


def _shop(say: Say, book: Book) -> None:
    with _part(say, "Products"):
        goods.categories(book)
        goods.shelve(book)
        goods.leave_words(book)
        appointments.offer(book)


def _words(say: Say, book: Book) -> None:
    with _part(say, "Articles and pages"):
        journal.headings(book)
        journal.write(book)
        front.plain_pages(book)
        front.fronts(book)
        front.menus(book)
        house.terms(book)
    with _part(say, "Where each thing is told"):
        for row in _all(book):
            ReferenceIndex.create_or_update_for_object(row)


def _past(say: Say, book: Book) -> None:
    """Stripe is asked inside the transaction: nobody else writes while a shop is loaded."""
    with _part(say, "Payments at the stand-in of Stripe"):
        pasts = list(ledger.read(book))
        ledger.pay(pasts, say)
    with _part(say, "Orders"):
        for past in pasts:
            order = orders.write(book, past)
            moves.settle(book, order, past)
            orders.read_note(book, order)
        moves.receive(book)
        goods.close(book)
        today.place(book, say)
    with _part(say, "Meetings"):
        meetings.receive(book)
        appointments.tell(book)
        appointments.receive(book)
    with _part(say, "Club"):
        club.found(book)


def _let_others_pass() -> None:
    """Drawing and the search's index may take a minute: a visitor's first order must not stand behind them."""
    OxTask.objects.filter(status=OxTask.Status.READY, run_after=None).update(priority=-50)


def _all(book: Book) -> Iterator[object]:
    for found in (book.pages, book.articles, book.product_pages, book.authors, book.photos):
        yield from found.values()


@contextmanager
def _part(say: Say, name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - began:.1f} s")
