"""The kept part of an article: never stored anywhere, only for who may read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from blog import reading, reserved
from blog.models import ArticlePage
from members import access


@require_safe
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands below the cut: a fragment for our script, a page without it; to others the way in."""
    page = get_object_or_404(ArticlePage.objects.live().public().select_related("locale"), pk=pk)
    is_fragment = request.headers.get("X-Fragment") == "1"
    if not access.can_see(request.user, reserved.audience(page)):
        if is_fragment:
            return HttpResponse(status=204)
        return render(request, "blog/rest_closed.html", {"page": page}, status=403)
    template = "blog/rest.html" if is_fragment else "blog/rest_page.html"
    return render(request, template, reading.kept_context(page, request))
