"""QR codes as SVG that our policy lets through: no inline style, the colours are the page's own."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

QUIET = 4  # modules of silence around it (ISO/IEC 18004)


def svg(text: str, label: str = "") -> SafeString:
    """One path, dark on the page's light; `label` is read aloud."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect class="qr__light" width="100%" height="100%"/><path class="qr__dark" d="{}"/></svg>',
        side, side, label or _("QR code"), mark_safe(path),  # noqa: S308 - figures only
    )  # fmt: skip
