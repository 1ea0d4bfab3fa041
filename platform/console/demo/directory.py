"""Referents and professionals of a demonstration town: invented people, numbers kept for fiction."""

from dataclasses import dataclass
from typing import Any

from faker.providers.person.fr_FR import Provider as Names

from aid.configuration.services import rules
from aid.directory.enums import CHECK, SHOW, Title
from aid.directory.models import Theme
from aid.directory.professionals import propose_for, propose_online, take
from aid.directory.services import name_referent
from aid.directory.welcoming import welcome
from aid.people.models import Person
from aid.people.services import register_person
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune
from console.demo.people import FICTION_MOBILE, Cast

# A referent by place for the largest communes, as an intercommunality would have one.
BY_PLACE = 4
# Businesses that do not exist, whose SIRET have a right key.
PROFESSIONALS = (
    ("Au bois rentré", "Bûcheron", "99999901400015", "Je livre le bois fendu, et je le range. Devis gratuit."),
    (
        "La Clé des champs",
        "Serrurière",
        "99999902200018",
        "Une porte claquée, une serrure à changer : je viens le jour même.",
    ),
    ("Coupe et causette", "Coiffeuse à domicile", "99999903000011", "Je viens chez vous, avec le bac et le sourire."),
)
WAITING = ("Le Jardin d’à côté", "Jardinier", "99999904800013", "Tontes, haies, potagers.")


@dataclass(frozen=True)
class Said:
    """What somebody says of themselves, and when they answer."""

    words: str
    days: str


OF_THEMES = (
    Said("Je connais les lignes de bus et les trajets partagés. Appelez-moi avant de renoncer à sortir.", "le matin"),
    Said("J’ai recruté pendant trente ans. Je relis les CV et je prépare aux entretiens.", "le jeudi"),
    Said("Dossier, bail, état des lieux : on regarde ensemble.", "les lundis et mardis"),
    Said("Chorale, marche, cuisine : il y a sûrement quelqu’un qui aime la même chose que vous.", "l’après-midi"),
    Said("Ancienne infirmière. Je n’ordonne rien, j’écoute et j’oriente.", "du lundi au mercredi"),
    Said("Un coup dur, un voisin qui s’isole : parlons-en.", "tous les jours, sauf le dimanche"),
)
OF_PLACES = Said("J’habite ici depuis longtemps. Je vous fais visiter, et je vous présente.", "en fin de journée")


def tell_directory(cast: Cast) -> None:
    """Name a referent for each theme and for some places, one of the team; a newcomer; professionals where shown."""
    people = [one.person for one in cast.volunteers]
    themes = list(Theme.objects.all())
    for theme, said, person in zip(themes, OF_THEMES, people[: len(themes)], strict=False):
        _name(person, said, cast, themes=[theme], welcomes=False)
    places = sorted(CoveredCommune.objects.all(), key=lambda one: (-(one.commune.population or 0), one.pk))
    by_place = people[len(themes) : len(themes) + (BY_PLACE if len(places) > 1 else 1)]
    for place, person in zip(places, by_place, strict=False):
        _name(person, OF_PLACES, cast, communes=[place])
    name_referent(
        cast.agent, agreed=Agreed.SPOKEN, by_account=cast.agent, name=f"{cast.agent.first_name}, à l’accueil",
        words="Vous ne savez pas à qui parler ? Commencez par moi.", days="aux heures d’ouverture",
    )  # fmt: skip
    # Somebody arrives, where a referent is.
    newcomer = register_person(
        first_name="Rosalie", last_name="Blanc", phone=f"{FICTION_MOBILE}0006", commune=places[0], created_by=cast.agent
    )
    welcome(newcomer)
    if rules().has_professionals:
        _professionals(cast, places)


def _name(person: Person, said: Said, cast: Cast, **where: Any) -> None:
    name_referent(
        person, agreed=Agreed.SPOKEN, by_account=cast.agent, title=_title(person), words=said.words, days=said.days,
        **where,
    )  # fmt: skip


def _professionals(cast: Cast, places: list[CoveredCommune]) -> None:
    for number, (name, trade, siret, words) in enumerate(PROFESSIONALS):
        made = propose_for(
            by_account=cast.agent, name=name, trade=trade, siret=siret, words=words, phone=f"+3335301009{number}",
            communes=places[number : number + 3],
        )  # fmt: skip
        take(made, CHECK, by_account=cast.agent, words="Vue sur l’annuaire des entreprises, et appelée.")
        take(made, SHOW, by_account=cast.agent)
    name, trade, siret, words = WAITING
    propose_online(
        internet_address="192.0.2.1",
        name=name,
        trade=trade,
        siret=siret,
        words=words,
        phone="+33353010099",
        communes=[],
    )


def _title(person: Person) -> Title:
    """« Référent » where the drawn first name is a man's."""
    return Title.MASCULINE if person.first_name in Names.first_names_male else Title.FEMININE
