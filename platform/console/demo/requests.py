"""The requests of a demonstration town: the story of the year behind, and one in every state today."""

import contextlib
import datetime
import random

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.configuration.enums import Asking, Mode
from aid.configuration.models import KindOfHelp
from aid.configuration.services import identity
from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from aid.help_requests.enums import (
    AGREE,
    CONFIRM,
    FINISH,
    THANK,
    AskedBy,
    Consent,
    Moment,
    RequestState,
    Source,
    Urgency,
)
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.needs import Need
from aid.help_requests.services import LimitReachedError, ask_for, ask_online, cancel, finish, give_up, thank
from aid.help_requests.writing import ASK
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.direct import send_messages, write_to
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.picking import need_for, propose_to, ranked
from aid.proposals.services import accept, ask_volunteers, choose, decline, may_be_asked
from aid.territory.models import CoveredCommune
from console.demo.people import Cast

PAST_SERVICES = 48
MOST_WRITTEN_TO = 2
CANDIDATES = 3
LENGTHS = (20, 30, 45, 45, 60, 60, 90, 120)
THANKS = (
    "Merci du fond du cœur.",
    "Quelle belle après-midi ! Revenez quand vous voulez.",
    "Vous avez été d’une patience d’ange avec mon téléphone.",
    "Le pain était encore chaud. Merci !",
    "Cela faisait longtemps que je n’avais pas autant ri.",
)
WORDS = ("Comme d’habitude.", "Au plus près.")
DETAILS = (
    "La sonnette ne marche plus : frappez fort.",
    "Je marche doucement, avec une canne.",
    "Je serai à la maison toute la journée.",
    "",
)


@transaction.atomic
def tell_the_year(cast: Cast, *, today: datetime.date, chance: random.Random) -> None:
    """Write down services of the past months, with their facts: what the figures of the home page count.

    Row by row: the services refuse days that are past, as they should.
    """
    kinds = list(KindOfHelp.objects.offered().asked_by([Asking.RESIDENT]))
    helped: set[int] = set()
    days = sorted(today - datetime.timedelta(days=chance.randint(3, 340)) for _ in range(PAST_SERVICES))
    for number, day in enumerate(days):
        person = chance.choice(cast.residents)
        volunteer = chance.choice([one for one in cast.volunteers if one.admitted_on <= day] or cast.volunteers[:1])
        request = _past_request(person, kind=chance.choice(kinds), day=day)
        request.volunteer = volunteer
        request.minutes = chance.choice(LENGTHS)
        request.entered_by = cast.agent
        if number % 3 == 0:
            request.thanks = chance.choice(THANKS)
            request.thanked_at = request.ends_at + datetime.timedelta(hours=20)
            request.state = RequestState.THANKED
        request.save()
        _journal(request, cast.agent)
        Proposal.objects.create(
            request=request, volunteer=volunteer, answer=Answer.YES, seat=1, answered_at=request.created_at
        )
        where_and_when = {"happened_on": day, "commune_code": request.commune.commune_id}
        record_fact(kind=FactKind.SERVICE_DONE, minutes=request.minutes, **where_and_when)
        if person.pk not in helped:
            helped.add(person.pk)
            record_fact(kind=FactKind.PERSON_HELPED, **where_and_when)


def _past_request(person: Person, *, kind: KindOfHelp, day: datetime.date) -> HelpRequest:
    ends_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(16)))
    return HelpRequest(
        person=person,
        kind=kind,
        day=day,
        hour=datetime.time(15),
        ends_at=ends_at,
        created_at=ends_at - datetime.timedelta(days=2),
        commune=person.commune,
        district=person.district,
        address=person.address,
        state=RequestState.DONE,
        source=Source.PHONE,
        consent=Consent.SPOKEN,
    )


def _journal(request: HelpRequest, agent: Account) -> None:
    before = ""
    steps = [
        (0, ASK, RequestState.TO_CHECK),
        (0, CONFIRM.name, CONFIRM.target),
        (3, AGREE.name, AGREE.target),
        (50, FINISH.name, FINISH.target),
    ]
    if request.thanked_at is not None:
        steps.append((70, THANK.name, THANK.target))
    for hours, name, after in steps:
        RequestStep.objects.create(
            request=request,
            name=name,
            from_state=before,
            to_state=after,
            at=request.created_at + datetime.timedelta(hours=hours),
            by_account=None if hours else agent,
            by_person=request.volunteer.person if hours else None,
        )
        before = after


@transaction.atomic
def tell_today(cast: Cast, *, today: datetime.date, chance: random.Random) -> None:
    """Play the loop up to every state, by the services that everybody uses, whatever the town's modes."""
    ask_online(need=_need(today, chance), first_name="Odette", phone=cast.unknown_landline)
    _ask(cast, today, chance, urgency=Urgency.TODAY)
    for _ in range(2):
        _ask(cast, today, chance)
    _with_candidates(cast, today, chance)
    for _ in range(2):
        _agreed(cast, today, chance)
    for thanks in THANKS[:2]:
        request = _agreed(cast, today, chance, days=0)
        request = finish(request, minutes=chance.choice(LENGTHS), by_person=request.volunteer.person)
        thank(request, words=thanks)
    cancel(_ask(cast, today, chance), words="Sa fille est passée.", by_account=cast.agent)
    give_up(_ask(cast, today, chance, days=0), words="Personne n’était libre ce jour-là.", by_account=cast.agent)
    for kind in KindOfHelp.objects.offered().filter(people_needed__gt=1):
        _asked_by_the_town(kind, cast, today)


def _need(today: datetime.date, chance: random.Random) -> Need:
    day = today + datetime.timedelta(days=3)
    kind = _kind(day, chance)
    return Need(
        kind=kind,
        day=day,
        moment=Moment.AFTERNOON,
        commune=CoveredCommune.objects.all()[0],
        answers=_answers(kind, chance),
    )


def _kind(day: datetime.date, chance: random.Random) -> KindOfHelp:
    """Something that somebody may ask for themselves on a day, and that one volunteer does."""
    kinds = KindOfHelp.objects.offered().asked_by([Asking.RESIDENT]).filter(people_needed=1)
    return chance.choice([kind for kind in kinds if kind.is_in_season(day)])


def _answers(kind: KindOfHelp, chance: random.Random) -> dict[str, str]:
    return {one.label: chance.choice(one.offered or WORDS) for one in kind.asked}


def _ask(
    cast: Cast,
    today: datetime.date,
    chance: random.Random,
    days: int | None = None,
    *,
    kind: KindOfHelp | None = None,
    urgency: Urgency = Urgency.USUAL,
) -> HelpRequest:
    person = chance.choice(cast.residents)
    day = today + datetime.timedelta(days=chance.randint(1, 7) if days is None else days)
    kind = kind or _kind(day, chance)
    request = ask_for(
        person=person,
        kind=kind,
        day=day,
        moment=chance.choice([Moment.MORNING, Moment.AFTERNOON]),
        commune=person.commune,
        district=person.district,
        address=person.address,
        details=chance.choice(DETAILS),
        answers=_answers(kind, chance),
        urgency=urgency,
        source=Source.PHONE,
        asked_by=AskedBy.SELF,
        consent=Consent.SPOKEN,
        by_account=cast.agent,
    )
    # Here and now, as the worker would: the next lines answer.
    ask_volunteers(request.pk)
    if request.mode == Mode.DIRECT:
        _write_to_some(request, chance)
    return request


def _write_to_some(request: HelpRequest, chance: random.Random) -> None:
    """Have one or two neighbours written to, as who asks would choose them: not those who received enough today."""
    volunteers = list(may_be_asked(request))
    for volunteer in chance.sample(volunteers, k=len(volunteers)):
        with contextlib.suppress(ValidationError, LimitReachedError):
            write_to(request, volunteer)
        if request.proposals.count() == MOST_WRITTEN_TO:
            break
    send_messages(request.pk)


def _propose(request: HelpRequest, agent: Account) -> None:
    """Where the town chooses whom to ask: the two who fit best."""
    best = ranked(request, need_for(request), among=Volunteer.objects.all())[:2]
    propose_to(request, best, by_account=agent)


def _agreed(cast: Cast, today: datetime.date, chance: random.Random, days: int | None = None) -> HelpRequest:
    request = _ask(cast, today, chance, days)
    if request.mode == Mode.COORDINATOR:
        _propose(request, cast.agent)
    first, *others = Proposal.objects.filter(request=request, answer=Answer.ASKED).order_by("pk")
    for proposal in others[:1]:
        decline(proposal)
    if accept(first) is Outcome.CANDIDATE:
        choose(first, by_person=request.person)
    request.refresh_from_db()
    return request


def _with_candidates(cast: Cast, today: datetime.date, chance: random.Random) -> None:
    """Where volunteers put themselves forward: three do, and a choice is awaited."""
    kind = KindOfHelp.objects.offered().filter(mode=Mode.CANDIDATES).first()
    if kind is None:
        return
    request = _ask(cast, today, chance, days=5, kind=kind)
    for proposal in Proposal.objects.filter(request=request, answer=Answer.ASKED).order_by("pk")[:CANDIDATES]:
        accept(proposal)


def _asked_by_the_town(kind: KindOfHelp, cast: Cast, today: datetime.date) -> None:
    """Something that takes several: the first has said yes, places are left."""
    host = cast.residents[0]
    request = ask_for(
        person=host,
        kind=kind,
        day=today + datetime.timedelta(days=10),
        moment=Moment.AFTERNOON,
        commune=host.commune,
        details="Le repas des aînés, dans la salle des fêtes.",
        source=Source.DESK,
        asked_by=AskedBy.TOWN,
        asked_by_name=identity().public_name,
        consent=Consent.SPOKEN,
        by_account=cast.agent,
    )
    ask_volunteers(request.pk)
    asked = request.proposals.order_by("pk").first()
    if asked is not None:
        accept(asked)
