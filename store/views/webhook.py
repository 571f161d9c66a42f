"""Where Stripe knocks: verify, store, answer. The work is a task's."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from store import gateway, webhooks

LARGEST = 1024 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """400 for what is not Stripe's; 200 for what is, also the second time."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        notice = gateway.read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.BadSignature:
        return HttpResponse(status=400)
    webhooks.keep(notice)
    return HttpResponse(status=200)
