"""Contracts: signed, their prices and communes by date, and what may become of them. Callable by the platform alone."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.enums import (
    ANNOUNCE_END,
    CONTRACT_CHANGES,
    END,
    ContractChange,
    ContractState,
    ContractStepKind,
)
from billing.errors import BooksError
from billing.models import Buyer, Contract, ContractStep, Membership, PricePeriod
from billing.money import euros
from billing.periods import Period, contract_year
from core.french import day_words
from core.text import tidy
from geography.models import Commune

# CE, 8 October 2014, Grenke, 370644: the public body must first be able to oppose the general interest.
SOONEST_END = datetime.timedelta(days=90)
# All that a paper says of a contract but its price and its communes; its state is what became of it.
_ON_PAPER = tuple(
    field.name for field in Contract._meta.concrete_fields if not field.primary_key and field.name != "state"
)
SAID = {
    "begin": "Le contrat commence.",
    "fall_late": "Une facture n’est pas payée à son échéance.",
    "catch_up": "Plus aucune facture n’est en retard.",
}


Row = TypeVar("Row", PricePeriod, Membership)


class NotAllowedError(BooksError):
    """The contract, or the quote, is not in a state from which this may be done; the message says so in French."""


@dataclass(frozen=True)
class Price:
    """Euros for a senior and a year, and for a year at least."""

    unit: Decimal
    floor: Decimal

    @property
    def words(self) -> str:
        """« 1,00 € par senior et par an, 1 000,00 € au moins »."""
        return f"{euros(self.unit)} par senior et par an, {euros(self.floor)} au moins"


@transaction.atomic
def sign(contract: Contract, *, price: Price, communes: Iterable[Commune], by: str) -> Contract:
    """Keep a new contract with its first price and its communes. Raises ValidationError, by field, for what is wrong.

    One signed in the past is kept as it is: what is owed begins where it says.
    """
    covered = covered_once(communes)
    contract.full_clean()
    contract.save()
    _write(contract, ContractStepKind.SIGNED, f"Signé le {day_words(contract.signed_on)}.", by=by)
    _add_price(contract, price, contract.begins_on, by=by)
    Membership.objects.bulk_create(
        Membership(contract=contract, commune=commune, starts_on=contract.begins_on) for commune in covered
    )
    return contract


@transaction.atomic
def sign_once(contract: Contract, *, price: Price, communes: Iterable[Commune], by: str) -> Contract:
    """The same, of a paper that may be typed twice: a contract that says all the same is answered, and none is added.

    Raises as `sign`.
    """
    covered = list(communes)
    codes = {commune.code for commune in covered}
    # Whoever sends it at the same time waits.
    Buyer.objects.select_for_update().get(pk=contract.buyer_id)
    said = {name: getattr(contract, name) for name in _ON_PAPER}
    alike = Contract.objects.filter(**said, prices__unit=price.unit, prices__floor=price.floor)
    for one in alike.prefetch_related("memberships"):
        if {member.commune_id for member in one.memberships.all()} == codes:
            return one
    return sign(contract, price=price, communes=covered, by=by)


@transaction.atomic
def change_price(contract: Contract, price: Price, *, from_day: datetime.date, by: str) -> PricePeriod:
    """Ask another price from a day on: the one that runs ends on its eve.

    Raises ValidationError for a day before the last price begins, or a price that is none.
    """
    locked = _locked(contract)
    running = locked.prices.filter(ends_on=None).first()
    if running is None or from_day <= running.starts_on:
        raise ValidationError({"from_day": "Ce jour vient avant le dernier prix de ce contrat."})
    running.ends_on = from_day
    running.save(update_fields=["ends_on"])
    return _add_price(locked, price, from_day, by=by)


@transaction.atomic
def join(contract: Contract, commune: Commune, *, on: datetime.date, by: str) -> Membership:
    """Have a commune covered from a day on. Raises ValidationError for one that is already, or that has merged."""
    locked = _locked(contract)
    _refuse_former([commune])
    _refuse_out_of(locked, on)
    added = _add(Membership(contract=locked, commune=commune, starts_on=on))
    _write(locked, ContractStepKind.COMMUNE, f"{commune.name} rejoint le contrat le {day_words(on)}.", by=by)
    return added


@transaction.atomic
def leave(contract: Contract, commune: Commune, *, on: datetime.date, by: str) -> Membership:
    """Have a commune covered until the eve of a day. Raises ValidationError for one that is not, or the last one."""
    locked = _locked(contract)
    covered = locked.memberships.filter(ends_on=None)
    leaving = covered.filter(commune=commune).first()
    if leaving is None:
        raise ValidationError({"commune": f"{commune.name} n’est pas couverte par ce contrat."})
    if not covered.exclude(pk=leaving.pk).exists():
        raise ValidationError({"commune": "C’est la dernière commune : mettez fin au contrat."})
    leaving.ends_on = on
    leaving.full_clean()
    leaving.save(update_fields=["ends_on"])
    _write(locked, ContractStepKind.COMMUNE, f"{commune.name} quitte le contrat le {day_words(on)}.", by=by)
    return leaving


@transaction.atomic
def take(contract: Contract, change: ContractChange, *, by: str, words: str, today: datetime.date) -> Contract:
    """Have a person take a change of state, with a reason. An end is announced by `announce_end`.

    Raises NotAllowedError from another state, or before the day of an end; ValidationError for no reason.
    """
    if change is ANNOUNCE_END:
        raise NotAllowedError("Une fin s’annonce à deux, pour un jour dit.")
    locked = _locked(contract)
    if change is END and locked.state in END.sources:
        announced = locked.steps.filter(state=ContractState.ENDING).last()
        if announced is None or announced.effective_on is None or today < announced.effective_on:
            raise NotAllowedError("Ce contrat se termine au jour qui a été annoncé.")
        # Nothing is owed from that day on, and another contract may begin; one agreed for a time is not made longer.
        locked.ends_on = min(filter(None, [locked.ends_on, announced.effective_on]))
        locked.full_clean()
        locked.save(update_fields=["ends_on"])
    return _move(locked, change, by=by, words=_reason(words))


@transaction.atomic
def take_by_clock(contract: Contract, change: ContractChange) -> Contract:
    """Have a job take a change that the clock may: to late and back, nothing further. Raises NotAllowedError."""
    if not change.by_clock:
        raise NotAllowedError("Seules des personnes décident de cela.")
    return _move(_locked(contract), change, by="Palier", words=SAID[change.name])


@transaction.atomic
def announce_end(
    contract: Contract, *, by: str, agreed_by: str, words: str, on: datetime.date, referent: str, today: datetime.date
) -> Contract:
    """Announce the end of a contract: two operators, a reason, a day 90 days ahead at least, somebody at the town.

    Raises NotAllowedError from another state, ValidationError, by field, for what is missing.
    """
    agreed_by, referent = tidy(agreed_by), tidy(referent)
    wrong = {}
    if not agreed_by or agreed_by == by:
        wrong["agreed_by"] = "Une autre personne de l’équipe doit être d’accord."
    if not referent:
        wrong["referent"] = "Nommez qui suit cette fin à la ville."
    if on < today + SOONEST_END:
        wrong["on"] = f"Pas avant le {day_words(today + SOONEST_END)} : la ville a quatre-vingt-dix jours."
    if wrong:
        raise ValidationError(wrong)
    told = {"effective_on": on, "agreed_by": agreed_by, "referent": referent}
    return _move(_locked(contract), ANNOUNCE_END, by=by, words=_reason(words), **told)


def covered_once(communes: Iterable[Commune]) -> list[Commune]:
    """The communes of a new contract, each once. Raises ValidationError for none, or one that has merged."""
    covered = list(dict.fromkeys(communes))
    if not covered:
        raise ValidationError({"communes": "Un contrat couvre une commune au moins."})
    _refuse_former(covered)
    return covered


def possible_changes(contract: Contract) -> Sequence[ContractChange]:
    """What a person may do with a contract as it stands."""
    return [one for one in CONTRACT_CHANGES if contract.state in one.sources and not one.by_clock]


def year_of(contract: Contract, on: datetime.date) -> Period:
    """The year of a contract that holds a day, whole. Raises ValueError before it begins."""
    return contract_year(contract.begins_on, on=on, year_start=contract.year_start)


def is_over(contract: Contract, today: datetime.date) -> bool:
    """Whether its last day is past, or somebody ended it: nothing is owed from then on."""
    return contract.state == ContractState.ENDED or (contract.ends_on is not None and today >= contract.ends_on)


def years_from(contract: Contract, on: datetime.date) -> Iterator[Period]:
    """The year of a contract that holds a day, or its first one, then those after it, for as long as it lasts."""
    day = max(on, contract.begins_on)
    while contract.ends_on is None or day < contract.ends_on:
        year = year_of(contract, day)
        yield year
        day = year.end


def _locked(contract: Contract) -> Contract:
    return Contract.objects.select_for_update().get(pk=contract.pk)


def _move(contract: Contract, change: ContractChange, *, by: str, words: str, **told: object) -> Contract:
    if contract.state not in change.sources:
        state = ContractState(contract.state).label
        raise NotAllowedError(f"Ce contrat est {state} : ce changement n’est pas possible.")
    contract.state = change.target
    contract.save(update_fields=["state"])
    _write(contract, ContractStepKind.STATE, words, by=by, state=change.target, **told)
    return contract


def _add_price(contract: Contract, price: Price, from_day: datetime.date, *, by: str) -> PricePeriod:
    added = _add(PricePeriod(contract=contract, unit=price.unit, floor=price.floor, starts_on=from_day))
    _write(contract, ContractStepKind.PRICE, f"{price.words}, à partir du {day_words(from_day)}.", by=by)
    return added


def _add(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row


def _write(contract: Contract, kind: ContractStepKind, words: str, *, by: str, **told: object) -> None:
    ContractStep.objects.create(contract=contract, kind=kind, words=words, by=by, **told)


def _reason(words: str) -> str:
    kept = tidy(words)
    if not kept:
        raise ValidationError({"words": "Dites pourquoi."})
    return kept


def _refuse_former(communes: Sequence[Commune]) -> None:
    gone = [commune.name for commune in communes if not commune.is_current]
    if gone:
        raise ValidationError({"communes": f"{gone[0]} n’est plus une commune : choisissez celle où elle est entrée."})


def _refuse_out_of(contract: Contract, on: datetime.date) -> None:
    if on < contract.begins_on or (contract.ends_on and on >= contract.ends_on):
        raise ValidationError({"on": "Ce jour est en dehors du contrat."})
