"""A need that comes again: somebody would like company every Tuesday, and a volunteer goes each time."""

import datetime

from django.db import transaction

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Consent, RequestState
from aid.help_requests.series import begin
from aid.help_requests.services import ask_for
from aid.proposals.commitments import go_each_time
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from console.demo.people import Cast
from core.recurrence import DAYS, Recurrence

TUESDAY = DAYS.index("mardi")


@transaction.atomic
def every_tuesday(cast: Cast, *, today: datetime.date) -> None:
    """Asked once by telephone, from the next Tuesday on; the first who may goes, and says « à chaque fois »."""
    person = cast.residents[0]
    ahead = (TUESDAY - today.weekday()) % len(DAYS) or len(DAYS)
    first = ask_for(
        person=person,
        kind=KindOfHelp.objects.offered()[0],
        day=today + datetime.timedelta(days=ahead),
        hour=datetime.time(15),
        commune=person.commune,
        district=person.district,
        address=person.address,
        details="Le scrabble est sur la table.",
        consent=Consent.SPOKEN,
        by_account=cast.agent,
    )
    series = begin(first, Recurrence((TUESDAY,)), by_account=cast.agent)
    # Here and now, as the worker would.
    for request in series.requests.filter(state=RequestState.OPEN).order_by("day"):
        ask_volunteers(request.pk)
    asked = Proposal.objects.with_page_related_data().filter(request=first).order_by("pk")
    going = next((one for one in asked if accept(one) is Outcome.ACCEPTED), None)
    if going is not None:
        go_each_time(going)
