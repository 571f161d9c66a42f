"""What may no longer be linked to: the European platform for disputes closed on 20 July 2025 (Reg. (EU) 2024/3228)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

PLATFORM = re.compile(r"ec\.europa\.eu/(?:consumers/)?odr\b", re.IGNORECASE)


def refuse(written: Any) -> None:
    """Raise ValidationError when a text, rich text or stream of blocks links to it."""
    text = written.get_prep_value() if isinstance(written, StreamValue) else written
    if PLATFORM.search(str(text)):
        raise ValidationError(
            _(
                "The European platform for disputes (ec.europa.eu/consumers/odr) closed on 20 July 2025: take its link out. "
                "Your mediator is named by itself in the legal notice and before each order."
            )
        )
