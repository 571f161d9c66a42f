"""Small things that are edited beside the pages: authors, sections, menus."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import ObjectList
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from blog.models import Author, Section
from core.models import Shop
from home.models import Menu


class Entry(MenuItem):
    """Shown to those who may change such things."""

    model: Any

    def is_shown(self, request: HttpRequest) -> bool:
        return policy_registry.get_by_type(self.model).user_has_any_permission(request.user, {"add", "change"})


class Chooser(SnippetChooserViewSet):
    """It chooses; without Wagtail's address to make one there, which breaks for want of a form."""

    def get_urlpatterns(self) -> list[Any]:
        return [row for row in super().get_urlpatterns() if row.name != "create"]


class Snippets(SnippetViewSet):
    """A snippet with an entry of its own in the admin's menu."""

    chooser_viewset_class = Chooser
    label: Any = ""

    @classmethod
    def entry(cls, icon: str) -> MenuItem:
        """Its place in the menu."""
        viewset = cls.model.snippet_viewset
        item = Entry(cls.label, viewset.menu_url, name=viewset.menu_name, icon_name=icon)
        item.model = cls.model
        return item


class AuthorViewSet(Snippets):
    model = Author
    label = gettext_lazy("Authors")
    icon = "user"
    list_display = ["name", "role"]


class SectionViewSet(Snippets):
    model = Section
    label = gettext_lazy("Sections")
    icon = "list-ul"
    list_display = ["name", "words"]


class MenuForm(WagtailAdminModelForm):
    """One menu for each language."""

    def clean_locale(self) -> Any:
        locale = self.cleaned_data["locale"]
        others = Menu.objects.filter(shop_id=self.instance.shop_id, locale=locale).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a menu in this language already."))
        return locale


class NewMenu(CreateView):
    """It belongs to the shop."""

    def get_initial_form_instance(self) -> Menu:
        return Menu(shop=Shop.objects.current())


class MenuViewSet(Snippets):
    model = Menu
    label = gettext_lazy("Menus")
    icon = "bars"
    add_view_class = NewMenu
    edit_handler = ObjectList(Menu.panels, base_form_class=MenuForm)
