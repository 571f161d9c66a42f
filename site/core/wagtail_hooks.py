"""What the floor adds to Wagtail."""

from wagtail import hooks

from core.card import CardOperation


@hooks.register("register_image_operations")
def image_operations() -> list[tuple[str, type[CardOperation]]]:
    return [("card", CardOperation)]
