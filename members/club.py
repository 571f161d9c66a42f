"""The club as a reader sees it: its tiers as cards, for a whole page in one batch; what it would have saved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import head as heads
from core import held
from members import structured
from members.models import MEMBER, ClubPage, Membership, Plan, Tier
from store import audiences, offers, pricing
from store.models import Offer, OrderLine

if TYPE_CHECKING:
    from members.models import User

YEAR = timedelta(days=365)
NAMED, MOST_ASKED = 6, 200
NO_MORE = {"archived", "draft"}
held.watch(Tier, Plan, Offer, ClubPage)


def groups(keys: Iterable[int], locale: str, request: Any = None) -> dict[int, offers.OfferGroup]:
    """{tier key: its card with its plans} in a fixed number of queries; a tier that nobody can join is left out."""
    in_force = Q(memberships__in=Membership.objects.in_force())
    plans = Plan.objects.select_related("offer", "tier").order_by("position", "pk")
    tiers = Tier.objects.filter(pk__in=list(keys)).annotate(people=Count("memberships", filter=in_force))
    rows = list(tiers.prefetch_related(Prefetch("plans", queryset=plans)))
    named_in = _names()
    for tier in rows:
        tier.__dict__["first_names"] = named_in[tier.pk]
    known = [plan for tier in rows for plan in tier.plans.all()]
    for plan in known:
        plan.offer.__dict__["_sellable"] = plan
    batch = offers.load({plan.offer_id: plan.offer for plan in known}.values(), locale) if known else None
    made = {tier.pk: group(tier, batch) for tier in rows} if batch else {}
    return {pk: row for pk, row in made.items() if row.choices}


def _names() -> dict[int, list[str]]:
    """{tier key: first names of some who want to be named, the longest there first}; one query."""
    shown = Membership.objects.in_force().filter(user__is_active=True, user__profile__is_named=True)
    found: dict[int, list[str]] = defaultdict(list)
    rows = shown.order_by("starts_at", "pk").values_list("tier_id", "user__profile__name")
    for tier, whole in rows[:MOST_ASKED]:
        names, name = found[tier], whole.split(" ")[0]
        if name not in names and len(names) < NAMED:
            names.append(name)
    return found


def group(tier: Any, batch: offers.Batch) -> offers.OfferGroup:
    """One tier in five lines: what I get, for how much, what I would have saved, who is in it, how to leave."""
    locale = batch.locale
    choices = [offers.choice(plan.offer, plan.label(locale), batch) for plan in tier.plans.all()]
    shown = [row for row in choices if row.state not in NO_MORE]
    return offers.OfferGroup(
        key=f"tier-{tier.pk}", kind="plan", title=tier.title(locale), url=page_url(locale), image=None, hand="",
        facts=facts(tier, locale), choices=shown, summary=tier.words(locale), extra={"tier": tier},
    ).summed(locale)  # fmt: skip


def facts(tier: Any, locale: str) -> list[tuple[str, str]]:
    """(label, words): what stands beside the price."""
    found = [(_("You get"), tier.words(locale))] if tier.words(locale) else []
    if tier.people:
        people = ngettext("%(n)s member", "%(n)s members", tier.people) % {"n": tier.people}
        names = ", ".join(tier.first_names)
        found.append(
            (
                _("Who is in it"),
                _("%(people)s, %(names)s among them") % {"people": people, "names": names} if names else people,
            )
        )
    return [*found, (_("To leave"), _("whenever you like, in three clicks, without an account"))]


def page_url(locale: str) -> str:
    """Where one joins, in that language; empty where no such page is live."""
    return held.get(("club", locale), lambda: _page_url(locale))


def _page_url(locale: str) -> str:
    page = ClubPage.objects.live().filter(locale__language_code=locale).first() or ClubPage.objects.live().first()
    return (page.url or "") if page else ""


def named() -> Mapping[str, audiences.Audience]:
    """The club and its tiers, for prices that are theirs."""
    locale = offers.language()
    url = page_url(locale)
    tiers = held.get(("tiers", locale), lambda: _tiers(locale))
    first = next((offer for _audience, _title, offer in tiers if offer), 0)
    return {
        MEMBER: audiences.Audience(_("Club"), url, first),
        **{audience: audiences.Audience(title, url, offer) for audience, title, offer in tiers},
    }


def _tiers(locale: str) -> list[tuple[str, str, int]]:
    """(audience, title, the first offer by which one joins, or 0) of each tier."""
    plans = Plan.objects.filter(offer__in=Offer.objects.on_sale()).order_by("position", "pk")
    rows = Tier.objects.prefetch_related(Prefetch("plans", queryset=plans, to_attr="on_sale"))
    return [(row.audience, row.title(locale), row.on_sale[0].offer_id if row.on_sale else 0) for row in rows]


def page_context(page: ClubPage, request: HttpRequest) -> dict[str, Any]:
    """All tiers that can be joined."""
    code = page.locale.language_code
    keys = list(Tier.objects.values_list("pk", flat=True))
    found = groups(keys, code, request)
    shown = [found[pk] for pk in keys if pk in found]
    head = heads.of(page, request)
    if shown:
        head.graph = structured.of(page.title, head.canonical, shown)
    return {
        "head": head,
        "alternates": heads.switches(head, code),
        "groups": shown,
        "source_page": page,
    }


def saved(user: "User") -> int:
    """What the club's prices of today would have spared this person on what they bought in a year; minor units."""
    since = timezone.now() - YEAR
    lines = list(OrderLine.objects.filter(order__user=user, order__paid_at__gt=since).exclude(offer__kind=Plan.kind()))
    found = Offer.objects.filter(pk__in={line.offer_id for line in lines})
    club = pricing.quotes(found, frozenset({MEMBER}))
    spared = 0
    for line in lines:
        quote = club.get(line.offer_id)
        if quote and quote.audience:
            spared += max(line.unit_amount - quote.unit, 0) * (line.quantity - line.refunded_quantity)
    return spared


audiences.register(named)
