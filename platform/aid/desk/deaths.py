"""What an agent does when somebody died: whatever they had begun ends, and nobody is left waiting for them."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.directory import services as directory
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.help_requests import series
from aid.help_requests import services as requests
from aid.help_requests.enums import OVER, Reason
from aid.help_requests.models import HelpRequest
from aid.help_requests.times import when_words
from aid.notifications.services import withhold
from aid.people import deaths
from aid.people.models import Person
from aid.proposals.models import Proposal
from aid.proposals.services import withdraw

WORDS = "Décès de la personne."
OF_VOLUNTEER = "Le bénévole ne peut plus venir."


@dataclass(frozen=True)
class Begun:
    """What somebody had begun: what they asked for, and where they were going to help."""

    requests: list[HelpRequest]
    missions: list[Proposal]

    def __bool__(self) -> bool:
        return bool(self.requests or self.missions)


def begun_by(person: Person) -> Begun:
    """What is not over yet of a person. A rendezvous that took place is left: who went will say so."""
    asked = HelpRequest.objects.filter(person=person).exclude(state__in=OVER)
    return Begun(
        requests=[one for one in asked.with_list_related_data().order_by("day", "pk") if not one.took_place],
        missions=list(
            Proposal.objects.engaged()
            .filter(volunteer__person=person, request__ends_at__gt=timezone.now())
            .with_page_related_data()
            .order_by("request__day", "request")
        ),
    )


@transaction.atomic
def note_death(person: Person, *, on: datetime.date, by_account: Account) -> Person:
    """Keep that somebody died, and end what they had begun: volunteers are told, neighbours they helped are called.

    Raises ValidationError, by field, for a day that cannot be.
    """
    known = deaths.note_death(person, on=on, by_account=by_account)
    withhold(known)
    directory.end_of(known, by_account=by_account)
    followups.settle_about(known, by_account=by_account, outcome=WORDS)
    # Series are locked before their days, as everywhere.
    series.lock_all(known)
    begun = begun_by(known)
    for request in begun.requests:
        requests.cancel(request, words=WORDS, reason=Reason.OTHER, by_account=by_account)
    series.end_all(known, words=WORDS, reason=Reason.OTHER, by_account=by_account)
    for mission in begun.missions:
        withdraw(mission, words=OF_VOLUNTEER, by_account=by_account)
        followups.ask(
            kind=FollowUpKind.TO_CALL,
            person=mission.request.person,
            subject=(requests.SUBJECT, mission.request_id),
            words=_to_neighbour(mission),
        )
    return known


def _to_neighbour(mission: Proposal) -> str:
    request, first_name = mission.request, mission.volunteer.person.first_name
    when = when_words(request.day, request.hour, request.moment)
    return (
        f"{request.kind}, {when} : {first_name} ne pourra pas venir, à cause d’un décès. Prévenez la personne avec "
        "douceur. Nous cherchons quelqu’un d’autre : annulez la demande si elle le préfère."
    )
