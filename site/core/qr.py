"""QR codes as SVG, drawn here: no request to anybody, no inline style, dark on white in both schemes."""

from functools import lru_cache

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around it, as ISO/IEC 18004 wants


@lru_cache(maxsize=256)
def svg(text: str, label: str) -> SafeString:
    """The code of `text`; `label` is read aloud in its place."""
    rows = matrix(text)
    path = "".join(_runs(number, row) for number, row in enumerate(rows))
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="{1}" aria-label="{3}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>',
        len(rows), "img", path, label,
    )  # fmt: skip


def matrix(text: str) -> list[list[bool]]:
    """Its modules row by row, True for dark, the white around it included."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def _runs(number: int, row: list[bool]) -> str:
    """The dark modules of one row, each run of them one rectangle."""
    found, start = [], None
    for at, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = at
        elif not is_dark and start is not None:
            found.append(f"M{start} {number}h{at - start}v1h-{at - start}z")
            start = None
    return "".join(found)
