"""What the front page and plain pages show: pinned or newest, never a gap."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from blog import reading
from blog.models import ArticlePage, JournalPage
from core import head as heads
from core import held, visible
from events import agenda
from events.models import EventIndexPage
from store import catalogue, offers, structured
from store.models import ProductPage, ShopPage

if TYPE_CHECKING:
    from home.models import HomePage, StandardPage

PIECES = 5
SHELF = 4
ON_SALE = {"available", "last", "busy", "scheduled"}


def context(page: "HomePage", request: HttpRequest) -> dict[str, Any]:
    """Lead, pieces, shelf, next dates and the owner's word, in a fixed number of queries."""
    lead, pieces = articles(page)
    groups = shelf(page, request)
    shop = catalogue.shop_here(request)
    cover, alt = (lead.cover, lead.cover_alt) if lead else (None, "")
    head = heads.of(page, request, picture=cover, alt=alt)
    head.title = page.seo_title or shop.name
    head.description = page.search_description or shop.tagline
    head.graph = [website(shop.name, page.locale.language_code), structured.seller(shop)]
    return {
        "head": head,
        "alternates": heads.switches(head, page.locale.language_code),
        "lead": reading.teaser(lead, request) if lead else None,
        "columns": columns([reading.teaser(piece, request) for piece in pieces]),
        "groups": groups,
        "owner": word(page),
        "dates": agenda.next_dates(page.locale, request),
        "closed": catalogue.closed(shop),
        **held.get(("fronts", page.pk), lambda: fronts(page)),
    }


def articles(page: "HomePage") -> tuple[ArticlePage | None, list[ArticlePage]]:
    """The lead, and what stands beside it: pinned first, then the newest; one query, two when she pinned old ones."""
    newest = list(reading.live_articles().filter(locale_id=page.locale_id)[: PIECES + 5])
    known = {article.pk: article for article in newest}
    pinned = [row.article_id for row in page.pinned.all()]
    missing = [pk for pk in [page.lead_id, *pinned] if pk and pk not in known]
    if missing:
        known.update({row.pk: row for row in reading.live_articles().filter(pk__in=missing)})
    lead = known.get(page.lead_id or 0) or next(iter(newest), None)
    wanted = [known[pk] for pk in pinned if pk in known] + newest
    return lead, [row for row in dict.fromkeys(wanted) if row != lead][:PIECES]


def columns(pieces: list[reading.Teaser]) -> list[list[reading.Teaser]]:
    """Three unequal columns, the last one filled with what is left; fewer pieces, fewer columns."""
    return [[piece] for piece in pieces[:2]] + ([pieces[2:]] if pieces[2:] else [])


def shelf(page: "HomePage", request: HttpRequest) -> list[offers.OfferGroup]:
    """What she put there and can be shown, else what came last; the page's portrait is read along."""
    chosen = [row["value"] for row in page.shelf.raw_data if row.get("value")]
    groups = _groups(page, chosen, request) if chosen else {}
    shown = [groups[pk] for pk in chosen if pk in groups and groups[pk].state not in {"draft", "archived"}]
    if shown:
        return shown
    found = visible.open_to_all(ProductPage.objects.filter(locale_id=page.locale_id))
    latest = list(found.order_by("-first_published_at").values_list("pk", flat=True)[: SHELF * 2])
    groups = _groups(page, latest, request)
    return [groups[pk] for pk in latest if pk in groups and groups[pk].state in ON_SALE][:SHELF]


def _groups(page: "HomePage", ids: list[int], request: HttpRequest) -> dict[int, offers.OfferGroup]:
    code = page.locale.language_code
    pages = offers.product_pages(ids, code)
    return offers.groups_of(pages, code, request=request, with_photos=[page.portrait, page.social_image])


def word(page: "HomePage") -> dict[str, Any] | None:
    """The owner's word, with portrait and signature in her hand."""
    if not page.word:
        return None
    words = mark_safe(linebreaks(page.word, autoescape=True))  # noqa: S308 - escaped by linebreaks
    return {"name": _("Who keeps the shop"), "portrait": page.portrait, "words": words, "hand": page.signature}


def fronts(page: "HomePage") -> dict[str, Any]:
    """The journal, the shop and the agenda of this language."""
    return {
        "agenda_page": EventIndexPage.objects.live().child_of(page).first(),
        "journal": JournalPage.objects.live().child_of(page).first(),
        "shop_page": ShopPage.objects.live().child_of(page).first(),
    }


def website(name: str, language: str) -> dict[str, Any]:
    """The site as a whole."""
    url = heads.absolute(heads.home(language))
    return {
        "@type": "WebSite",
        "@id": f"{settings.BASE_URL}/#website",
        "name": name,
        "url": url,
        "inLanguage": language,
        "publisher": {"@id": structured.shop_id()},
    }


def plain_context(page: "StandardPage", request: HttpRequest) -> dict[str, Any]:
    """A plain page: its offers in one batch like an article's."""
    code = page.locale.language_code
    groups = reading.read_along(page.body, reading.named_in(page.body), code, request, [page.social_image])
    head = heads.of(page, request)
    crumbs = [{"title": _("Home"), "url": heads.home(code)}]
    head.graph = [heads.crumbs([*crumbs, {"title": page.title, "url": head.canonical}], head.canonical)]
    return {
        "head": head,
        "alternates": heads.switches(head, code),
        "offer_groups": groups,
        "source_page": page,
        "blocks": reading.levels(page.body),
    }
