"""What stands before anything else: languages, the root of the pages, the site, its front in both languages."""

from wagtail.models import Collection, Locale, Page, Site

from home.models import HomePage


def locale(code: str = "fr") -> Locale:
    """That language."""
    return Locale.objects.get_or_create(language_code=code)[0]


def lay() -> None:
    """Make what Wagtail's data migrations make, and our front pages; a second call changes nothing."""
    french, english = locale("fr"), locale("en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=french)
    if not Site.objects.exists():
        front = root.add_child(instance=HomePage(title="Accueil", slug="home", locale=french))
        Site.objects.create(hostname="testserver", port=80, site_name="Essai", root_page=front, is_default_site=True)
        front.copy_for_translation(english).save_revision().publish()


def home(code: str = "fr") -> HomePage:
    """The front page in that language."""
    found: HomePage = HomePage.objects.get(locale__language_code=code)
    return found
