"""French typography at render time."""

import pytest
from django.template import Context, Template
from django.utils import translation

from core import typography

THIN, NBSP = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "set_in_french"),
    [
        ("Oui !", f"Oui{THIN}!"),
        ("Quoi ? Rien ; tout.", f"Quoi{THIN}? Rien{THIN}; tout."),
        ("Trois mots : sale", f"Trois mots{NBSP}: sale"),
        ("à 14:30", "à 14:30"),
        ("« Bonjour »", f"«{NBSP}Bonjour{NBSP}»"),
        ("«Bonjour»", f"«{NBSP}Bonjour{NBSP}»"),
        ("46,90 €", f"46,90{NBSP}€"),
        ("20 cm et 940 g", f"20{NBSP}cm et 940{NBSP}g"),
        ("20 cmes", "20 cmes"),
        ("l'eau d'ici", "l\u2019eau d\u2019ici"),
        ("et puis...", "et puis…"),
    ],
)
def test_french_sets_plain_text(typed: str, set_in_french: str) -> None:
    assert typography.french(typed) == set_in_french


@pytest.mark.parametrize("text", ["l'eau : oui ; non ! « mot » à 46,90 €", "déjà « fait » !"])
def test_french_is_the_same_the_second_time(text: str) -> None:
    once = typography.french(text)

    assert typography.french(once) == once


def test_french_html_leaves_code_attributes_and_addresses_alone() -> None:
    html = "<p title=\"l'eau !\">l'eau !</p><code>a = 'b' ;</code><pre>x ?</pre><p>https://a.example/l'eau ?q</p>"

    assert typography.french_html(html) == (
        f"<p title=\"l'eau !\">l\u2019eau{THIN}!</p><code>a = 'b' ;</code><pre>x ?</pre><p>https://a.example/l'eau ?q</p>"
    )


def test_typo_filter_escapes_what_is_not_safe() -> None:
    with translation.override("fr"):
        shown = Template("{{ words|typo }}").render(Context({"words": "<b> & l'eau"}))

    assert shown == "&lt;b&gt; &amp; l\u2019eau"


def test_typo_filter_leaves_english_alone() -> None:
    with translation.override("en"):
        shown = Template("{{ words|typo }}").render(Context({"words": "Wait ! It's"}))

    assert shown == "Wait ! It&#x27;s"
