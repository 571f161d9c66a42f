"""What an article is written with: the editorial blocks and what is for sale."""

from core.blocks import TEXT_FEATURES, EditorialBlocks, TextBlock
from store.blocks import OfferBlock, ShelfBlock


class ArticleBody(EditorialBlocks):
    """Words, pictures and offers."""

    text = TextBlock(features=[*TEXT_FEATURES, "offer"])
    produit = OfferBlock()
    shelf = ShelfBlock()
