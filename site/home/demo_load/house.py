"""The house before anything stands in it: languages, site, front pages, people, who sells and how it is sent."""

from datetime import date
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from wagtail.models import Locale, Page, Site

from blog.models import JournalPage
from core.models import Shop, TermsVersion, VatRegime
from home.demo_load.book import Book
from home.demo_load.texts import LOCALES, Table, ago, html, table
from home.models import HomePage, Menu, MenuEntry
from members.models import User
from store.models import DeliveryMethod, DeliveryRate, ShopPage

PASSWORD = "comptoir-demo"  # noqa: S105 - the demo's own, told on the screen
MEMBER_EMAIL = "membre@example.org"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OPENED = date(2012, 4, 2)
AGE = 200
FRONTS = {
    "home": {"fr": ("Accueil", "accueil"), "en": ("Home", "welcome")},
    "journal": {"fr": ("Journal", "journal"), "en": ("Journal", "journal")},
    "shop": {"fr": ("Boutique", "boutique"), "en": ("Shop", "shop")},
}
TYPES = {"home": HomePage, "journal": JournalPage, "shop": ShopPage}


def open_site(name: str) -> None:
    """Name the default site and bring its address up to BASE_URL; may run twice."""
    parts = urlsplit(settings.BASE_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    Site.objects.filter(is_default_site=True).update(hostname=parts.hostname or "localhost", port=port)
    if name:
        Site.objects.filter(is_default_site=True).update(site_name=name)
    Site.clear_site_root_paths_cache()


def lay(name: str, owner: User) -> Book:
    """Front page, journal and shop page in both languages, and a shop with nothing but its name."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LOCALES}
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    root = Page.get_first_root_node()
    pages: dict[tuple[str, str], Page] = {}
    for kind, words in FRONTS.items():
        for code, (title, slug) in words.items():
            parent = root if kind == "home" else pages["home", code]
            page = TYPES[kind](title=title, slug=slug, locale=locales[code])
            add(parent, page, days=AGE, original=pages.get((kind, "fr")), owner=owner)
            pages[kind, code] = page
    Site.objects.filter(pk=site.pk).update(root_page=pages["home", "fr"])
    if not welcome.is_root():
        welcome.delete()
    open_site(name)
    shop = Shop.objects.get_or_create(site_id=site.pk, defaults={"name": name})[0]
    return Book(shop, owner, locales, pages)


def add(parent: Page, page: Page, *, days: int, original: Page | None = None, owner: User | None = None) -> None:
    """Put a page where it belongs, live since so many days; `original` is the page that it translates."""
    at = ago(days)
    page.first_published_at = page.last_published_at = at
    page.owner = owner
    if original:
        page.translation_key = original.translation_key
    parent.add_child(instance=page)


def person(email: str, name: str, *, locale: str = "fr", password: str | None = None, staff: bool = False) -> User:
    """Somebody with an account and a checked address."""
    first, _space, last = name.partition(" ")
    make = User.objects.create_superuser if staff else User.objects.create_user
    found = make(email, password, first_name=first, last_name=last, locale=locale)
    found.date_joined = ago(AGE)
    found.save(update_fields=["date_joined"])
    EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    return found


def customers(book: Book) -> None:
    """Those who have an account; the first of them is the demo's reader, the others sign in by a code."""
    for number, row in enumerate(table("customers")["customers"], start=1):
        if row["account"]:
            password = None if book.people else PASSWORD
            book.people[number] = person(row["email"], row["name"], locale=row["locale"], password=password)


def identity(book: Book) -> None:
    """Who sells, who hosts, who mediates, under which VAT, sent on which days."""
    data = table("shop")
    who, host, mediator, shop = data["identity"], data["host"], data["mediator"], book.shop
    fields = {
        "name": who["name"], "tagline": who["tagline"]["fr"], "currency": who["currency"], "country": who["country"],
        "seller": who["legal_name"], "legal_form": who["legal_form"], "capital": who["capital"], "siren": who["siren"],
        "register": who["register"], "vat_number": who["vat_number"], "address": _address(who), "email": who["email"],
        "phone": who["phone_shown"], "director": who["publication_director"],
        "epr_ids": "\n".join(f"{row['stream']['fr']} : {row['idu']}" for row in who["epr"]),
        "host_name": f"{host['name']}, {host['legal_form']}", "host_address": _address(host),
        "host_phone": host["phone_shown"], "mediator_name": mediator["name"],
        "mediator_address": _address(mediator), "mediator_url": mediator["url"],
        "dispatch_days": [DAYS.index(day) for day in data["dispatch"]["days"]],
        "dispatch_before": int(data["dispatch"]["cutoff"][:2]),
    }  # fmt: skip
    for name, value in fields.items():
        setattr(shop, name, value)
    shop.save()
    VatRegime.objects.create(shop=shop, regime=data["vat"]["regime"], starts_on=OPENED)
    for position, row in enumerate(data["delivery"]):
        book.deliveries[row["code"]] = _delivery(shop, row, position)


def _address(row: Table) -> str:
    return f"{row['street']}\n{row['postcode']} {row['city']}"


def _delivery(shop: Shop, row: Table, position: int) -> DeliveryMethod:
    pickup = row["kind"] == "pickup"
    days = row.get("delay_days") or [row["ready_days"]] * 2
    method = DeliveryMethod.objects.create(
        shop=shop, position=position, name=row["name"]["fr"], name_en=row["name"]["en"], carrier=row.get("carrier", ""),
        kind=DeliveryMethod.Kind.PICKUP if pickup else DeliveryMethod.Kind.SHIP, days_min=days[0], days_max=days[1],
        needs_phone=row.get("needs_phone", False), free_from=row.get("free_from"), pickup_address=row.get("address", ""),
        pickup_hours=_hours(row, "fr"), pickup_hours_en=_hours(row, "en"),
    )  # fmt: skip
    DeliveryRate.objects.bulk_create(
        DeliveryRate(
            method=method,
            sort_order=place,
            countries=row["countries"],
            max_weight_g=band["max_g"],
            amount=band["price"],
        )
        for place, band in enumerate(row.get("bands", []))
    )
    return method


def _hours(row: Table, locale: str) -> str:
    return f"{row['hours'][locale]}\n{row['note'][locale]}" if "hours" in row else ""


def terms(book: Book) -> None:
    """The terms of sale, in force since long before the first order."""
    row = next(page for page in table("shop")["pages"] if page["kind"] == "terms")
    texts = {code: _linked(html(row["file"], code), book, code) for code in LOCALES}
    made = TermsVersion.objects.create(
        shop=book.shop, title=f"{row['title']['fr']}, version {row['version']}", author=book.owner,
        text_fr=texts["fr"], text_en=texts["en"],
    )  # fmt: skip
    made.publish()
    TermsVersion.objects.filter(pk=made.pk).update(published_at=ago(AGE))


def _linked(source: str, book: Book, locale: str) -> str:
    return source.replace('href="withdrawal"', f'href="{book.link("withdrawal", locale)}"')


def in_menu(book: Book, page: Page, code: str, *, place: int) -> None:
    """A page's own entry at the head of the site."""
    menu = Menu.objects.get(shop=book.shop, locale=book.locales[code])
    MenuEntry.objects.create(menu=menu, place=MenuEntry.Place.HEAD, sort_order=place, label=page.title, page=page)


def owner() -> User:
    """The shopkeeper, who may do everything."""
    row = table("shop")["owner"]
    return person(row["email"], row["name"], password=PASSWORD, staff=True)


def owner_account() -> User | None:
    """Whom the demo's strip signs in as the owner."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()


def reader_account() -> User | None:
    """Whom it signs in as a reader: the first customer with an account; nobody in a blank shop."""
    row = next(row for row in table("customers")["customers"] if row["account"])
    return User.objects.filter(email=row["email"], is_active=True).first()
