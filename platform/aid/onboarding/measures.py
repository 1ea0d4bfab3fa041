"""What a measure about somebody does of them as a volunteer (aid.moderation.sanctions)."""

from aid.moderation import sanctions
from aid.moderation.enums import SanctionKind
from aid.moderation.models import Sanction
from aid.onboarding.enums import LEAVE, REINSTATE, SUSPEND, Move
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take


def suspend(sanction: Sanction) -> None:
    """Who is suspended is asked nothing any more."""
    _move(sanction, SUSPEND)


def reinstate(sanction: Sanction) -> None:
    """They may be asked again."""
    _move(sanction, REINSTATE)


def see_off(sanction: Sanction) -> None:
    """Who is excluded is no volunteer any more."""
    _move(sanction, LEAVE)


def leave_it_there(sanction: Sanction) -> None:
    """Who may come back is admitted again by somebody, as anybody is."""


def register() -> None:
    """Called when the app is ready."""
    sanctions.on(SanctionKind.SUSPENSION, begins=suspend, ends=reinstate)
    sanctions.on(SanctionKind.EXCLUSION, begins=see_off, ends=leave_it_there)


def _move(sanction: Sanction, move: Move) -> None:
    volunteer = Volunteer.objects.filter(person=sanction.person, state__in=move.sources).first()
    if volunteer is not None:
        take(volunteer, move)
