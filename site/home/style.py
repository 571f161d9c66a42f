"""The style guide: every token, component and block in every state, fed by samples of its own."""

from datetime import UTC, datetime
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation

from core import money

COLOURS = (
    "paper",
    "ink",
    "quiet",
    "hair",
    "blue",
    "red",
    "yellow",
    "enamel",
    "zinc",
    "drawer",
    "field",
    "plate",
)
STATES = (
    ("available", ""),
    ("last", "Il en reste 4"),
    ("busy", "Un autre la paie en ce moment, réessayez à 14 h 32"),
    ("sold_out", "Revient en mars"),
    ("scheduled", "En vente le 3 décembre à 9 h"),
    ("archived", "Ne se vend plus"),
    ("closed", "Le comptoir est fermé jusqu'au 2 janvier"),
    ("draft", "Brouillon : pas encore en vente"),
)
MARKS = ("Nord", "Au Tiers-Point", "Coutellerie Veuve Lambert", "Quincaillerie de Montreuil &")
DRAWINGS = {"cafetiere": (460, 524), "bol": (300, 184), "moulin": (224, 448), "brosse": (620, 148)}


class SampleForm(forms.Form):
    """Contact and delivery, to show fields with hints and errors."""

    email = forms.EmailField(label="E-mail", help_text="Pour le reçu, rien d'autre.")
    name = forms.CharField(label="Nom")
    address = forms.CharField(label="Adresse")
    postcode = forms.CharField(label="Code postal", max_length=5)
    city = forms.CharField(label="Ville")
    note = forms.CharField(label="Un mot pour moi", required=False, widget=forms.Textarea)
    waive = forms.BooleanField(label="J'ai lu que ce téléchargement commence tout de suite.")


class SignInForm(forms.Form):
    """The simple page."""

    email = forms.EmailField(label="E-mail", help_text="Vous recevrez un code à six chiffres.")


def style_guide(request: HttpRequest) -> HttpResponse:
    """Answers in English with ?lang=en (the samples' own words stay French), in the other type with ?type=nappe."""
    with translation.override("en" if request.GET.get("lang") == "en" else "fr"):
        guide = context()
        guide["shop"].type = "nappe" if request.GET.get("type") == "nappe" else "zinc"
        return render(request, "style/guide.html", guide)


def context() -> dict[str, Any]:
    """All that the guide's templates show."""
    cafetiere = _group("cafetiere", "Cafetière émaillée", 4690, 26, hand="La mienne a trente ans et une bosse.")
    bol = _group("bol", "Bol à oreilles", 1200, 9, labels=("Rouge", "Bleu", "Gris"))
    moulin = _group("moulin", "Moulin à poivre", 3850, 22, state="last", state_text="Il en reste 2")
    brosse = _group("brosse", "Brosse à farine", 1450, 7, state="sold_out", state_text="Revient en mars")
    return {
        "LANGUAGE_CODE": translation.get_language(),
        "shop": Sample(
            name="Au Tiers-Point",
            legal_line="Au Tiers-Point, Montreuil",
        ),
        "announcement": Sample(text="Le comptoir part à la foire de Brive : rien ne part avant mardi.", url=""),
        "menu": [_link("Journal", current=True), _link("Boutique"), _link("Agenda"), _link("La maison")],
        "footer_menu": [_link("Livraison"), _link("La maison"), _link("Écrivez-moi")],
        "legal_links": [
            _link("Mentions légales"),
            _link("Conditions de vente"),
            _link("Vie privée"),
            _link("Renoncer à un contrat ici", name="store:withdraw"),
        ],
        "alternates": [Sample(lang="en", label="English", url="?lang=en")],
        "colours": COLOURS,
        "marks": MARKS,
        "states": [
            _group("cafetiere", "Cafetière émaillée", 4690, 26, state=state, state_text=text) for state, text in STATES
        ],
        "offer": cafetiere,
        "several": bol,
        "many": _group("moulin", "Moulin à poivre", 3850, 22, labels=tuple(f"{size} cm" for size in range(10, 34, 3))),
        "reduced": _group("bol", "Bol ébréché", 800, 9, was="12,00\u202f€"),
        "photographed": _photographed(),
        "three": [cafetiere, bol, moulin],
        "shelf": [cafetiere, bol, moulin, brosse],
        "article": _article(),
        "others": [
            _article("Le bol qui revient toujours", "Pourquoi une oreille de chaque côté suffit."),
            _article("Trois brosses, une seule dure", "Le crin, la soie et le mensonge."),
            _article("Sept ans de poivre", "Un moulin ouvert en deux, et ce qu'on y trouve."),
        ],
        "author": Sample(
            name="Jeanne Tiersot",
            url="#",
            portrait=_image("portrait", (320, 400), drawing=False),
            words="Je vends ce dont je me sers, et j'écris ce que j'en pense.",
            hand="À mardi, au comptoir. Jeanne",
        ),
        "body": _body(),
        **_till(),
    }


def _link(title: str, *, current: bool = False, name: str = "") -> Sample:
    return Sample(title=title, url="#", is_current=current, name=name)


def _image(name: str, size: tuple[int, int], *, drawing: bool = True) -> Sample:
    width, height = size
    source = static(f"img/style/{name}.svg")
    return Sample(
        sample_src=source,
        width=width,
        height=height,
        is_drawing=drawing,
        dark_id=None,
        description="",
        contextual_alt_text="",
    )


def _euros(amount: int) -> str:
    return money.text(amount, "EUR", "fr")


def _group(name: str, title: str, amount: int, height: int, *, labels: tuple[str, ...] = ("",), **more: str) -> Sample:
    state, state_text = more.get("state", "available"), more.get("state_text", "")
    choices = [
        Sample(
            offer_id=len(name) * 100 + number,
            label=label,
            price_text=_euros(amount + number * 150),
            was_text=more.get("was", ""),
            state="sold_out" if number == 1 else state,
            state_text="épuisé" if number == 1 else "",
            max_quantity=0 if number == 1 else 4,
        )
        for number, label in enumerate(labels)
    ]
    return Sample(
        key=f"{name}-{state}-{len(labels)}{more.get('was', '')[:2]}",
        kind="goods",
        title=title,
        url="#",
        image=_image(name, DRAWINGS[name]),
        height_cm=height,
        hand=more.get("hand", ""),
        promise="Part mardi, chez vous jeudi",
        facts=[("Poids", "940 g"), ("Fabriqué par", "Émaillerie Dufour"), ("Où", "Saint-Omer")],
        price_text=choices[0].price_text,
        state=state,
        state_text=state_text,
        choices=choices,
        default=choices[0],
        successor=_group("moulin", "Moulin à poivre", 3850, 22) if state == "archived" else None,
    )


def _photographed() -> Sample:
    group = _group("bol", "Carreau de ciment", 900, 20)
    group.image = _image("cover", (1200, 750), drawing=False)
    return group


def _article(title: str = "La cafetière qui ne casse pas", summary: str = "") -> Sample:
    return Sample(
        title=title,
        url="#",
        section="Objets",
        summary=summary
        or "Elle est tombée deux fois dans ma cuisine et une fois dans la vôtre. Voici ce que l'émail supporte, et ce qu'il ne pardonne pas.",
        by="Jeanne Tiersot, 14 novembre, 6 minutes",
        image=_image("cover", (1200, 750), drawing=False),
        image_alt="Carreaux de ciment bleus et noirs, l'un cassé",
    )


def _body() -> dict[str, Any]:
    cover = _image("cover", (1200, 750), drawing=False)
    return {
        "picture": {"image": cover, "caption": "Le sol de l'atelier, avant la fuite.", "wide": False},
        "wide": {"image": cover, "caption": "Le même, en entier.", "wide": True},
        "gallery": {"images": [cover] * 3, "caption": "Trois fois le même sol."},
        "quote": {
            "text": "Une cafetière, ça se garde pour le bruit qu'elle fait.",
            "attribution": "Mme Roussel, cliente depuis 1998",
        },
        "callout": {"text": "Ne la mettez jamais vide sur le feu."},
        "embed": {"url": "#", "title": "L'émaillage à Saint-Omer, en deux minutes"},
    }


def _till() -> dict[str, Any]:
    line = Sample(
        id=1,
        title="Cafetière émaillée",
        label="1 litre",
        url="#",
        image=_image("cafetiere", DRAWINGS["cafetiere"]),
        quantity=1,
        max_quantity=4,
        amount=4690,
        note="De « La cafetière qui ne casse pas »",
        wrong=False,
        undone=False,
    )
    second = Sample(
        id=2,
        title="Bol à oreilles",
        label="Rouge",
        url="#",
        image=_image("bol", DRAWINGS["bol"]),
        quantity=2,
        max_quantity=2,
        amount=2400,
        note="Il n'en reste que 2",
        wrong=True,
        undone=False,
    )
    gone = Sample(id=3, title="Brosse à farine", undone=True)
    moment = datetime(2026, 11, 17, 9, 12, tzinfo=UTC)
    return {
        "currency": "EUR",
        "lines": [line, second],
        "basket_lines": [line, second, gone],
        "totals": [
            Sample(label="Livraison", note="Colissimo, part mardi, chez vous jeudi", amount=690, is_total=False),
            Sample(label="Total", note="", amount=7780, is_total=True),
            Sample(label="dont TVA 20 %", note="", amount=1297, is_total=False),
        ],
        "pledge_facts": [
            ("Pour", "Claire Morin\n4 rue des Lilas, 93100 Montreuil"),
            ("Reçu à", "claire@example.org"),
        ],
        "form": SampleForm(),
        "wrong_form": SampleForm(
            {
                "email": "claire",
                "name": "",
                "address": "4 rue des Lilas",
                "postcode": "931",
                "city": "Montreuil",
            },
            auto_id="wrong_%s",
        ),
        "sign_in": SignInForm(auto_id="sign_in_%s"),
        "answers": [
            Sample(label="Commander à 48,00\u202f€", name="accept", value="4800", url="", is_main=True),
            Sample(label="Revenir à l'article", url="#", is_main=False),
        ],
        "page": Paginator(range(60), 20).page(2),
        "orders": [
            Sample(
                number="TP-2K7Q",
                url="#",
                what="Cafetière émaillée, deux bols",
                state_text="Expédiée",
                placed_at=moment,
                amount=7780,
                currency="EUR",
            ),
            Sample(
                number="TP-1H4D",
                url="#",
                what="Moulin à poivre",
                state_text="Remboursée",
                placed_at=moment,
                amount=3850,
                currency="EUR",
            ),
        ],
        "events": [
            Sample(at=moment, text="Le colis est chez Colissimo, 6A1234567890."),
            Sample(at=moment, text="Payée, 77,80\u202f€ par carte."),
            Sample(at=moment, text="Commandée depuis « La cafetière qui ne casse pas »."),
        ],
        "maker": Sample(
            name="Émaillerie Dufour",
            address="12 rue du Four\n62500 Saint-Omer",
            contact="atelier@dufour.example",
        ),
        "warnings": ["L'anse chauffe : prenez un linge."],
        "account_rows": [_link("Commandes", current=True), _link("Adresses"), _link("Se déconnecter")],
        "crumbs": [_link("Accueil"), _link("Boutique"), _link("Café")],
    }
