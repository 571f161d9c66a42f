"""French typography at render time: narrow spaces before ; ! ?, no-break before : and inside « » , curly apostrophes."""

import re

THIN, NBSP = "\u202f", "\u00a0"
TAG = re.compile(r"(<[^>]+>)")
VERBATIM = re.compile(r"<(code|pre|script|style|textarea|a)\b", re.IGNORECASE)
VERBATIM_END = re.compile(r"</(code|pre|script|style|textarea|a)\b", re.IGNORECASE)
RULES = [
    (re.compile(r"(?<=\w)'(?=\w)"), "\u2019"),
    (re.compile(r"[ \u00a0\u202f]+([;!?])"), THIN + r"\1"),
    (re.compile(r"[ \u00a0\u202f]+:(?=\s|$)"), NBSP + ":"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«" + NBSP),
    (re.compile(r"[ \u00a0\u202f]*»"), NBSP + "»"),
    (re.compile(r"(?<=\d) (?=(?:€|%|°C|cm|mm|kg|g|ml|l|h|km|m)\b|€|%)"), NBSP),
    (re.compile(r"\.\.\."), "…"),
]


def french(text: str) -> str:
    """Set plain French text."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


def french_html(html: str) -> str:
    """Set French HTML: words only, never tags, code, or the words of a link's address."""
    pieces, verbatim = [], 0
    for piece in TAG.split(html):
        if piece.startswith("<"):
            if VERBATIM.match(piece) and not piece.lower().startswith("<a"):
                verbatim += 1
            elif VERBATIM_END.match(piece) and not piece.lower().startswith("</a"):
                verbatim = max(0, verbatim - 1)
            pieces.append(piece)
        else:
            pieces.append(piece if verbatim or "://" in piece else french(piece))
    return "".join(pieces)
