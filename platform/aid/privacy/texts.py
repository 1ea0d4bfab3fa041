"""Words of the rights of people, as « mon espace » and the desk say them."""

from dataclasses import dataclass

from aid.privacy.enums import RightKind


@dataclass(frozen=True)
class RightWords:
    """One right: its address, what the person reads, what an agent reads."""

    kind: RightKind
    slug: str
    title: str
    lead: str
    what_happens: tuple[str, ...]
    question: str
    button: str
    # Of who asks by telephone.
    desk_title: str


RIGHTS = (
    RightWords(
        kind=RightKind.CORRECT,
        slug="corriger",
        title="Corriger mes informations",
        lead="Dites-nous ce qui n’est pas juste. Nous le corrigeons.",
        what_happens=("Quelqu’un lit votre demande.", "Nous corrigeons, puis nous vous le disons."),
        question="Que faut-il corriger ?",
        button="Envoyer",
        desk_title="Noter une correction à faire",
    ),
    RightWords(
        kind=RightKind.OBJECT,
        slug="ne-plus-me-contacter",
        title="Ne plus me contacter",
        lead="Nous vous laissons en paix, dès maintenant.",
        what_happens=(
            "Nous ne vous proposons plus rien : ni message, ni appel.",
            "Si vous nous demandez un coup de main, nous vous répondons.",
            "Vous changez d’avis quand vous voulez.",
        ),
        question="Voulez-vous nous dire pourquoi ?",
        button="Ne plus me contacter",
        desk_title="Ne plus contacter cette personne",
    ),
    RightWords(
        kind=RightKind.FORGET,
        slug="m-oublier",
        title="Tout effacer de moi",
        lead="Nous effaçons tout ce que nous savons de vous.",
        what_happens=(
            "Quelqu’un lit votre demande, et vous répond.",
            "Un rendez-vous est prévu ? Nous le terminons d’abord avec vous.",
            "Puis nous effaçons votre nom, votre adresse, vos numéros, vos demandes et nos messages.",
            "Il reste des nombres, sans nom : « une visite, en mai ».",
            "Après, personne ne peut revenir en arrière.",
        ),
        question="Voulez-vous nous dire pourquoi ?",
        button="Demander que l’on m’oublie",
        desk_title="Oublier cette personne",
    ),
)
BY_SLUG = {one.slug: one for one in RIGHTS}
BY_KIND = {one.kind: one for one in RIGHTS}
