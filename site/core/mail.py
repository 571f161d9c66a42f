"""The only way out for mail: text and HTML from one pair of templates, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from core.models import Shop


@dataclass(frozen=True)
class Attachment:
    """A file in a mail."""

    name: str
    content: bytes
    mimetype: str


def build(prefix: str, *, to: str, locale: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The message of `<prefix>.subject.txt`, `.txt` and `.html` (or allauth's `_subject.txt`, `_message.txt`)."""
    with translation.override(locale):
        shop: Shop = context.get("shop") or Shop.objects.current()
        full = {"base_url": settings.BASE_URL, **context, "shop": shop, "locale": locale}
        subject = render_to_string([f"{prefix}.subject.txt", f"{prefix}_subject.txt"], full)
        text = render_to_string([f"{prefix}.txt", f"{prefix}_message.txt"], full)
        html = render_to_string(
            [f"{prefix}.html", f"{prefix}_message.html", "emails/plain.html"], {**full, "text": text}
        )
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=f"{clean(shop.name)} <{settings.DEFAULT_FROM_EMAIL}>",
        to=[to],
        reply_to=[shop.email] if shop.email else None,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": locale},
    )
    if full.get("unsubscribe_url"):
        # RFC 8058: the mail program itself refuses, by one POST without sign-in.
        message.extra_headers["List-Unsubscribe"] = f"<{full['unsubscribe_url']}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.attach_alternative(html, "text/html")
    return message


def send_template(
    prefix: str, *, to: str, locale: str, context: dict[str, Any], attachments: Sequence[Attachment] = ()
) -> None:
    """Build and hand to the mail server. Raises what the server raises: callers are tasks that try again."""
    message = build(prefix, to=to, locale=locale, context=context)
    for attachment in attachments:
        message.attach(attachment.name, attachment.content, attachment.mimetype)
    message.send()


def clean(name: str) -> str:
    """A name that is safe in a header."""
    return "".join(character for character in name if character.isprintable() and character not in '<>"@,;:\\').strip()
