"""The floor's own tables: the shop, its legal texts, pictures, limits."""

from core.models.page import BasePage
from core.models.photo import Photo, PhotoRendition
from core.models.shop import Shop, TermsVersion, VatRegime
from core.models.throttle import Throttle

__all__ = ["BasePage", "Photo", "PhotoRendition", "Shop", "TermsVersion", "Throttle", "VatRegime"]
