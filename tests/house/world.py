"""Everybody who may come to a door, and one thing of each kind that belongs to the member."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from blog.models import Section
from core.models import TermsVersion
from events import admission, changing, moving, waiting
from events.models import CalendarKey, Event, Seat
from members import gifts, joining, mailing, meeting
from members.models import Membership, Profile, User
from store import addresses, fulfilment, links, pricing
from store.models import Offer, Order
from tests import factories
from tests.factories.orders import PERSON
from tests.factories.pages import block
from tests.factories.people import person, sign_in_strongly
from tests.house import world_behind

ROLES = ("anonymous", "guest", "member", "other", "tier", "editor", "owner")


@dataclass
class World:
    """The shop, its people with a browser each, and the member's things by address."""

    people: dict[str, User]
    doors: dict[str, Client]
    things: dict[str, str] = field(default_factory=dict)


def make() -> World:
    """The guest has every link that mails give out, and nothing else; `member` owns all, `other` nothing."""
    factories.open_shop()
    people = {
        "member": person(email="membre@example.org"),
        "other": person(email="autre@example.org"),
        "tier": person(email="palier@example.org"),
        "editor": _editor(),
        "owner": factories.owner(),
    }
    doors = {role: Client() for role in ROLES}
    for role, user in people.items():
        sign_in_strongly(doors[role], user)
    world = World(people, doors)
    for fill in FILLERS:
        world.things.update(fill(world))
    world.things.update(world_behind.things(people))
    return world


def _editor() -> User:
    """Somebody who writes and sells nothing, with a second factor: in the group that Wagtail makes for editors."""
    user = person(email="plume@example.org", is_staff=True)
    group = Group.objects.create(name="Editors")
    group.permissions.add(_right("wagtailadmin", "access_admin"))
    for codename in ("add_page", "change_page"):
        right = _right("wagtailcore", codename)
        GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=right)
    for app, name in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for codename in (f"add_{name}", f"change_{name}", f"choose_{name}"):
            right, root = _right(app, codename), Collection.get_first_root_node()
            GroupCollectionPermission.objects.create(group=group, collection=root, permission=right)
    user.groups.add(group)
    TOTP.activate(user, generate_totp_secret())
    return user


def _right(app: str, codename: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label=app)


def _orders(world: World) -> dict[str, str]:
    """An unpaid order of the member's, and its signed link."""
    order: Order = factories.order(user=world.people["member"], email=world.people["member"].email)
    signed = links.sign(order)
    by_token = {
        f"store:{name}": reverse(f"store:{name}", args=[order.token])
        for name in ("hosted", "abandon", "status", "thanks", "resume")
    }
    return {
        **by_token,
        "store:order": reverse("store:order", args=[signed]),
        "store:order-document": reverse("store:order-document", args=[signed, "terms"]),
        "store:terms-version": reverse("store:terms-version", args=[TermsVersion.objects.get().pk]),
        "wagtail_serve": factories.home().url,
        **_for_members(),
    }


def _for_members() -> dict[str, str]:
    """Something that only members may buy, asked for in the address."""
    offer = factories.offer()
    offer.prices.all().delete()
    pricing.set_price(offer, 1500, audience="member")
    return {name: f"{reverse(name)}?offer={offer.pk}" for name in ("store:add", "store:buy")}


def _readings(_world: World) -> dict[str, str]:
    """A section, a picture, a file to be fetched."""
    section = Section.objects.create(name="Carnets", slug="carnets", locale=factories.locale())
    paper = Document.objects.create(title="Plan", file=ContentFile(b"x", name="plan.pdf"))
    feeds = {name: reverse(name, args=[section.slug]) for name in ("feed-rss-section", "feed-atom-section")}
    return {
        **feeds,
        "media": factories.photo().file.url,
        "wagtaildocs_serve": reverse("wagtaildocs_serve", args=[paper.pk, paper.filename]),
    }


def _addresses(world: World) -> dict[str, str]:
    """A postal address of the member's."""
    row = addresses.keep(world.people["member"], {**PERSON, "country": "FR"})
    return {name: reverse(name, args=[row.key]) for name in ("store:address", "store:address-delete")}


def _seats(world: World) -> dict[str, str]:
    """A seat of the member's, and their place on the list of a full event that is offered to them."""
    member = world.people["member"]
    factories.ticket(factories.event(days=20))
    ticket = factories.event_page(
        factories.ticket(factories.event(capacity=2, transfer_fee=500)).event
    ).event.tickets.get()
    offer = Offer.objects.get(pk=ticket.offer_id)
    order = factories.order(factories.basket(offer, quantity=2), user=member, email=member.email)
    fulfilment.fulfil(order.pk)
    seat, other = Seat.objects.filter(line__order=order).order_by("number")
    entry = waiting.join(seat.event, ticket, size=1, name="M", email=member.email, locale="fr")
    admission.give_up(other)
    entry.refresh_from_db()
    of_seat = {f"events:{name}": reverse(f"events:{name}", args=[seat.token]) for name in SEAT_PAGES}
    of_list = {f"events:{name}": reverse(f"events:{name}", args=[entry.token]) for name in ("waiting", "claim")}
    change = changing.ask(seat, moving.dates_for(seat)[0])
    of_seat["events:other-date-pay"] = reverse("events:other-date-pay", args=[seat.token, change.ticket_id])
    of_list["events:chairs"] = reverse("events:chairs", args=[seat.event_id])
    return {**of_seat, **of_list, "events:wait": reverse("events:wait", args=[seat.event_id])}


def _appointments(world: World) -> dict[str, str]:
    """An appointment of the member's."""
    member = world.people["member"]
    made = factories.booking(user=member, email=member.email)
    names = ("booking", "booking-calendar", "booking-move", "booking-cancel")
    return {f"events:{name}": reverse(f"events:{name}", args=[made.token]) for name in names}


SEAT_PAGES = ("seat", "seat-calendar", "leave", "hand-on", "other-date")
DOOR_PAGES = ("door", "door-roster", "door-sync", "door-walk-in")


def _calendars(world: World) -> dict[str, str]:
    """The door of an event, and the secret address of the member's own calendar."""
    event = Event.objects.latest("pk")
    key = CalendarKey.objects.create(user=world.people["member"])
    doors = {f"events:{name}": reverse(f"events:{name}", args=[event.pk]) for name in DOOR_PAGES}
    return {**doors, "events:calendar-mine": reverse("events:calendar-mine", args=[key.token])}


def _club(world: World) -> dict[str, str]:
    """`member` and `tier` belong; `tier` alone to the upper one. The member is listed, and `tier` asks to meet them."""
    for role, slug in (("member", "ami"), ("tier", "ami"), ("tier", "atelier")):
        joining.comp(factories.tier(slug), world.people[role].email)
    given = {"is_listed": True, "shown": ["portrait"], "has_portrait": True, "portrait": b"x"}
    listed = [Profile.objects.create(user=world.people[role], name=role, **given) for role in ("member", "tier")]
    asked = meeting.ask(world.people["tier"], listed[0], "Bonjour")
    kept = factories.article(body=[block("text", "<p>La suite.</p>")], audience="tier:atelier")
    card = Membership.objects.get(user=world.people["member"])
    paid = factories.renewing(user=world.people["member"], email=world.people["member"].email)
    return {
        "article-rest": reverse("article-rest", args=[kept.pk]),
        "members:portrait": reverse("members:portrait", args=[listed[0].key]),
        "members:ask": reverse("members:ask", args=[listed[0].key]),
        "members:unsubscribe": mailing.url(world.people["member"].email, "reminders", "fr").removeprefix(
            settings.BASE_URL
        ),
        "members:card-image": reverse("members:card-image", args=[card.number]),
        "members:act": reverse("members:act", args=[asked.key]),
        "members:gift": gifts.url(factories.given()).removeprefix("http://testserver"),
        "members:renewing": reverse("members:renewing", args=[paid.pk]),
        "store:subscription": reverse("store:subscription", args=[links.sign(paid.line.order)]),
        "mfa_edit_webauthn": reverse("mfa_edit_webauthn", args=[1]),
        "mfa_remove_webauthn": reverse("mfa_remove_webauthn", args=[1]),
    }


FILLERS: list[Callable[[World], dict[str, Any]]] = [
    _orders, _readings, _addresses, _seats, _calendars, _club, _appointments,
]  # fmt: skip
