"""The waiting list as its people see it: join, see one's place, leave, take what is offered."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core import limits
from events import cards, claiming, links
from events import waiting as lists
from events.forms import WaitForm
from events.models import Event, WaitingEntry
from store.adopting import owner_of
from store.views import counter, paying
from store.views.fragments import stopped


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's group on the list of a full event. The answer is the same whether the address waits already or not."""
    event = get_object_or_404(Event.objects.filter(pages__live=True).distinct(), pk=pk)
    form = WaitForm(request.POST or None, event=event)
    page = links.page_of(event, request.LANGUAGE_CODE)
    context = {
        "event": event,
        "page": page,
        "title": links.title(event, request.LANGUAGE_CODE),
        "when": cards.when(event),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            limits.spend(
                "waiting", [f"ip:{limits.address_of(request)}", f"mail:{said['email'].lower()}"], limit=10, seconds=3600
            )
            entry, is_new = lists.put_on(event, event.tickets.all()[0], locale=request.LANGUAGE_CODE, **said)
        except lists.NotFull:
            return render(request, "events/wait.html", {**context, "not_full": True}, status=409)
        except limits.TooMany as error:
            return stopped(request, error)
        if not is_new:
            lists.tell_again(entry)
        if is_theirs(request, entry):
            return redirect("events:waiting", token=entry.token)
        return render(request, "events/wait.html", {**context, "sent_to": said["email"]})
    return render(request, "events/wait.html", context, status=422 if request.method == "POST" else 200)


def is_theirs(request: HttpRequest, entry: WaitingEntry) -> bool:
    """Whether whoever asks is signed in and has proved that the entry's address is theirs."""
    return request.user.is_authenticated and owner_of(entry.email) == request.user


@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """Which in the list; POST leaves it."""
    entry = get_object_or_404(WaitingEntry.objects.select_related("event", "ticket"), token=token)
    if request.method == "POST":
        lists.leave(entry)
        return redirect("events:waiting", token=token)
    return render(request, "events/waiting.html", {**claiming.about(entry, request.LANGUAGE_CODE), "entry": entry})


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The recap of what is offered; POST takes it."""
    entry = get_object_or_404(WaitingEntry.objects.select_related("event__shop", "ticket__offer"), token=token)
    about = {**claiming.about(entry, request.LANGUAGE_CODE), "entry": entry}
    if not claiming.stands(entry):
        return render(request, "events/waiting.html", about, status=410 if request.method == "POST" else 200)
    try:
        asked = claiming.asked(request, entry)
        if request.method == "POST" and asked.is_valid():
            paying.guard(request, entry.email)
            key = uuid.UUID(str(request.POST.get("token")))
            order = claiming.claim(
                entry, asked.ticket, asked.buyer(), shown_total=int(request.POST.get("total", "")), token=key
            )
            paying.remember(request, order)
            return paying.pay(request, order, hosted=True)
    except lists.OfferOver:
        return render(request, "events/waiting.html", about, status=410)
    except (ValueError, *paying.STOPS) as error:
        return stopped(request, error)
    context = {
        **about,
        **counter.shown(request, asked.form, asked.draft, {}),
        "line_forms": asked.line_forms,
        "asked": asked,
    }
    return render(request, "events/claim.html", context, status=422 if request.method == "POST" else 200)
