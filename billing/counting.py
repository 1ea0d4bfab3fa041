"""Counts of seniors made from evidence, shown to the town, contested, approved; corrected by another, never changed."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from aid.people.counting import RULE, count_seniors
from billing.count_states import (
    closed_because,
    last_day_to_contest,
    last_review,
    state_of,
    waiting_contests,
    with_states,
)
from billing.enums import CountBasis, CountedOn, CountState, ReviewStep, TownActKind
from billing.errors import BooksError
from billing.models import Contract, CountLine, CountReview, CountSnapshot, TownAct
from billing.money import apportion, whole
from billing.periods import Period
from billing.pricing import MOST_SENIORS
from core.dates import months_after
from core.french import day_words, listed
from core.text import tidy
from geography.models import AgeCount, Census, Commune
from tenants.context import town_context

# A file of figures that nobody counted, for demonstrations and tests: said on each screen and document.
EXAMPLE = "exemple-"
_MONTHS_OF_A_QUARTER = 3


class NotCountedError(BooksError):
    """Nothing to count from, or for whom; the message says so in French."""


@dataclass(frozen=True)
class Source:
    """Where the numbers of a count come from."""

    words: str
    sha256: str
    vintage: int | None = None
    is_example: bool = False


@dataclass(frozen=True)
class Figures:
    """What a source says of communes, by their codes: decimals that are added first, then rounded once."""

    read: Mapping[str, Decimal]
    source: Source

    @property
    def total(self) -> int:
        """Seniors of them all."""
        return whole(sum(self.read.values(), Decimal(0)))

    @property
    def by_commune(self) -> dict[str, int]:
        """The total, shared out by the largest remainder."""
        return apportion(self.total, self.read)


def day_of_count(contract: Contract, year: Period) -> datetime.date:
    """The day at which seniors are counted for a year of a contract, by its own rule; never before its first day."""
    day = year.start
    if contract.counted_on == CountedOn.QUARTER_BEFORE:
        day = months_after(year.start, -_MONTHS_OF_A_QUARTER)
    return max(day, contract.begins_on)


def figures_of_census(communes: Sequence[Commune], *, age: int) -> Figures:
    """What the last census that an operator gave says of communes.

    Raises NotCountedError without a census, or where a commune is not in it: what is unknown is never zero.
    """
    census = Census.objects.first()
    if census is None:
        raise NotCountedError("Aucun fichier de l’INSEE n’a été donné : « manage.py import_ages ».")
    ages = {one.commune_id: one for one in AgeCount.objects.filter(census=census, commune__in=communes)}
    missing = [commune.name for commune in communes if commune.code not in ages]
    if missing:
        raise NotCountedError(f"Ce recensement ne dit rien de {listed(missing)}.")
    read = {code: _of_age(one, age) for code, one in sorted(ages.items())}
    source = Source(census.file_name, census.sha256, census.vintage, census.file_name.startswith(EXAMPLE))
    return Figures(read, source)


def figures_agreed(communes: Sequence[Commune], numbers: Mapping[str, int], *, source: str) -> Figures:
    """Numbers that somebody wrote of communes: seniors by code; `source` names the paper.

    Raises ValidationError, by code, for a number that is none, NotCountedError where a commune has none or is not one
    of them.
    """
    by_code = {commune.code: commune for commune in communes}
    strange = sorted(numbers.keys() - by_code.keys())
    missing = sorted(by_code[code].name for code in by_code.keys() - numbers.keys())
    if strange or missing:
        words = f"n’est pas couverte : {listed(strange)}" if strange else f"n’a pas de nombre : {listed(missing)}"
        raise NotCountedError(f"Une commune {words}.")
    wrong = {code: "Donnez un nombre, zéro au moins." for code, count in numbers.items() if count < 0}
    wrong |= {code: "Aucune commune n’a autant de seniors." for code, count in numbers.items() if count > MOST_SENIORS}
    if wrong:
        raise ValidationError(wrong)
    if not tidy(source):
        raise ValidationError({"source": "Dites quel écrit donne ces nombres."})
    digest = hashlib.sha256(json.dumps(dict(sorted(numbers.items()))).encode()).hexdigest()
    return Figures({code: Decimal(count) for code, count in sorted(numbers.items())}, Source(tidy(source), digest))


@transaction.atomic
def count_from_census(
    contract: Contract, *, as_of: datetime.date, by: str, replaces: CountSnapshot | None = None, note: str = ""
) -> CountSnapshot:
    """Count the residents of the communes covered on a day. Raises as `figures_of_census`."""
    _refuse_unless(contract, CountBasis.CENSUS)
    figures = figures_of_census(_covered(contract, as_of), age=contract.age)
    return _keep(contract, figures, as_of=as_of, by=by, replaces=replaces, note=note)


@transaction.atomic
def count_as_agreed(
    contract: Contract,
    numbers: Mapping[str, int],
    *,
    as_of: datetime.date,
    by: str,
    source: str,
    replaces: CountSnapshot | None = None,
    note: str = "",
) -> CountSnapshot:
    """Keep numbers that were agreed in writing, of the communes covered. Raises as `figures_agreed`."""
    _refuse_unless(contract, CountBasis.AGREED)
    figures = figures_agreed(_covered(contract, as_of), numbers, source=source)
    return _keep(contract, figures, as_of=as_of, by=by, replaces=replaces, note=note)


@transaction.atomic
def count_registered(
    contract: Contract, *, as_of: datetime.date, by: str, replaces: CountSnapshot | None = None, note: str = ""
) -> CountSnapshot:
    """Ask the contract's town how many people of the age it knows, by commune: numbers, never a card.

    Who has no commune is of the only one that is covered, else of none; the note says how many were left out, and why.
    Raises NotCountedError for a contract without a town.
    """
    _refuse_unless(contract, CountBasis.REGISTERED)
    if contract.town is None:
        raise NotCountedError("La ville de ce contrat n’existe plus : il n’y a personne à compter.")
    communes = _covered(contract, as_of)
    with town_context(contract.town):
        found = count_seniors(age=contract.age, on=as_of)
    read = {commune.code: Decimal(found.by_commune.get(commune.code, 0)) for commune in communes}
    left_out = {"sans commune": found.of_no_commune, "sans année de naissance": found.without_a_year}
    if len(communes) == 1:
        read[communes[0].code] += left_out.pop("sans commune")
    words = [f"{count} {why}" for why, count in left_out.items() if count]
    told = f"Non comptées : {listed(words)}." if words else ""
    figures = Figures(read, Source(RULE, found.seal))
    return _keep(contract, figures, as_of=as_of, by=by, replaces=replaces, note=f"{note} {told}")


def count_by_its_rule(
    contract: Contract,
    *,
    as_of: datetime.date,
    today: datetime.date,
    by: str,
    replaces: CountSnapshot | None = None,
    note: str = "",
) -> CountSnapshot:
    """Count as the contract says: from the census, or by asking the town. Raises NotCountedError.

    A census is the same whenever it is read; who is registered on a day is not known before it.
    """
    if contract.count_basis == CountBasis.CENSUS:
        return count_from_census(contract, as_of=as_of, by=by, replaces=replaces, note=note)
    if is_too_early(contract, as_of=as_of, today=today):
        raise NotCountedError(f"Les personnes inscrites se comptent le {day_words(as_of)}, pas avant.")
    return count_registered(contract, as_of=as_of, by=by, replaces=replaces, note=note)


def is_too_early(contract: Contract, *, as_of: datetime.date, today: datetime.date) -> bool:
    """Whether who is counted on a day is not known yet: those registered; a census is read whenever one likes."""
    return contract.count_basis == CountBasis.REGISTERED and as_of > today


@transaction.atomic
def show(snapshot: CountSnapshot, *, by: str) -> CountReview:
    """Show a count to the town, which has 30 days; once. Raises NotCountedError for one that was replaced."""
    shown = last_review(_standing(snapshot), ReviewStep.SHOWN)
    return shown or CountReview.objects.create(snapshot=snapshot, step=ReviewStep.SHOWN, by=by)


def contest(snapshot: CountSnapshot, *, words: str, by: str, now: datetime.datetime) -> TownAct:
    """Have a town say what is wrong in its count, through its own window (billing.access).

    Raises NotCountedError where it is too late, ValidationError, by field, for no words or too many.
    """
    if refusal := closed_because(with_states(CountSnapshot.objects.all()).get(pk=snapshot.pk), now=now):
        raise NotCountedError(refusal)
    act = TownAct(
        contract_id=snapshot.contract_id,
        kind=TownActKind.CONTEST,
        snapshot_id=snapshot.pk,
        words=tidy(words),
        done_by=by,
    )
    act.full_clean(exclude=["contract", "snapshot"])
    act.save()
    return act


@transaction.atomic
def answer_contest(snapshot: CountSnapshot, *, words: str, by: str) -> CountReview:
    """Tell the town why its count stands. Raises ValidationError for no words, NotCountedError for no contest."""
    if not waiting_contests(_standing(snapshot)):
        raise NotCountedError("La collectivité ne conteste pas ce comptage.")
    answer = CountReview(snapshot=snapshot, step=ReviewStep.ANSWERED, words=tidy(words), by=by)
    answer.full_clean()
    answer.save()
    return answer


@transaction.atomic
def approve(snapshot: CountSnapshot, *, by: str, now: datetime.datetime) -> CountReview:
    """Take a count as good for an invoice: its town's 30 days are over, and no contest waits; once.

    A contest is answered in words, or by a correction, which is shown in its turn. Raises NotCountedError.
    """
    found = _standing(snapshot)
    if approved := last_review(found, ReviewStep.APPROVED):
        return approved
    state, until = state_of(found, now=now), last_day_to_contest(found)
    if state == CountState.CONTESTED:
        raise NotCountedError("La collectivité conteste ce comptage : corrigez-le, ou répondez-lui.")
    if until is None:
        raise NotCountedError("Montrez d’abord ce comptage à la collectivité.")
    if state != CountState.READY:
        raise NotCountedError(f"La collectivité a jusqu’au {day_words(until)} pour le contester.")
    return CountReview.objects.create(snapshot=snapshot, step=ReviewStep.APPROVED, by=by)


def _refuse_unless(contract: Contract, basis: CountBasis) -> None:
    if contract.count_basis != basis:
        raise NotCountedError(f"Ce contrat compte autrement : {CountBasis(contract.count_basis).label}.")


def _standing(snapshot: CountSnapshot) -> CountSnapshot:
    """The count with its state, its contract locked: what was corrected is neither shown, approved nor corrected."""
    Contract.objects.select_for_update().get(pk=snapshot.contract_id)
    found = with_states(CountSnapshot.objects.all()).get(pk=snapshot.pk)
    if getattr(found, "replaced_by", None) is not None:
        raise NotCountedError("Ce comptage a été corrigé : prenez le nouveau.")
    return found


def _covered(contract: Contract, day: datetime.date) -> list[Commune]:
    """The communes of a contract on a day, or on its first one."""
    day = max(day, contract.begins_on)
    members = contract.memberships.covering(day).select_related("commune")
    communes = [one.commune for one in members]
    if not communes:
        raise NotCountedError(f"Aucune commune n’est couverte le {day_words(day)}.")
    return communes


def _of_age(ages: AgeCount, age: int) -> Decimal:
    return {60: ages.aged_60_or_more, 75: ages.aged_75_or_more}[age]


def _keep(
    contract: Contract, figures: Figures, *, as_of: datetime.date, by: str, replaces: CountSnapshot | None, note: str
) -> CountSnapshot:
    snapshot = CountSnapshot(
        contract=contract,
        as_of=as_of,
        basis=contract.count_basis,
        age=contract.age,
        total=figures.total,
        source=figures.source.words,
        vintage=figures.source.vintage,
        sha256=figures.source.sha256,
        is_example=figures.source.is_example,
        note=tidy(note),
        counted_by=by,
        replaces=_standing(replaces) if replaces else None,
    )
    snapshot.full_clean()
    snapshot.save()
    CountLine.objects.bulk_create(
        CountLine(snapshot=snapshot, commune_id=code, read=figures.read[code], count=count)
        for code, count in figures.by_commune.items()
    )
    return snapshot
