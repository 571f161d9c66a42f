"""The circle of the demo's club: who shows what in the directory, plates with initials for portraits, who has met whom."""

from itertools import cycle

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from home.demo_load.texts import ago
from members import plate
from members.models import Introduction, Profile, User

COLOURS = list(plate.ENAMEL.values())
TOWNS = (
    "Vierzon",
    "Bourges",
    "Lyon",
    "Nantes",
    "Thiers",
    "Romorantin",
    "Lille",
    "Saint-Étienne",
    "Rennes",
    "Nevers",
    "Arles",
)
TRADES = (
    "coutelière", "relieur", "luthière", "jardinier", "institutrice", "fondeur", "tapissière", "cycliste au long cours",
    "ébéniste", "infirmière", "céramiste", "régisseur", "vannière",
)  # fmt: skip
WORDS = (
    "Je répare des lampes depuis que ma grand-mère m’en a laissé onze. Il m’en reste trois à comprendre.",
    "Je cherche quelqu’un pour scier droit avec moi le samedi.",
    "J’aiguise, je rate, je recommence. J’échange volontiers des pierres contre des confitures.",
    "Une cafetière de 1958 me résiste. Vos avis sont les bienvenus.",
    "Je donne des manches en frêne, j’en ai trop coupé cet hiver.",
    "Passé de l’écran à l’établi l’an dernier. Tout m’intéresse, rien ne presse.",
    "Je prête mon étau et ma patience.",
    "Je note tout dans des carnets ; je veux bien lire les vôtres.",
    "Ma spécialité : les charnières qui grincent.",
    "Je viens aux soirées pour écouter les autres raconter leurs pannes.",
    "J’ai une remise de quarante mètres carrés et personne avec qui la partager.",
    "Je cherche une meule à eau, même fendue.",
    "Des outils de jardin de trois générations, et pas un neuf.",
)
ASKED = (
    (3, 0, "asked", "Votre mot sur la remise m’a fait rêver. Un café, un samedi ?"),
    (7, 0, "asked", "Je passe à Vierzon le mois prochain, avec une lampe qui fume. La regarderiez-vous avec moi ?"),
    (0, 11, "asked", "Vos manches en frêne m’intéressent : j’ai trois marteaux nus."),
    (0, 5, "accepted", "Nous aiguisons tous les deux, et mal. Si nous le faisions ensemble ?"),
    (2, 9, "accepted", "On s’est croisés à la soirée des mèches, je crois."),
    (4, 8, "refused", "Bonjour, je collectionne les cafetières."),
)  # fmt: skip
"""(who asks, who is asked, what became of it, the words): by place in the list of members, 0 is whom the strip enters as."""


def accounts(people: list[tuple[str, str]]) -> None:
    """An account without a password for each (address, name) that has none: they sign in by a code."""
    there = set(User.objects.values_list("email", flat=True))
    none = make_password(None)
    new = [
        User(email=email, password=none, locale="fr", **_split(name)) for email, name in people if email not in there
    ]
    made = User.objects.bulk_create(new)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )


def _split(name: str) -> dict[str, str]:
    first, last = name.split(" ", maxsplit=1)
    return {"first_name": first, "last_name": last}


def gather(people: list[tuple[str, str]]) -> None:
    """Profiles, each as open as its owner is, and the introductions."""
    users = User.objects.in_bulk([email for email, _name in people], field_name="email")
    said = zip(cycle(TOWNS), cycle(TRADES), cycle(WORDS), strict=False)
    rows = [_profile(at, users[email], name, *next(said)) for at, (email, name) in enumerate(people)]
    Profile.objects.bulk_create(rows)
    for asker, asked, state, words in ASKED:
        row = Introduction(asker=rows[asker].user, asked=rows[asked].user, words=words, state=state)
        row.answered_at = None if state == "asked" else timezone.now()
        row.save()
        Introduction.objects.filter(pk=row.pk).update(made_at=ago(asker + 1))


def _profile(at: int, user: User, name: str, town: str, trade: str, words: str) -> Profile:
    """Some show all, some little; one in six is not in the directory at all."""
    has_portrait = at % 3 != 2
    hides = (("town", at % 4 == 3), ("trade", at % 3 == 1), ("words", at % 5 == 2), ("portrait", False))
    shown = [field for field, is_hidden in hides if not is_hidden]
    return Profile(
        user=user, name=name, town=town, trade=trade, words=words, shown=shown, is_listed=at % 6 != 4, is_named=at % 5 == 0,
        has_portrait=has_portrait, portrait=plate.monogram(name, COLOURS[at % len(COLOURS)]) if has_portrait else None,
    )  # fmt: skip
