"""What the front page shows: pinned or newest, never a gap."""

from typing import TYPE_CHECKING, Any

from blog import reading
from blog.models import JournalPage
from store import offers
from store.models import ProductPage, ShopPage

if TYPE_CHECKING:
    from home.models import HomePage

PIECES = 5
SHELF = 4


def context(page: "HomePage") -> dict[str, Any]:
    """Lead, pieces, shelf and the owner's word, in a fixed number of queries."""
    articles = list(reading.live_articles().filter(locale_id=page.locale_id)[: PIECES + 5])
    known = {article.pk: article for article in articles}
    pinned_ids = [row.article_id for row in page.pinned.all()]
    missing = [pk for pk in [page.lead_id, *pinned_ids] if pk and pk not in known]
    if missing:
        known.update({row.pk: row for row in reading.live_articles().filter(pk__in=missing)})
    lead = known.get(page.lead_id or 0) or next(iter(articles), None)
    wanted = [known[pk] for pk in pinned_ids if pk in known] + articles
    pieces = [row for row in dict.fromkeys(wanted) if row != lead][:PIECES]
    return {"lead": lead, "pieces": pieces, "groups": shelf(page), **fronts(page)}


def shelf(page: "HomePage") -> list[offers.OfferGroup]:
    """What she put there and can be shown, else what came last."""
    chosen = [block.value for block in page.shelf if block.value is not None]
    found = offers.groups_for(chosen)
    shown = [found[row.pk] for row in chosen if row.pk in found and found[row.pk].state not in {"draft", "archived"}]
    if shown:
        return shown
    latest = list(ProductPage.objects.live().filter(locale_id=page.locale_id).order_by("-first_published_at")[: SHELF * 2])
    found = offers.groups_for(latest)
    groups = [found[row.pk] for row in latest if row.pk in found]
    return [group for group in groups if group.state in {"available", "last", "busy", "scheduled"}][:SHELF]


def fronts(page: "HomePage") -> dict[str, Any]:
    """The journal and the shop of this language."""
    return {
        "journal": JournalPage.objects.live().child_of(page).first(),
        "shop_page": ShopPage.objects.live().child_of(page).first(),
    }
