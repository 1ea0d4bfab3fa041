"""What somebody agrees to who asks for help, and what follows when they do not any more."""

from accounts.models import Account
from aid.help_requests.enums import OVER, Reason
from aid.help_requests.models import HelpRequest
from aid.help_requests.series import end_all
from aid.help_requests.services import cancel
from aid.help_requests.texts import AGREEMENT
from aid.people.models import Person
from aid.privacy import consents
from aid.privacy.enums import ConsentKind

WITHDRAWN = "La personne a retiré son accord."
FOLLOWS = consents.Follows(
    "Si vous le retirez, nous annulons vos demandes en cours, et nous prévenons les bénévoles. Vous pourrez redemander "
    "quand vous voulez.",
    "Ses demandes en cours seront annulées, et les bénévoles prévenus.",
)


def register() -> None:
    """Called when the app is ready."""
    consents.declare(ConsentKind.ASK, AGREEMENT, when_withdrawn=cancel_what_is_open, follows=FOLLOWS)


def cancel_what_is_open(person: Person, by_account: Account | None) -> None:
    """What was to be shared with neighbours is not any more."""
    by_person = None if by_account else person
    end_all(person, words=WITHDRAWN, reason=Reason.OTHER, by_account=by_account, by_person=by_person)
    for request in HelpRequest.objects.exclude(state__in=OVER).filter(person=person).order_by("pk"):
        # What took place is left: who went will say how it was.
        if not request.took_place:
            cancel(request, words=WITHDRAWN, reason=Reason.OTHER, by_account=by_account, by_person=by_person)
