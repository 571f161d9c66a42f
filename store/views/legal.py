"""Terms of sale, legal notice, privacy: public pages made from the shop's own fields."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import head, retention
from core.models import Shop, TermsVersion
from store import documents, links


def public(request: HttpRequest, template: str, title: str, context: dict[str, Any], *args: object) -> HttpResponse:
    """A page that is the same bytes for everybody, with its other language."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    rows = []
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            rows.append({"lang": code, "path": reverse(name, args=args), "label": head.LANGUAGES.get(code, code)})
    alternates = [{**row, "url": head.absolute(row["path"])} for row in rows]
    made = head.Head(title, "", head.absolute(request.path), alternates=alternates)
    switches = head.switches(made, request.LANGUAGE_CODE)
    response = render(request, template, {"head": made, "alternates": switches, "title": title, **context})
    response.is_public = True  # type: ignore[attr-defined]
    return response


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms in force, and the earlier ones by date."""
    shop = Shop.objects.current()
    context = {**_version(request, shop.terms_in_force()), "versions": _published(shop)}
    return public(request, "store/legal/terms.html", _("Terms of sale"), context)


@require_safe
def terms_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, in force or not: whoever accepted it can read it."""
    found = get_object_or_404(TermsVersion.objects.select_related("shop"), pk=number, published_at__isnull=False)
    context = {
        **_version(request, found),
        "versions": _published(found.shop),
        "is_old": found != found.shop.terms_in_force(),
    }
    return public(request, "store/legal/terms.html", _("Terms of sale"), context, number)


def _version(request: HttpRequest, version: TermsVersion | None) -> dict[str, Any]:
    if version is None:
        return {"version": None}
    text = version.text(request.LANGUAGE_CODE)
    return {"version": version, "text": documents.clean(text)}


def _published(shop: Shop) -> list[TermsVersion]:
    return list(shop.terms_versions.filter(published_at__isnull=False).order_by("-published_at"))


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Who runs the site, who hosts it, the mediator, the producer's identifiers (LCEN, L616-1, L541-10-13)."""
    shop = Shop.objects.current()
    seller = [
        (_("Name"), shop.seller), (_("Legal form"), shop.legal_form), (_("Share capital"), shop.capital),
        ("SIREN", shop.siren), (_("Register"), shop.register),
        (_("VAT number"), "" if shop.is_franchise else shop.vat_number), (_("Address"), shop.address),
        (_("Phone"), shop.phone), (_("E-mail"), shop.email), (_("Publication director"), shop.director),
    ]  # fmt: skip
    host = [(_("Name"), shop.host_name), (_("Address"), shop.host_address), (_("Phone"), shop.host_phone)]
    mediator = [
        (_("Name"), shop.mediator_name),
        (_("Address"), shop.mediator_address),
        (_("Site"), shop.mediator_url),
    ]
    context = {
        "seller": _filled(seller), "host": _filled(host), "mediator": _filled(mediator),
        "epr": [line for line in shop.epr_ids.splitlines() if line.strip()], "is_franchise": shop.is_franchise,
    }  # fmt: skip
    return public(request, "store/legal/notice.html", _("Legal notice"), context)


def _filled(rows: list[tuple[Any, str]]) -> list[tuple[str, str]]:
    return [(str(label), ", ".join(value.splitlines())) for label, value in rows if value]


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long: figures come from the settings that enforce them."""
    context = {
        "seller": Shop.objects.current(),
        "session_days": settings.SESSION_COOKIE_AGE // 86400,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "here_cookie": settings.HERE_COOKIE_NAME,
        "basket_days": retention.BASKET.days,
        "limit_days": retention.LIMITS.days,
        "unpaid_days": retention.UNPAID.days,
        "delivery_days": retention.DELIVERY.days,
        "answer_days": retention.ANSWERS.days,
        "warning_days": retention.WARNING.days,
        "link_days": links.VALID.days,
    }
    return public(request, "store/legal/privacy.html", _("Your data"), context)
