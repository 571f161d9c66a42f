"""Sizes and colours typed once."""

import pytest
from django.core.exceptions import ValidationError

from store.editor import axes
from store.editor.axes import Axis


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("Taille: 20, 24, 28", [Axis("Taille", ("20", "24", "28"))]),
        ("Taille:20,24", [Axis("Taille", ("20", "24"))]),
        ("Taille : 20 ; Couleur : rouge, bleu ;", [Axis("Taille", ("20",)), Axis("Couleur", ("rouge", "bleu"))]),
        ("Contenance: 0,5 L, 1 L", [Axis("Contenance", ("0,5 L", "1 L"))]),
        ("Taille: S\nCouleur: bleu nuit", [Axis("Taille", ("S",)), Axis("Couleur", ("bleu nuit",))]),
    ],
)
def test_parse(typed: str, expected: list[Axis]) -> None:
    assert axes.parse(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "Taille",
        "Taille:",
        ": 20, 24",
        "Taille: 20, 20",
        "Taille: 20; taille: 24",
        f"N: {', '.join(map(str, range(61)))}",
    ],
)
def test_parse_refuses_with_words(typed: str) -> None:
    with pytest.raises(ValidationError):
        axes.parse(typed)


def test_combinations_go_through_every_value_in_the_order_typed() -> None:
    found = axes.combinations(axes.parse("Taille: 20, 24; Couleur: rouge, bleu"))

    assert found == [["20", "rouge"], ["20", "bleu"], ["24", "rouge"], ["24", "bleu"]]


def test_no_axes_is_one_variant() -> None:
    assert axes.combinations([]) == [[]]


def test_as_typed_gives_back_what_was_typed() -> None:
    typed = "Taille: 20, 24; Couleur: rouge, bleu"
    kept = axes.parse(typed)

    assert axes.as_typed(axes.stored(kept), axes.combinations(kept)) == typed
