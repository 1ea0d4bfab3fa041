"""Suspending a town: asked by one operator, confirmed by another, ended by one. Never for a debt.

The state of a town and that of its contract are two machines: nothing here reads a contract, and nothing in
billing changes a town.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.roles import may_operate
from console.acts import note
from console.enums import CONFIRM, DROP, RESUME, ActKind, SuspensionReason, SuspensionState, SuspensionStep
from console.models import Suspension
from console.models.acts import LONGEST_WORDS
from console.models.suspensions import SHORTEST_WORDS
from core.text import tidy
from tenants.enums import TOWN_TRANSITIONS, TownState
from tenants.lifecycle import TransitionError, change_state
from tenants.models import Town

RESUMABLE = TownState.SUSPENDED


class NotAllowedError(ValueError):
    """This may not be done now, or by this person; the message says so in French."""


def open_suspension(town: Town) -> Suspension | None:
    """The suspension of a town that waits or is in force."""
    return town.suspensions.open().select_related("asked_by", "confirmed_by").first()


def may_be_suspended(town: Town) -> bool:
    """Whether a suspension may be asked for a town in this state."""
    return town.state in TOWN_TRANSITIONS["suspend"][0]


@transaction.atomic
def ask(town: Town, *, reason: SuspensionReason | str, words: str, by: Account) -> Suspension:
    """Ask for a suspension: nothing changes for the town until somebody else confirms.

    Raises ValidationError, by field, for no reason of the list or no explanation; NotAllowedError for a town that
    cannot be, or whose suspension is asked already.
    """
    _refuse_strangers(by)
    locked = Town.objects.select_for_update(of=("self",)).get(pk=town.pk)
    if not may_be_suspended(locked):
        raise NotAllowedError(f"{locked.name} est {TownState(locked.state).label} : elle ne peut pas être suspendue.")
    if open_suspension(locked):
        raise NotAllowedError("Une suspension de cette ville est déjà demandée.")
    asked = Suspension(town=locked, reason=reason, words=_explained(words), asked_by=by)
    asked.full_clean()
    asked.save()
    note(locked, ActKind.SUSPENSION_ASKED, by=by, words=f"{SuspensionReason(reason).label.capitalize()}. {asked.words}")
    return asked


@transaction.atomic
def confirm(suspension: Suspension, *, by: Account) -> Suspension:
    """Suspend the town: its site shows its telephone and nothing else, from the next request on.

    Raises NotAllowedError for who asked for it, or a suspension that waits no more.
    """
    _refuse_strangers(by)
    locked = _locked(suspension, CONFIRM)
    if locked.asked_by_id == by.pk:
        raise NotAllowedError("Une autre personne que vous doit confirmer cette suspension.")
    locked.confirmed_by, locked.confirmed_at = by, timezone.now()
    _change(locked.town, "suspend")
    return _move(locked, CONFIRM, by=by, words=f"Demandée par {locked.asked_by.signature}. {locked.words}")


@transaction.atomic
def drop(suspension: Suspension, *, words: str, by: Account) -> Suspension:
    """Give up a suspension that nobody confirmed. Raises ValidationError for no explanation, NotAllowedError."""
    _refuse_strangers(by)
    return _end(_locked(suspension, DROP), DROP, words=words, by=by)


@transaction.atomic
def resume(town: Town, *, words: str, by: Account) -> Town:
    """Have a suspended town answer again. One operator is enough: people wait behind its door.

    Raises ValidationError for no explanation, NotAllowedError for a town that is not suspended.
    """
    _refuse_strangers(by)
    running = town.suspensions.filter(state=SuspensionState.IN_FORCE).first()
    changed = _change(town, "open", only_from=RESUMABLE)
    if running is None:
        # Suspended before the console kept who decided it.
        note(changed, ActKind.RESUMED, by=by, words=_explained(words))
    else:
        _end(_locked(running, RESUME), RESUME, words=words, by=by)
    return changed


def _end(locked: Suspension, step: SuspensionStep, *, words: str, by: Account) -> Suspension:
    locked.ended_by, locked.ended_at, locked.ending_words = by, timezone.now(), _explained(words)
    return _move(locked, step, by=by, words=locked.ending_words)


def _move(locked: Suspension, step: SuspensionStep, *, by: Account, words: str) -> Suspension:
    locked.state = step.target
    locked.save()
    note(locked.town, step.act, by=by, words=words)
    return locked


def _locked(suspension: Suspension, step: SuspensionStep) -> Suspension:
    found = Suspension.objects.select_for_update(of=("self",)).select_related("town", "asked_by").get(pk=suspension.pk)
    if found.state != step.source:
        raise NotAllowedError(f"Cette suspension est {SuspensionState(found.state).label} : rien n’est changé.")
    return found


def _change(town: Town, act: str, *, only_from: TownState | None = None) -> Town:
    if only_from and Town.objects.get(pk=town.pk).state != only_from:
        raise NotAllowedError(f"{town.name} n’est pas suspendue.")
    try:
        return change_state(town, act)
    except TransitionError as error:
        raise NotAllowedError(str(error)) from error


def _explained(words: str) -> str:
    kept = tidy(words)
    if len(kept) < SHORTEST_WORDS:
        raise ValidationError({"words": "Expliquez pourquoi, en une phrase."})
    if len(kept) > LONGEST_WORDS:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS} signes au plus."})
    return kept


def _refuse_strangers(account: Account) -> None:
    """Asked of the database again, whoever called: who bills never suspends a town."""
    if not may_operate(Account.objects.get(pk=account.pk)):
        raise NotAllowedError("Seule l’équipe d’exploitation suspend ou rouvre une ville.")
