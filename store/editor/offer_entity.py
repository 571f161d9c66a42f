"""The inline offer in the text editor: a toolbar button on selected words; stored as `<a linktype="offer" id="12">`."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature

from store.editor import standing
from store.models import ProductPage
from store.rich_text import OfferLinkHandler, key_of

NAME, TYPE = "offer", "OFFER"


class OfferElementHandler(LinkElementHandler):
    """From what is stored to what the editor works with."""

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        page = ProductPage.objects.filter(pk=key_of(attrs)).select_related("product").first()
        if page is None:
            return {"id": key_of(attrs), "name": "", "price": ""}
        return {"id": page.pk, "name": page.title, "price": standing.of_one(page.product).price_text}


def stored_link(props: dict[str, Any]) -> Any:
    """From the editor to what is stored: the key alone, never a price."""
    return DOM.create_element("a", {"linktype": NAME, "id": props.get("id")}, props["children"])


def register(features: Any) -> None:
    """Make the feature "offer" known to Wagtail."""
    features.register_link_type(OfferLinkHandler)
    choice = {
        "type": TYPE,
        "icon": "tag",
        "description": _("Link with its price"),
        "attributes": ["id", "name", "price"],
        "chooserUrls": {"offerChooser": reverse_lazy("product_chooser:choose")},
    }
    scripts = ["wagtailadmin/js/chooser-modal.js", "js/editor/offer-entity.js"]
    features.register_editor_plugin("draftail", NAME, EntityFeature(choice, js=scripts))
    features.register_converter_rule(
        "contentstate",
        NAME,
        {
            "from_database_format": {'a[linktype="offer"]': OfferElementHandler(TYPE)},
            "to_database_format": {"entity_decorators": {TYPE: stored_link}},
        },
    )
