"""The shop: who sells, under which law, with which words. One per Wagtail site."""

import hashlib
import re
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren as siren_number
from wagtail.models import Site

# Legal forms with a share capital, as they are written: "SARL", "S.A.S.", "société par actions simplifiée".
COMPANY = re.compile(
    r"\b(?:SARL|EURL|SASU?|SA|SNC|SC[AISP]|SCOP|SCIC|SELARLU?|SELASU?|société|company)\b", re.IGNORECASE
)


def clean_siren(value: str) -> None:
    """A SIREN has nine digits and a check digit (Luhn)."""
    try:
        siren_number.validate(value)
    except NumberError as error:
        raise ValidationError(_("This is not a valid SIREN: nine digits, the last one a check.")) from error


class ShopQuerySet(models.QuerySet["Shop"]):
    """Which shop a request or a task speaks of."""

    def for_site(self, site: Site) -> "Shop":
        """The shop of a site, made empty (and therefore closed) when there is none."""
        return self.get_or_create(site=site, defaults={"name": site.site_name or "Comptoir"})[0]

    def current(self) -> "Shop":
        """The shop of the default site: the one a task or a command means."""
        return self.select_related("site").filter(site__is_default_site=True).first() or self.for_site(
            Site.objects.get(is_default_site=True)
        )


class Shop(models.Model):
    """Seller, currency, legal identity. Everything sold belongs to exactly one shop."""

    class Notify(models.TextChoices):
        EACH = "each", _("a mail for each order")
        DIGEST = "digest", _("one mail a day")

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="shop")
    name = models.CharField(_("name of the shop"), max_length=60)
    tagline = models.CharField(_("what you are, in one line"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    country = models.CharField(_("country"), max_length=2, default="FR")
    is_closed = models.BooleanField(
        _("closed for now"), default=False, help_text=_("Reading goes on; nothing can be bought.")
    )
    closed_words = models.CharField(_("what to tell while closed"), max_length=200, blank=True)

    seller = models.CharField(_("seller"), max_length=120, blank=True, help_text=_("Your name or the company's."))
    legal_form = models.CharField(_("legal form"), max_length=120, blank=True)
    capital = models.CharField(_("share capital"), max_length=60, blank=True)
    siren = models.CharField(_("SIREN"), max_length=11, blank=True, validators=[clean_siren])
    register = models.CharField(_("register (RCS or RNE)"), max_length=120, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    director = models.CharField(_("publication director"), max_length=120, blank=True)
    epr_ids = models.TextField(_("EPR identifiers"), blank=True, help_text=_("One per line: stream and number."))

    host_name = models.CharField(_("host: name"), max_length=120, blank=True)
    host_address = models.TextField(_("host: address"), blank=True)
    host_phone = models.CharField(_("host: phone"), max_length=30, blank=True)

    mediator_name = models.CharField(_("mediator: name"), max_length=160, blank=True)
    mediator_address = models.TextField(_("mediator: address"), blank=True)
    mediator_url = models.URLField(_("mediator: site"), blank=True)

    dispatch_days = models.JSONField(
        _("dispatch days"), default=list, blank=True, help_text=_("Days of the week on which parcels leave.")
    )
    dispatch_before = models.PositiveSmallIntegerField(
        _("orders until (hour)"),
        default=12,
        validators=[MaxValueValidator(23)],
        help_text=_("Paid before this hour, an order leaves the same day."),
    )

    notify = models.CharField(_("tell me of orders by"), max_length=6, choices=Notify.choices, default=Notify.EACH)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily mail"), default=18, validators=[MaxValueValidator(23)]
    )
    digest_sent_on = models.DateField(null=True, editable=False)
    stripe_account = models.CharField(max_length=64, blank=True, editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self) -> str:
        return self.name

    @property
    def is_company(self) -> bool:
        """Whether the legal form is one that has a capital, which it must state (C. com. R123-238)."""
        return bool(COMPANY.search(self.legal_form.replace(".", "")))

    @property
    def legal_line(self) -> str:
        """Who answers for the site, at the foot of every page."""
        return ", ".join(part for part in (self.seller, f"SIREN {self.siren}" if self.siren else "") if part)

    def regime_on(self, day: date) -> str:
        """`normal` or `franchise` on that day (CGI art. 293 B); normal where nothing is said."""
        regimes = sorted(self.vat_regimes.all(), key=lambda row: row.starts_on)
        in_force = [row.regime for row in regimes if row.starts_on <= day]
        return in_force[-1] if in_force else VatRegime.Regime.NORMAL

    @property
    def is_franchise(self) -> bool:
        """No VAT words anywhere today."""
        return self.regime_on(timezone.localdate()) == VatRegime.Regime.FRANCHISE

    def terms_in_force(self) -> "TermsVersion | None":
        """The newest published terms of sale."""
        published = [(row.published_at, row.pk, row) for row in self.terms_versions.all() if row.published_at]
        return max(published)[2] if published else None

    def snapshot(self) -> dict[str, Any]:
        """The seller's identity as it is frozen on an order."""
        names = [
            "name",
            "seller",
            "legal_form",
            "capital",
            "siren",
            "register",
            "vat_number",
            "address",
            "email",
            "phone",
        ]
        names += ["mediator_name", "mediator_address", "mediator_url"]
        return {name: getattr(self, name) for name in names}


class VatRegime(models.Model):
    """Which VAT regime the shop is under from a day on; kept, never overwritten."""

    class Regime(models.TextChoices):
        NORMAL = "normal", _("normal (prices include VAT)")
        FRANCHISE = "franchise", _("franchise (art. 293 B of the CGI: no VAT)")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="vat_regimes")
    regime = models.CharField(_("regime"), max_length=10, choices=Regime.choices)
    starts_on = models.DateField(_("from"))

    class Meta:
        verbose_name = _("VAT regime")
        verbose_name_plural = _("VAT regimes")
        constraints = [models.UniqueConstraint(fields=["shop", "starts_on"], name="one_vat_regime_a_day")]

    def __str__(self) -> str:
        return f"{self.get_regime_display()} – {self.starts_on}"


class TermsVersion(models.Model):
    """One version of the terms of sale. Once published it never changes: orders point at it."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="terms_versions")
    title = models.CharField(_("title"), max_length=80, help_text=_("For instance: Terms of November 2026."))
    text_fr = models.TextField(_("text in French"))
    text_en = models.TextField(_("text in English"), blank=True)
    published_at = models.DateTimeField(_("in force since"), null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, editable=False, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("terms of sale")
        verbose_name_plural = _("terms of sale")

    def __str__(self) -> str:
        return self.title

    def publish(self) -> None:
        """Put this version in force and freeze it; a second call changes nothing."""
        if self.published_at is None:
            self.published_at = timezone.now()
            self.digest = hashlib.sha256(f"{self.text_fr}\0{self.text_en}".encode()).hexdigest()
            self.save()

    def text(self, locale: str) -> str:
        """The HTML in that language, French where there is no other."""
        return self.text_en if locale == "en" and self.text_en else self.text_fr

    def clean(self) -> None:
        if self.pk and TermsVersion.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise ValidationError(_("These terms are in force: write a new version instead."))
