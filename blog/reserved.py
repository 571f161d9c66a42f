"""What of an article is kept for an audience. Everything public asks `public`; only who may read it is given `kept`."""

from typing import TYPE_CHECKING, Any

from wagtail.blocks import StreamValue

if TYPE_CHECKING:
    from blog.models import ArticlePage

CUT = "reserved"


def audience(article: "ArticlePage") -> str:
    """For whom the kept part is; "" where nothing is kept. The page's own word counts before that of the cut in its text."""
    if article.audience:
        return article.audience
    place = _place(article)
    return str(_raw(article)[place]["value"].get("audience") or "member") if place is not None else ""


def public(article: "ArticlePage") -> Any:
    """What everybody reads: all of it, what stands before the cut, or nothing of a kept page without a cut."""
    if not audience(article):
        return article.body
    place = _place(article)
    return _part(article, _raw(article)[: place or 0])


def kept(article: "ArticlePage") -> Any:
    """The rest, without the cut itself."""
    if not audience(article):
        return _part(article, [])
    place = _place(article)
    return _part(article, _raw(article)[0 if place is None else place + 1 :])


def _place(article: "ArticlePage") -> int | None:
    """Where the first cut stands."""
    return next((number for number, row in enumerate(_raw(article)) if row["type"] == CUT), None)


def _raw(article: "ArticlePage") -> list[Any]:
    return list(article.body.raw_data)


def _part(article: "ArticlePage", rows: list[Any]) -> StreamValue:
    return StreamValue(article.body.stream_block, [row for row in rows if row["type"] != CUT], is_lazy=True)
