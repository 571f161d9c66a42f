"""Uploaded pictures where no other server gives them out; a changed picture has another name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file, to be kept for a year."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response
