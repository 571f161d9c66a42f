"""What the demo shop lacks for a walk through every page: all blocks in one article, a page two, empty lists."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django_ox.models import OxTask
from taggit.models import Tag
from wagtail.models import Page

from blog.models import ArticlePage, Author, Section
from core.models import Photo, Shop
from events import changing, coaching, moving, rooms, waiting
from events.models import Booking, DateChange, Event, HourPack, Seat, Service, Ticket, WaitingEntry
from store import cart as carts
from store import fulfilment, orders, pricing
from store.models import Cart, CategoryPage, Goods, Offer, Order, Product, ProductPage, Stock, StripeEvent
from tests import factories
from tests.factories.pages import block, speak_of

LANGUAGES = ("fr", "en")
EMBED = "https://www.youtube-nocookie.com/embed/abc"


def lay() -> None:
    """For both languages; then only a few of the pictures are left to be drawn."""
    shown = [Product.objects.get(code=code) for code in ("balayette", "lanterne", "moulin")]
    till = factories.product(Shop.objects.current(), code="tiroir", name="Tiroir")
    for label in ("Chêne", "Hêtre"):
        drawer = factories.goods(till, price=1500, units=40, options=[label])
        pricing.set_price(drawer.offer, 1200, audience="member")
    for alone in Goods.objects.annotate(sisters=Count("product__goods")).filter(sisters=1, offer__state="live"):
        pricing.set_price(alone.offer, 100, audience="member")
    for code in LANGUAGES:
        for product in (*shown, till):
            if not product.pages.filter(locale__language_code=code).exists():
                factories.product_page(product, code=code)
        factories.article(page_of("tiroir", code), code=code, slug="tiroir")
        article(code)
        for _number in range(13):
            factories.article(code=code, tags=[], author=None)
        empty_lists(code)
    trouble()
    drawings = OxTask.objects.filter(task_path="core.photo.draw").values_list("pk", flat=True)[:6]
    OxTask.objects.filter(priority__lt=0).exclude(pk__in=list(drawings)).delete()


def article(code: str) -> ArticlePage:
    """Every block, and every state of an offer."""
    pages = [page_of(name, code) for name in ("poele", "cafetiere", "balayette", "lanterne", "moulin", "tiroir")]
    photo = Photo.objects.filter(is_drawing=False).order_by("pk")[0]
    picture = {"image": photo.pk, "decorative": False, "alt_text": "Un carreau"}
    plain = {"image": photo.pk, "decorative": True, "alt_text": ""}
    link = f'<a linktype="offer" id="{pages[0].pk}">celle-ci</a>'
    body = [
        block(
            "text", f"<p>Bonjour, <b>voici</b> <i>tout</i>, et {link}.</p><ul><li>Un</li></ul><ol><li>Deux</li></ol>"
        ),
        block("heading", "Des images"),
        block("image", {"image": picture, "caption": "De près", "wide": False}),
        block("image", {"image": plain, "caption": "", "wide": True}),
        block("gallery", {"images": [picture, plain], "caption": "Deux fois"}),
        block("heading", "Des mots"),
        block("quote", {"text": "Il faut voir.", "attribution": "Mme Roussel"}),
        block("callout", {"text": "<p>À part.</p>"}),
        block("embed", {"url": EMBED, "title": "Une vidéo"}),
        block("heading", "Des objets"),
        *(speak_of(page, note="De ma main") for page in pages),
        block("shelf", {"title": "Sur le comptoir", "products": [page.pk for page in pages[:4]]}),
        block("text", "<p>Voilà.</p>"),
    ]
    cover = {"cover": photo, "cover_alt": "Un carreau", "slug": "tout"}
    under = {"author": first(Author, code), "section": first(Section, code)}
    page: ArticlePage = factories.article(
        code=code, body=body, title="Tout ce qu'une page peut montrer", **cover, **under
    )
    page.tags.add("atelier")
    page.save()
    return page


def page_of(product: str, code: str) -> ProductPage:
    """The page of that product in that language."""
    return ProductPage.objects.get(product__code=product, locale__language_code=code)


def first(model: Any, code: str) -> Any:
    """The first of its kind in that language."""
    return model.objects.filter(locale__language_code=code).order_by("pk")[0]


def empty_lists(code: str) -> None:
    """A section and a category with nothing in them, and a tag that only one article has."""
    Section.objects.create(name="Rien", slug="rien", locale=factories.locale(code))
    empty = CategoryPage(title="Rien", slug="rien", locale=factories.locale(code))
    factories.shop_page(code).add_child(instance=empty)
    Tag.objects.get_or_create(name="atelier", defaults={"slug": "atelier"})


def trouble() -> None:
    """A task that failed for good, and a notice that nobody handled."""
    now = timezone.now()
    order = Order.objects.order_by("pk")[0]
    OxTask.objects.create(
        task_path="store.tasks.mail", args=[order.pk, "receipt"], status=OxTask.Status.FAILED, attempts=6,
        backend_name="default", enqueued_at=now, finished_at=now, errors=[{"exception_class_path": "SMTPException"}],
    )  # fmt: skip
    StripeEvent.objects.create(event_id="evt_waits", type="checkout.session.completed", body={})
    StripeEvent.objects.filter(event_id="evt_waits").update(received_at=now - timedelta(hours=2))


def live(kind: type[Page], code: str, **fields: Any) -> Any:
    """The first live page of a kind in that language."""
    return kind.objects.live().filter(locale__language_code=code, **fields).order_by("pk")[0]


def order_in(state: str) -> Order:
    """The newest order in that state."""
    return Order.objects.filter(state=state).order_by("-pk")[0]


def hour(code: str) -> Offer:
    """An hour with a slot to choose, that begins before the days to withdraw are over."""
    return factories.hour(Shop.objects.current(), name=f"Une heure ({code})", begins=timezone.now() + timedelta(days=3))


def free(code: str) -> Offer:
    """A free seat."""
    return factories.hour(Shop.objects.current(), name=f"Un café ({code})", price=0, legal="dated", words="Je viens")


def till(code: str) -> tuple[ProductPage, Offer]:
    """What is bought on the walk: its page and its first offer."""
    page = page_of("tiroir", code)
    return page, page.product.goods.order_by("position")[0].offer


def seat(ticket: Ticket, code: str) -> Seat:
    """Somebody's free seat, given."""
    offer = Offer.objects.get(pk=ticket.offer_id)
    order = factories.order(factories.basket(offer), email=f"place.{code}@example.org", locale=code)
    fulfilment.fulfil(order.pk)
    found: Seat = Seat.objects.get(line__order=order)
    return found


def change(of: Seat) -> DateChange:
    """That seat's way to another date, which costs something."""
    Event.objects.filter(pk=of.event_id).update(transfer_fee=500)
    later = factories.event(days=30, kind=of.event.kind)
    factories.ticket(later)
    of = Seat.objects.select_related("event__shop", "line__order").get(pk=of.pk)
    return changing.ask(of, next(row for row in moving.dates_for(of) if row.ticket.event == later))


def paid_change(of: DateChange) -> Order:
    """It was paid and done."""
    cart = Cart.objects.create(shop=of.offer.shop, is_direct=True)
    carts.add(cart, of.offer, 1, details={"seat": of.seat.token, "difference": 0})
    order = factories.order(cart, email=of.seat.email, locale=of.seat.locale)
    order.attempts.update(state="settled")
    orders.settle_free(order)
    fulfilment.fulfil(order.pk)
    return order


def waits(code: str) -> WaitingEntry:
    """Somebody who waits for an event that is full."""
    event = Event.objects.filter(waiting__isnull=False, pages__live=True).order_by("pk").distinct()[0]
    assert event.room_id
    free = Stock.objects.left([event.room_id])[event.room_id].free
    rooms.resize(event, event.capacity - free)
    return waiting.join(
        event, event.tickets.all()[0], size=1, name="Nour", email=f"attend.{code}@example.org", locale=code
    )


def more_chairs(event: Event) -> Event:
    """Enough for all who wait."""
    rooms.resize(event, event.capacity + 12)
    return event


def pack() -> HourPack:
    """Several appointments at once."""
    return HourPack.objects.first() or factories.pack(Service.objects.order_by("pk")[0])


def appointment(code: str) -> Booking:
    """Of the demo's own service, at its last free time."""
    service = Service.objects.select_related("calendar").order_by("pk")[0]
    now = timezone.now()
    at = coaching.free_slots(service, now, now + timedelta(days=service.horizon_days))[-1]
    return factories.booking(service, at, locale=code, email=f"slot-{code}@example.org")
