"""What the directory brings to the lists that walk everything."""

from typing import TYPE_CHECKING

from accounts.models import Account
from aid.directory.enums import CLOSE, REFUSE
from aid.directory.models import Professional, Theme
from aid.directory.professionals import change, take
from aid.directory.welcoming import welcome
from harness.directory import (
    COMMERCE,
    INSULT,
    SIRETS,
    a_place,
    a_professional,
    a_referent,
    a_welcome,
    an_administrator,
    with_professionals,
)
from harness.loop import somebody
from harness.permissions import (
    ABSENT,
    DOOR,
    Line,
    at_the_desk,
    for_administrators,
    for_agents,
)
from harness.seen import NOT_A_PAGE, Seen, both, each

if TYPE_CHECKING:
    from harness.scene import Scene


def one_professional() -> Professional:
    """The same for each address: a SIRET is there once."""
    return Professional.objects.first() or a_professional()


PROFESSIONAL = "/bureau/professionnels/{professional_*}/"
PAGES = {
    "directory:referents": [Seen("/referents/"), Seen("/referents/?q=mobilite"), Seen("/referents/?q=personne")],
    "directory:referent": [
        *each("/referents/{referent_*}/", ("alice", "agent")),
        Seen("/referents/{referent_alice}/", "resident"),
    ],
    "directory:photo": NOT_A_PAGE,  # a picture
    "directory:professionals": [Seen("/professionnels/"), Seen("/professionnels/?q=personne")],
    "directory:propose": both("/professionnels/proposer/", "anonymous", "Envoyer", SIRET="12"),
    "directory:proposed": [Seen("/professionnels/merci/")],
    "personal:welcome": both(
        "/mon-espace/accueillir/{welcome}/", "volunteer", "C’est fait", **{"Quelques mots": "x" * 301}
    ),
    "desk:referents": [Seen("/bureau/annuaire/", role) for role in ("agent", "administrator")],
    "desk:name_referent": [
        *both("/bureau/annuaire/nommer/?personne={person_lucie}", "administrator", "Mettre dans l’annuaire"),
        Seen("/bureau/annuaire/nommer/", "administrator"),
        Seen("/bureau/annuaire/nommer/?agent={account_administrator}", "administrator"),
    ],
    "desk:edit_referent": [
        *both("/bureau/annuaire/{referent_alice}/", "administrator", "Enregistrer", **{"Nom affiché": ""}),
        Seen("/bureau/annuaire/{referent_held}/", "administrator"),
    ],
    "desk:end_referent": [Seen("/bureau/annuaire/{referent_alice}/terminer/", "administrator")],
    "desk:welcome": both("/bureau/accueil/{welcome}/", "agent", "Donner le numéro"),
    "desk:professionals": [
        Seen("/bureau/professionnels/", "agent"),
        Seen("/bureau/professionnels/?etat=closed", "agent"),
    ],
    "desk:new_professional": both("/bureau/professionnels/nouveau/", "agent", "Enregistrer"),
    "desk:professional": each(PROFESSIONAL, ("proposed", "shown", "held", "refused", "closed"), "agent"),
    "desk:edit_professional": both(
        "/bureau/professionnels/{professional_shown}/modifier/", "agent", "Enregistrer", Métier=""
    ),
    "desk:move_professional": [
        *both("/bureau/professionnels/{professional_proposed}/refuser/", "agent", "Refuser"),
        Seen("/bureau/professionnels/{professional_shown}/fermer/", "agent"),
    ],
}

ADDRESSES = {
    "directory:referents": Line(200),
    "directory:referent": Line(200, kwargs=lambda: {"uid": a_referent().uid}),
    "directory:photo": Line(ABSENT, kwargs=lambda: {"uid": a_referent().uid}),
    "directory:professionals": Line(200, kwargs=with_professionals),
    "directory:propose": Line(200, kwargs=with_professionals),
    "directory:proposed": Line(200, kwargs=with_professionals),
    # Another referent's newcomer.
    "personal:welcome": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": a_welcome().uid}),
    "desk:referents": for_agents(),
    "desk:name_referent": for_administrators(),
    "desk:edit_referent": for_administrators(kwargs=lambda: {"uid": a_referent().uid}),
    "desk:end_referent": for_administrators(kwargs=lambda: {"uid": a_referent().uid}),
    "desk:welcome": at_the_desk(kwargs=lambda: {"uid": a_welcome().uid}),
    "desk:professionals": for_agents(kwargs=with_professionals),
    "desk:new_professional": for_agents(kwargs=with_professionals),
    "desk:professional": for_agents(kwargs=lambda: {"uid": one_professional().uid}),
    "desk:edit_professional": for_agents(kwargs=lambda: {"uid": one_professional().uid}),
    "desk:move_professional": for_agents(kwargs=lambda: {"uid": one_professional().uid, "slug": "verifier"}),
}

OPEN_TO_ALL = {
    "directory:referents": "whom the town shows to everybody",
    "directory:referent": "whom the town shows to everybody",
    "directory:photo": "photos that referents agreed to show to everybody",
    "directory:professionals": "whom the town shows to everybody",
    "directory:propose": "any business asks",
    "directory:proposed": "any business asks",
}


def play(scene: "Scene") -> None:
    """Two referents at two places, a third with the first, one held; a newcomer; a professional in each state."""
    agent = Account.objects.get(email="agent.de.la.scene@exemple.example")
    administrator = Account.objects.get(email="administrator.de.la.scene@exemple.example")
    mobility = Theme.objects.create(name="La mobilité de la scène", icon="car")
    north, south = a_place("Le Nord", "49.32000", "2.60000"), a_place("Le Sud", "49.27000", "2.62000")
    referents = {
        "alice": a_referent(scene.people["alice"], districts=[north], themes=[mobility], by_account=administrator),
        "nadia": a_referent(scene.people["nadia"], districts=[north], by_account=administrator),
        "agent": a_referent(
            agent, name="Camille, de la mairie", districts=[south], phone="+33199001156", days="Le mardi",
            email="camille@exemple.example", by_account=administrator,
        ),
        "held": a_referent(somebody("Odile", "+33639984998"), words=COMMERCE, by_account=administrator),
    }  # fmt: skip
    newcomer = somebody("Rosalie", "+33639984999", commune=north.commune, district=north)
    made = welcome(newcomer)
    assert made.referent == referents["alice"]
    by_account = an_administrator()
    professionals = {
        name: a_professional(
            f"Entreprise {name}", siret=siret, by_account=by_account, is_shown=name in {"shown", "held", "closed"}
        )
        for name, siret in zip(("proposed", "shown", "held", "refused", "closed"), SIRETS, strict=True)
    }
    change(professionals["held"], words=INSULT)
    take(professionals["refused"], REFUSE, by_account=by_account, words="Fermée depuis mars.")
    take(professionals["closed"], CLOSE, by_account=by_account)
    scene.tokens |= {f"referent_{name}": one.uid for name, one in referents.items()}
    scene.tokens |= {f"professional_{name}": one.uid for name, one in professionals.items()}
    scene.tokens |= {"welcome": made.uid}
