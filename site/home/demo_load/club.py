"""A club with two tiers, its page, sixty people who belong, prices of theirs and an article that goes on for them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_ox.models import OxTask

from home.demo_load import circle, house, journal, today
from home.demo_load.book import Book
from home.demo_load.texts import LOCALES
from members import joining, plans
from members.models import MEMBER, ClubPage, Grant, Membership, Plan, Tier, User
from store import cart as carts
from store import checkout, fulfilment, orders, pricing, selling
from store.exceptions import ShopClosed, StripeRefused, StripeUnavailable
from store.models import Cart

MEMBERS = 60
PATRONS = 9
RENEWING = {0: "month", 20: "year", 40: "month"}
"""Who pays again and again, and how often."""
TIERS: list[dict[str, Any]] = [
    {
        "slug": "ami", "name": "Ami de l’atelier", "name_en": "Friend of the workshop", "colour": "blue",
        "promise": "Les prix du club, les carnets en entier, une place gardée aux soirées.",
        "promise_en": "The club’s prices, the notebooks in full, a seat kept at our evenings.",
    },
    {
        "slug": "compagnon", "name": "Compagnon", "name_en": "Companion", "colour": "green",
        "promise": "Tout cela, et un outil remis en état chaque année.",
        "promise_en": "All that, and one tool brought back to life each year.",
    },
]  # fmt: skip
TERMS = {"ami": [("month", 450), ("year", 4500), ("12", 4800)], "compagnon": [("year", 12000), ("0", 60000)]}
PAGE = {
    "fr": (
        "Le club",
        "club",
        "<p>Le club paie le temps des essais : ce que j’use, ce que je casse, ce que je raconte ensuite.</p>",
    ),
    "en": (
        "The club",
        "club",
        "<p>The club pays for the time of trying: what I wear out, what I break, what I tell afterwards.</p>",
    ),
}
KEPT = "une-meche-bien-taillee"
REST = (
    "<p>Pour le club, mon carnet de l’hiver : la mèche se taille à froid, d’un seul coup de ciseaux, les deux coins "
    "arrondis d’un millimètre. Je note la date sur le réservoir au crayon gras ; une mèche de coton m’a fait trois hivers.</p>"
)
FIRST = ("Nour", "Paul", "Inès", "Marc", "Lucie", "Omar", "Zoé", "Hugo", "Maëlle", "Yanis", "Odile", "Karim")
LAST = ("Haddad", "Girard", "Moreau", "Leroy", "Diallo")


def found(book: Book) -> None:
    """The tiers with what they cost, who belongs, and where it is told."""
    tiers = [Tier.objects.create(shop=book.shop, position=at, **row) for at, row in enumerate(TIERS)]
    for tier in tiers:
        for term, price in TERMS[tier.slug]:
            plans.put_on_sale(tier, term, price, by=book.owner)
    _prices(book)
    _members(tiers)
    _pages(book)
    _article(book, tiers[0])


def _prices(book: Book) -> None:
    """One unit in ten off, for the first variant of each third product."""
    for product in list(book.products.values())[::3]:
        offer = product.goods.order_by("position")[0].offer
        quote = pricing.quote(offer)
        if quote:
            pricing.set_price(offer, quote.unit * 9 // 10 // 10 * 10, audience=MEMBER, by=book.owner)


def _members(tiers: list[Tier]) -> None:
    """Let in by the house, the first of them with an account that the strip enters."""
    house.person(house.MEMBER_EMAIL, "Nour Haddad", password=house.PASSWORD)
    people = [
        (
            f"membre{number}@example.org" if number else house.MEMBER_EMAIL,
            f"{FIRST[number % len(FIRST)]} {LAST[(number + number // len(FIRST)) % len(LAST)]}",
        )
        for number in range(MEMBERS)
    ]
    circle.accounts(people)
    for number, (email, name) in enumerate(people):
        if number in RENEWING and _subscribe(tiers[0], email, name, RENEWING[number]):
            continue
        tier = tiers[1] if number and number <= PATRONS else tiers[0]
        row = joining.comp(tier, email, name=name, months=12, note="Fondateurs")
        began = timezone.now() - timedelta(days=5 * number)
        Grant.objects.filter(membership=row).update(made_at=began)
        Membership.objects.filter(pk=row.pk).update(starts_at=began, ends_at=began + timedelta(days=365))
    circle.gather(people)
    OxTask.objects.filter(task_path="members.tasks.tell_member").delete()


def _subscribe(tier: Tier, email: str, name: str, interval: str) -> bool:
    """Joined like anybody, paid at the stand-in; False where it does not answer."""
    offer = Plan.objects.get(tier=tier, offer__interval=interval).offer
    basket = Cart.objects.create(shop=selling.fresh(tier.shop_id), is_direct=True)
    try:
        carts.add(basket, offer, 1)
        total = checkout.draft(basket.shop, checkout.wishes(basket), country="FR").total
        who = checkout.Buyer(email, name, user=User.objects.get(email=email), consents={"early": str(timezone.now())})
        order = checkout.start(basket, who, shown_total=total)
        session_id = checkout.open_attempt(order.attempts.get()).session_id
        today.at_standin(session_id, "paid")
        orders.settle(session_id)
        fulfilment.fulfil(order.pk)
    except (ShopClosed, StripeUnavailable, StripeRefused, OSError):
        return False
    return True


def _pages(book: Book) -> None:
    for code in LOCALES:
        title, slug, words = PAGE[code]
        page = ClubPage(title=title, slug=slug, introduction=words, locale=book.locales[code])
        house.add(book.pages["home", code], page, days=60, original=book.pages.get(("club", "fr")), owner=book.owner)
        book.pages["club", code] = page
        house.in_menu(book, page, code, place=50)


def _article(book: Book, tier: Tier) -> None:
    """Its last part is the club's; who does not belong is shown how to join there."""
    rows = [("club", {"tier": str(tier.pk)}), ("reserved", {"audience": MEMBER}), ("text", REST)]
    journal.go_on(book.articles[KEPT, "fr"], rows, days=1)


def account() -> User | None:
    """Whom the demo's strip signs in as a member."""
    return User.objects.filter(email=house.MEMBER_EMAIL, is_active=True).first()
