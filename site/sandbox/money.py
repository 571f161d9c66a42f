"""Amounts: what a session's lines, discount, shipping and taxes come to, and how amounts read."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from sandbox.store import Body, nulls

SMALLEST = {"eur": 50, "usd": 50, "gbp": 30, "chf": 50, "cad": 50, "aud": 50, "jpy": 50}
LARGEST = 99_999_999
WITHOUT_CENTS = frozenset(
    nulls("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"),
)
CURRENCIES = frozenset(
    nulls(
        "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf "
        "clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf "
        "idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop "
        "mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd "
        "scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd "
        "xcg xof xpf yer zar zmw"
    ),
)
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}


@dataclass
class Line:
    """One line of a session; ``taxes`` are tax rate objects."""

    price: Body
    quantity: int
    taxes: list[Body] = field(default_factory=list)
    subtotal: int = 0
    discount: int = 0
    taxed: list[tuple[Body, int, int]] = field(default_factory=list)

    @property
    def tax(self) -> int:
        return sum(amount for _, amount, _ in self.taxed)

    @property
    def total(self) -> int:
        added = sum(amount for rate, amount, _ in self.taxed if not rate["inclusive"])
        return self.subtotal - self.discount + added


def reckon(lines: list[Line], coupon: Body | None, products: list[str]) -> None:
    """Fills in subtotal, discount and taxes of each line; a coupon may be for some products."""
    for line in lines:
        unit = Decimal(line.price["unit_amount_decimal"] or 0)
        line.subtotal = _round(unit * line.quantity)
    share_discount([one for one in lines if not products or one.price["product"] in products], coupon)
    for line in lines:
        line.taxed = _taxes(line.subtotal - line.discount, line.taxes)


def share_discount(lines: list[Line], coupon: Body | None) -> None:
    """Spreads the discount over the lines by largest remainder."""
    total = sum(line.subtotal for line in lines)
    if coupon is None or not total:
        return
    if coupon["percent_off"]:
        whole = _round(Decimal(total) * Decimal(str(coupon["percent_off"])) / 100)
    else:
        whole = min(coupon["amount_off"], total)
    for line in lines:
        line.discount = whole * line.subtotal // total
    left = whole - sum(line.discount for line in lines)
    by_remainder = sorted(lines, key=lambda one: -(whole * one.subtotal % total))
    for line in by_remainder[:left]:
        line.discount += 1


def _taxes(taxable: int, rates: list[Body]) -> list[tuple[Body, int, int]]:
    """(rate, tax, taxable amount) for each rate; inclusive rates share one net amount."""
    included = sum((_percentage(rate) for rate in rates if rate["inclusive"]), Decimal(0))
    net = Decimal(taxable) / (1 + included / 100)
    return [(rate, _round(net * _percentage(rate) / 100), _round(net)) for rate in rates]


def _percentage(rate: Body) -> Decimal:
    return Decimal(str(rate["percentage"]))


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def as_decimal(amount: int | str | None) -> str | None:
    """An amount as ``unit_amount_decimal`` writes it."""
    if amount is None:
        return None
    text = format(Decimal(amount), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def smallest(currency: str) -> int:
    return SMALLEST.get(currency, 50)


def words(amount: int, currency: str, locale: str = "en") -> str:
    """An amount for people: "€46.90", or "46,90 €" in French."""
    number = f"{amount:,}" if currency in WITHOUT_CENTS else f"{Decimal(amount) / 100:,.2f}"
    sign = SIGNS.get(currency, currency.upper())
    if locale == "fr":
        return f"{number.replace(',', '\u202f').replace('.', ',')}\u00a0{sign}"
    return f"{sign}{number}"
