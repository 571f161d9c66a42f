"""The journal's lists: all articles, or those under a heading, with what each kind of heading says of itself."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from taggit.models import Tag

from blog import reading
from core import head as heads
from core import held
from core.paging import paginate

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blog.models import ArticlePage, JournalPage

PER_PAGE = 12


def context(journal: "JournalPage", request: HttpRequest, by: str, value: str) -> dict[str, Any]:
    """One page of the journal, all of it or under a heading; 404 for what does not exist."""
    articles = reading.live_articles(journal)
    found = _heading(journal, by, value)
    articles = _under(articles, by, value, found)
    page = paginate(request, articles, PER_PAGE)
    if by in {"tag", "year"} and not page.paginator.count:
        raise Http404
    rows = [reading.teaser(article, request) for article in page.object_list]
    own = {"title": journal.title, "url": journal.get_url(request) or ""}
    title = _title(journal, by, value, found)
    return {
        "listing": page,
        "kind": by,
        "author": _author(found) if by == "author" else None,
        "title": title,
        "words": _words(journal, by, found),
        "lead": rows[0] if rows and by == "all" and page.number == 1 else None,
        "rows": rows[1:] if rows and by == "all" and page.number == 1 else rows,
        "journal": own,
        "doors": held.get(("doors", journal.pk, own["url"]), lambda: _doors(journal, own)),
        **_head(journal, request, by, value, title, page.number),
    }


def _heading(journal: "JournalPage", by: str, value: str) -> Any:
    from blog.models import Author, Section  # noqa: PLC0415 - pages call this module

    if by == "section":
        return get_object_or_404(Section, slug=value, locale=journal.locale)
    if by == "author":
        return get_object_or_404(Author.objects.select_related("portrait"), slug=value, locale=journal.locale)
    if by == "tag":
        return get_object_or_404(Tag, slug=value)
    return None


def _under(articles: "QuerySet[ArticlePage]", by: str, value: str, found: Any) -> "QuerySet[ArticlePage]":
    if by == "year":
        return articles.filter(date__year=int(value))
    if by == "tag":
        return articles.filter(tagged_items__tag=found)
    return articles.filter(**{by: found}) if found else articles


def _title(journal: "JournalPage", by: str, value: str, found: Any) -> str:
    return journal.title if by == "all" else str(found or value)


def _words(journal: "JournalPage", by: str, found: Any) -> str:
    if by == "all":
        return journal.words
    if by == "section":
        return str(found.words)
    return str(found.role) if by == "author" else ""


def _author(found: Any) -> dict[str, Any]:
    return {"name": found.name, "url": "", "portrait": found.portrait, "words": reading.paragraphs(found.words)}


def _doors(journal: "JournalPage", own: dict[str, str]) -> list[dict[str, str]]:
    """The sections and the years, as ways on."""
    from blog.models import Section  # noqa: PLC0415

    years = reading.live_articles(journal).order_by("-date__year").values_list("date__year", flat=True).distinct()
    found = [("section", row.slug, row.name) for row in Section.objects.filter(locale=journal.locale)]
    found += [("year", str(year), str(year)) for year in dict.fromkeys(years)]
    return [{"title": title, "url": reading.address(own, by, value)} for by, value, title in found]


def _head(journal: "JournalPage", request: HttpRequest, by: str, value: str, title: str, number: int) -> dict[str, Any]:
    """A list under a heading is a page of its own; from page two on the number is part of its address."""
    head = heads.of(journal, request, summary=journal.words)
    switches = heads.switches(head, journal.locale.language_code)
    if by != "all" or number > 1:
        head.alternates = []
        head.title = title
        path = request.path + (f"?page={number}" if number > 1 else "")
        head.canonical = heads.absolute(path)
    if number > 1:
        head.title = _("%(title)s, page %(number)s") % {"title": title, "number": number}
    crumbs = [{"title": _("Home"), "url": heads.home(journal.locale.language_code)}]
    crumbs.append({"title": journal.title, "url": journal.get_url(request) or ""})
    head.graph.append(heads.crumbs(crumbs, head.canonical))
    return {"head": head, "alternates": switches, "crumbs": crumbs[:1] if by == "all" else crumbs}
