"""What Wagtail's content checker looks for in previews: its own rules, and pictures without words."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

BAD_WORDS = r"\.(avif|gif|jpg|jpeg|png|svg|webp|heic)$|_|^(image|photo|img|dsc|picture)\s*\d*$"


class HouseChecker(ContentCheckerItem):
    """More rules than Wagtail asks for by default; each with words for her who writes."""

    axe_run_only: ClassVar[list[str]] = [
        *ContentCheckerItem.axe_run_only, "image-alt", "image-redundant-alt", "page-has-heading-one", "duplicate-id-aria",
        "list", "link-in-text-block",
    ]  # fmt: skip
    axe_custom_checks: ClassVar[list[dict[str, Any]]] = [
        {"id": "check-image-alt-text", "options": {"pattern": BAD_WORDS}},
        {"id": "check-empty-meta-description"},
    ]
    axe_messages: ClassVar[dict[str, Any]] = {
        **ContentCheckerItem.axe_messages,
        "image-alt": {
            "error_name": _("A picture without words"),
            "help_text": _("Say what it shows, or that it is only decoration."),
        },
        "image-redundant-alt": {
            "error_name": _("A picture repeats the words beside it"),
            "help_text": _("Say what it shows, or that it is only decoration."),
        },
        "page-has-heading-one": {"error_name": _("The page has no title"), "help_text": _("Give it one.")},
        "empty-meta-description": {
            "error_name": _("Search engines find no description"),
            "help_text": _("Write a summary, or a description in “Promote”."),
        },
    }


def use_house_checker(_request: Any, items: list[Any], _page: Any) -> None:
    """Put ours in the place of Wagtail's own."""
    items[:] = [
        HouseChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
