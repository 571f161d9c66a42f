"""One thing of each kind that is kept behind the desk, at the address where the desk shows it."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse

from blog.models import Author, Section
from core.models import Shop, TermsVersion
from events.models import Event
from home.models import Menu
from members import meeting
from members.models import Membership, Profile, Report, User
from store import fulfilment, withdrawal
from store.models import DeliveryMethod, Subscription
from tests import factories

ORDER = (
    "order", "slip", "refund", "cancel", "decide", "deliver", "make_parcel", "note", "buyer", "note_read", "receipt",
)  # fmt: skip
EVENT = (
    "event", "edit", "places", "add_ticket", "move", "afterwards", "cancel", "roster", "roster_results", "waiting",
    "waiting_results",
)  # fmt: skip
SNIPPET = ("edit", "delete", "usage", "history", "history_results", "copy")


def things(people: dict[str, User]) -> dict[str, str]:
    """{name: address of something that is really there}"""
    found = [row for fill in FILLERS for row in fill(people)]
    asked = f"{reverse('products:publish')}?page={factories.article(live=False).pk}"
    return {"products:publish": asked, **{name: reverse(name, args=args) for name, args in found}}


Found = Iterator[tuple[str, list[Any]]]


def _orders(people: dict[str, User]) -> Found:
    """The member's order is paid and stands in one parcel; they have withdrawn from it."""
    member = people["member"]
    order = factories.order(user=member, email=member.email)
    order.mark_paid()
    fulfilment.fulfil(order.pk)
    parcel = order.parcels.get()
    said = withdrawal.Statement("Léa", member.email, order.number)
    yield from ((f"owner:{name}", [order.pk]) for name in ORDER)
    yield from ((f"owner:{name}", [order.pk, parcel.pk]) for name in ("ship", "split"))
    yield "owner:withdrawal", [withdrawal.declare(order.shop, said, uuid.uuid4()).pk]
    yield "owner:subscription", [Subscription.objects.get(user=member).pk]
    yield "owner:pool", [order.lines.get().offer.stocks.get().pk]


def _settings(_people: dict[str, User]) -> Found:
    """The terms in force, others in draft, and one way to deliver."""
    shop = Shop.objects.current()
    draft = TermsVersion.objects.create(shop=shop, title="Brouillon", text_fr="<p>Un</p>", text_en="<p>One</p>")
    in_force = shop.terms_versions.exclude(pk=draft.pk).get()
    yield "owner:terms_version", [draft.pk]
    yield "owner:terms_edit", [draft.pk]
    yield "owner:terms_file", [in_force.pk, "fr"]
    yield "owner:delivery_edit", [DeliveryMethod.objects.earliest("pk").pk]


def _meetings(people: dict[str, User]) -> Found:
    """The event that the member is going to, and an appointment of theirs that a pack could have paid."""
    member = people["member"]
    event = Event.objects.filter(seats__isnull=False).earliest("pk")
    booking = factories.booking(user=member, email=member.email, at=factories.slot(days=22))
    pack = factories.pack()
    yield from ((f"meetings:{name}", [event.pk]) for name in EVENT)
    yield from ((f"meetings:{name}", [event.pk, event.tickets.get().pk]) for name in ("ticket", "price"))
    yield "meetings:write_page", [event.pk, "en"]
    yield "meetings:appointment", [booking.pk]
    yield "meetings:service", [booking.service_id]
    yield "meetings:new_pack", [pack.service_id]
    yield "meetings:pack", [pack.pk]


def _club(people: dict[str, User]) -> Found:
    """The tier, a year of it on sale, the member's card, and what somebody wrote to them that they reported."""
    member = people["member"]
    plan = factories.plan(factories.tier("ami"))
    rude = factories.member(plan.tier)
    Profile.objects.create(user=rude, name="Quelqu'un", is_listed=True)
    meeting.report(meeting.ask(rude, Profile.objects.get(user=member), "Eh !"), by=member)
    yield "club:tier", [plan.tier_id]
    yield "club:plan_add", [plan.tier_id]
    yield "club:plan_end", [plan.tier_id, plan.pk]
    yield "club:report", [Report.objects.get().pk]
    yield "club:show_out", [Membership.objects.get(user=member, tier=plan.tier).pk]


def _products(_people: dict[str, User]) -> Found:
    """A product on sale, with its page."""
    page = factories.product_page()
    yield from ((f"products:{name}", [page.product_id]) for name in ("screen", "facts", "variants", "state"))
    yield "product_chooser:chosen", [page.pk]


def _snippets(_people: dict[str, User]) -> Found:
    """Who writes, a section, a menu."""
    french = factories.locale()
    rows = (
        Author.objects.create(name="Anne", slug="anne", locale=french),
        Section.objects.create(name="Gestes", slug="gestes", locale=french),
        Menu.objects.create(shop=Shop.objects.current(), locale=french),
    )
    for row in rows:
        kind = row._meta.label_lower.replace(".", "_")  # noqa: SLF001
        yield from ((f"wagtailsnippets_{kind}:{name}", [row.pk]) for name in SNIPPET)
        yield f"wagtailsnippetchoosers_{kind}:chosen", [row.pk]


FILLERS: list[Callable[[dict[str, User]], Found]] = [_orders, _settings, _meetings, _club, _products, _snippets]
