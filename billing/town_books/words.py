"""A contract in plain French, a short sentence for each thing that was agreed."""

import datetime
from dataclasses import dataclass

from billing.enums import (
    Adjusting,
    BuyerKind,
    BuyerRequirement,
    ContractState,
    CountBasis,
    CountedOn,
    FloorScope,
    PriceBasis,
    YearStart,
)
from billing.models import Buyer, Contract
from billing.money import euros
from core.french import day_words

_EVE = datetime.timedelta(days=1)
_MONTH_AND_DAY = "j F"

STATES = {
    # The night after its first day makes it active.
    ContractState.SIGNED: "Il est en cours.",
    ContractState.ACTIVE: "Il est en cours.",
    ContractState.LATE: "Il est en cours. Une facture attend son paiement.",
    ContractState.REVIEW: "Il est en cours. Notre équipe regarde avec vous un paiement en retard.",
    ContractState.ENDING: "Sa fin est annoncée.",
    ContractState.ENDED: "Il est terminé.",
}
REQUIREMENTS = {
    BuyerRequirement.NONE: "Rien de plus. Un numéro d’engagement reste possible.",
    BuyerRequirement.SERVICE: "Un code service.",
    BuyerRequirement.ENGAGEMENT: "Un numéro d’engagement, différent chaque année.",
    BuyerRequirement.SERVICE_OR_ENGAGEMENT: "Un code service, ou un numéro d’engagement.",
    BuyerRequirement.SERVICE_AND_ENGAGEMENT: "Un code service, et un numéro d’engagement différent chaque année.",
}


@dataclass(frozen=True)
class Fact:
    """Something that was agreed, under its name."""

    label: str
    words: str


def agreed(contract: Contract) -> tuple[Fact, ...]:
    """What a contract says, its prices and communes apart."""
    found = [
        Fact("Dates", _dates(contract)),
        Fact("Périodes", _periods(contract)),
        Fact("Qui est compté", who_is_counted(contract.count_basis, contract.age)),
        Fact("Quand", _when(contract)),
        Fact("Minimum annuel", _floor(contract)),
        Fact("TVA", _vat(contract)),
        Fact("Si quelque chose change en cours de période", _changes(contract)),
    ]
    if contract.reference:
        found.append(Fact("Marché ou convention", f"{contract.reference}. Cette référence est sur chaque facture."))
    return tuple(found)


def who_pays(buyer: Buyer) -> str:
    """By which road its money comes."""
    if buyer.kind == BuyerKind.PUBLIC:
        return "Organisme public : il reçoit ses factures sur Chorus Pro, et les paie par virement du Trésor public."
    return "Association : elle reçoit ses factures par e-mail, et les paie par virement."


def who_is_counted(basis: str, age: int) -> str:
    """« Les habitants de 60 ans et plus, d’après le recensement de l’INSEE. »"""
    return {
        CountBasis.CENSUS: f"Les habitants de {age} ans et plus, d’après le recensement de l’INSEE.",
        CountBasis.REGISTERED: f"Les personnes de {age} ans et plus inscrites ici. Leur nombre seul nous parvient.",
        CountBasis.AGREED: f"Les personnes de {age} ans et plus, en un nombre convenu par écrit.",
    }[CountBasis(basis)]


def _dates(contract: Contract) -> str:
    said = f"Signé le {day_words(contract.signed_on)}. Il commence le {day_words(contract.begins_on)}"
    if contract.ends_on is None:
        return f"{said} et continue d’année en année."
    return f"{said} et se termine le {day_words(contract.ends_on - _EVE)}."


def _periods(contract: Contract) -> str:
    if contract.year_start == YearStart.CALENDAR:
        return "Un an, du 1er janvier au 31 décembre. Une facture par période."
    return f"Un an, à partir du {day_words(contract.begins_on, _MONTH_AND_DAY)}. Une facture par période."


def _when(contract: Contract) -> str:
    day = {
        CountedOn.FIRST_DAY: "Au premier jour de chaque période.",
        CountedOn.QUARTER_BEFORE: "Trois mois avant chaque période.",
    }[CountedOn(contract.counted_on)]
    return f"{day} Vous avez ensuite trente jours pour lire le nombre, et le contester."


def _floor(contract: Contract) -> str:
    whose = {
        FloorScope.CONTRACT: "Il est dû une fois, pour tout le contrat",
        FloorScope.COMMUNE: "Il est dû pour chaque commune",
    }[FloorScope(contract.floor_scope)]
    return whose + (", au prorata des jours." if contract.prorates_floor else ", en entier même pour quelques mois.")


def _vat(contract: Contract) -> str:
    if contract.price_basis == PriceBasis.NET:
        return "Le prix est hors taxes. La TVA du jour de la facture s’y ajoute, s’il y en a une."
    return "Le prix est toutes taxes comprises : rien ne s’y ajoute."


def _changes(contract: Contract) -> str:
    when = {
        Adjusting.IN_YEAR: "facturée ou rendue dès qu’elle est connue",
        Adjusting.AT_RENEWAL: "reportée à la période suivante",
    }[Adjusting(contract.adjusting)]
    if contract.adjusting == Adjusting.IN_YEAR and contract.least_adjustment:
        return f"La différence est {when}, à partir de {euros(contract.least_adjustment)}."
    return f"La différence est {when}."
