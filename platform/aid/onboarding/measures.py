"""What a measure about somebody does of them as a volunteer (aid.moderation.sanctions)."""

from collections.abc import Collection
from dataclasses import replace

from accounts.models import Account
from aid.moderation import sanctions
from aid.moderation.enums import SanctionKind
from aid.moderation.models import Sanction
from aid.onboarding.enums import LEAVE, REINSTATE, SUSPEND, Move, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take
from aid.people.models import Person

# Why, in the journal of their place: the measure itself says the rest.
DECIDED = "Décidé à la modération."
MOVES = {SanctionKind.SUSPENSION: SUSPEND, SanctionKind.EXCLUSION: LEAVE}


def begin(sanction: Sanction) -> None:
    """Who is suspended is asked nothing any more; who is excluded is no volunteer any more."""
    volunteer = Volunteer.objects.filter(person=sanction.person).first()
    if volunteer is not None:
        _move(volunteer, MOVES[SanctionKind(sanction.kind)], sanction.by_account)


def reinstate(sanction: Sanction) -> None:
    """They stand again where the measure found them: admitted, or away. What somebody else decided stays."""
    volunteer = Volunteer.objects.filter(person=sanction.person).first()
    before = volunteer and suspended_from(volunteer)
    if before:
        _move(volunteer, replace(REINSTATE, target=before), sanction.lifted_by)


def leave_it_there(sanction: Sanction) -> None:
    """Who may come back is admitted again by somebody, as anybody is."""


def suspended_from(volunteer: Volunteer) -> VolunteerState | None:
    """Where a volunteer stood whom a measure suspended; None where they are not suspended, or by somebody else.

    Who is suspended already is not suspended again: the line that did it tells whose doing it is.
    """
    if volunteer.state != VolunteerState.SUSPENDED:
        return None
    lines = volunteer.moves.filter(to_state=VolunteerState.SUSPENDED).exclude(from_state=VolunteerState.SUSPENDED)
    before, words = lines.values_list("from_state", "said__words").last() or ("", "")
    return VolunteerState(before) if words == DECIDED else None


def enforce(volunteer: Volunteer, cards: Collection[Person]) -> None:
    """Have a volunteer stand as the measures about these cards, which are theirs, would have them."""
    standing = set(Sanction.objects.standing().filter(person__in=cards).values_list("kind", flat=True))
    for kind, move in MOVES.items():
        if kind in standing:
            _move(volunteer, move, None)


def register() -> None:
    """Called when the app is ready."""
    sanctions.on(SanctionKind.SUSPENSION, begins=begin, ends=reinstate)
    sanctions.on(SanctionKind.EXCLUSION, begins=begin, ends=leave_it_there)


def _move(volunteer: Volunteer, move: Move, by_account: Account | None) -> None:
    if volunteer.state in move.sources:
        take(volunteer, move, by_account=by_account, words=DECIDED)
