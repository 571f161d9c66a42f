"""Calendar files as a browser takes them."""

from django.http import HttpResponse

from core.mail import Attachment

TYPE = "text/calendar; charset=utf-8"


def download(file: Attachment) -> HttpResponse:
    """Saved under its name, or opened by the calendar program."""
    answer = HttpResponse(file.content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer
