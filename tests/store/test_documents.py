"""Documents of a contract: the same bytes each time, and nobody's markup but ours."""

import re
import zlib
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from core.models import TermsVersion
from store import documents

SELLER = {
    "name": "Essai",
    "seller": "Anne <b>Essai</b> & Cie",
    "address": "1 rue Courte\n75001 Paris",
    "email": "a@b.example",
}


def version(text: str = "<p>Conditions</p>", **fields) -> TermsVersion:
    return TermsVersion(
        title="CGV",
        text_fr=text,
        digest="d" * 64,
        published_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
        **fields,
    )


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def streams(content: bytes) -> bytes:
    """All compressed streams, opened."""
    found = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    return b"\n".join(_opened(part) for part in found)


def _opened(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


def test_terms_are_the_same_bytes_each_time():
    first = documents.terms(version(), "fr")
    documents._lay.cache_clear()  # noqa: SLF001 - laid out anew, not taken from memory
    assert documents.terms(version(), "fr") == first
    assert first[:5] == b"%PDF-"


def test_terms_differ_by_text_language_and_date():
    first = documents.terms(version(text_en="<p>Terms</p>"), "fr")
    assert documents.terms(version(text_en="<p>Terms</p>"), "en") != first
    assert documents.terms(version("<p>Autres</p>"), "fr") != first


def test_long_terms_run_over_pages():
    assert pages(documents.terms(version("<h2>Article</h2><p>Un mot. " + "Un mot. " * 2000 + "</p>"), "fr")) > 2


def test_terms_never_fetch_what_the_text_names():
    text = '<p>Oui</p><img src="http://127.0.0.1:9/x.png"><script>alert(1)</script><style>p{}</style><iframe src="/"></iframe>'
    assert documents.terms(version(text), "fr") != b""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>Un <b>mot</b></p>", "<p>Un <b>mot</b></p>"),
        ("<p onclick='x()' style='color:red'>Un</p>", "<p>Un</p>"),
        ('<a href="javascript:x()">Un</a>', "<a>Un</a>"),
        ('<a href="https://x.example" onmouseover="x()">Un</a>', '<a href="https://x.example">Un</a>'),
        ("<img src=x onerror=x()>Un", "Un"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
    ],
)
def test_owner_s_words_keep_their_structure_only(typed, kept):
    assert documents.clean(typed) == kept


def test_scripts_and_styles_go_with_their_contents():
    assert documents.clean("<script>alert(1)</script><p>Un</p><style>p { color: red }</style>") == "<p>Un</p>"


def test_framed_text_is_a_note_and_runs_over_pages():
    text = "<p>Avant</p><aside class='box'>" + "<p>Un mot. Un mot.</p>" * 120 + "</aside><p>Après</p>"
    assert documents.clean(text).count('<aside role="note">') == 1
    content = documents.terms(version(text), "fr")
    frames = len(re.findall(rb" re S\b", streams(content)))
    assert frames == pages(content) > 2


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_form_stands_on_a_page_of_its_own(locale):
    content = documents.withdrawal_form(SELLER, "https://x.example/retractation/", locale)
    assert pages(content) == 2
    assert b"https://x.example/retractation/" in content


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_form_names_the_seller_as_text(locale):
    html = render_to_string(
        f"store/legal/withdrawal_form.{locale}.html",
        {"who": "Anne <b>Essai</b>", "url": "https://x.example/"},
    )
    assert "Anne &lt;b&gt;Essai&lt;/b&gt;" in html


def test_form_follows_the_model_of_the_code():
    """Annex to article R221-1 of the French consumer code, sentence by sentence."""
    html = render_to_string("store/legal/withdrawal_form.fr.html", {"who": "X", "url": "U"})
    for sentence in (
        "(Veuillez compléter et renvoyer le présent formulaire uniquement si vous souhaitez vous rétracter du contrat.)",
        "Je/nous (*) vous notifie/notifions (*) par la présente ma/notre (*) rétractation du contrat (*) portant sur la "
        "vente du bien (*)/pour la prestation de services (*) ci-dessous :",
        "Commandé le (*)/reçu le (*) :",
        "Nom du (des) consommateur(s) :",
        "Adresse du (des) consommateur(s) :",
        "Signature du (des) consommateur(s) (uniquement en cas de notification du présent formulaire sur papier) :",
        "(*) Rayez la mention inutile.",
    ):
        assert sentence in html, sentence


@pytest.mark.parametrize("name", sorted(set(documents.FONTS.values())))
def test_fonts_hold_the_letters_of_french(name):
    font = TTFont(documents.ttf(name))
    held = font.getBestCmap()
    assert [sign for sign in "œŒÉç€«»…\u2019\u2013\u00d7\u00a0\u202f" if ord(sign) not in held] == []
    assert "fvar" not in font


@pytest.mark.parametrize(
    ("href", "followed"), [("https://x.example/a", b"https://x.example/a"), ("/a/", b"http://testserver/a/")]
)
def test_links_of_the_terms_can_be_followed(href, followed):
    content = documents.terms(version(f'<p><a href="{href}">Un</a></p>'), "fr")
    assert b"/URI (" + followed + b")" in content + streams(content)
