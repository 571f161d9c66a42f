"""What the payment pages say, in French and English; the stand-in has no catalogue of its own."""

import json
from pathlib import Path

from django.http import HttpRequest

from sandbox.store import Body

# Each word as a pair: French, English.
_WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "words.json").read_text("utf-8"))


def language(request: HttpRequest, session: Body | None) -> str:
    """The session's language, else the browser's; French or English."""
    wanted = (session or {}).get("locale") or "auto"
    if wanted == "auto":
        wanted = request.headers.get("Accept-Language", "fr")
    return "en" if wanted.lower().startswith("en") else "fr"


def of(lang: str) -> dict[str, str]:
    return {key: pair[lang == "en"] for key, pair in _WORDS.items()}
