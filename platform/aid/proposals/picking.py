"""Proposing a request to somebody: whom the team may ask, ranked, with the reasons (aid.matching); then asking them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery

from accounts.models import Account
from aid.help_requests import transitions
from aid.help_requests.enums import LOOKING, PROPOSE, RequestState
from aid.help_requests.models import HelpRequest
from aid.matching.needs import History, Need, need_of
from aid.matching.services import Fit, fits_of, rank
from aid.moderation.enums import SanctionKind
from aid.moderation.sanctions import is_excluded
from aid.moderation.texts import LIFT_FIRST
from aid.notifications.services import send
from aid.offers import load
from aid.offers.services import may_help
from aid.onboarding.models import Volunteer, VolunteerQuerySet
from aid.people.models import Person
from aid.people.services import search_people
from aid.proposals import texts
from aid.proposals.codes import give_codes
from aid.proposals.counts import most_picked, so_many
from aid.proposals.enums import Answer, Way
from aid.proposals.models import Proposal
from aid.proposals.services import locked_request, may_be_asked, untell_town
from aid.proposals.times import needed_by, part_of_day
from aid.territory.services import distance_label
from geography.services import distance_km


@dataclass(frozen=True)
class Pickable:
    """Somebody whom a request may be proposed to, as the team sees them."""

    volunteer: Volunteer
    fit: Fit
    # From commune to commune, in bands; "" in the same one.
    distance: str
    # Since when they have been asked about this one; None where they were not.
    asked_at: datetime.datetime | None
    # About any request.
    last_asked_at: datetime.datetime | None
    # How often they are expected somewhere.
    engaged: int


@transaction.atomic
def propose_to(request: HelpRequest, volunteers: Iterable[Volunteer], *, by_account: Account) -> list[Proposal]:
    """Ask these volunteers in particular, as the coordinator chose them; answer the proposals made.

    A no is kept: who has answered this request already is not asked again. Raises NotAllowedError where nobody is
    looked for any more or sent there, ValidationError for nobody, too many at once, or who may not be asked.
    """
    chosen = sorted(volunteers, key=attrgetter("pk"))
    if not 1 <= len(chosen) <= most_picked(request):
        raise ValidationError({"volunteers": f"Choisissez {so_many(request)} personnes."})
    locked = locked_request(request.pk)
    if locked is None or locked.state not in LOOKING:
        raise transitions.NotAllowedError("Cette demande ne cherche plus personne.")
    if is_excluded(locked.person):
        raise transitions.NotAllowedError(LIFT_FIRST[SanctionKind.EXCLUSION])
    answered = Proposal.objects.filter(request=locked, volunteer__in=chosen).exclude(answer=Answer.ASKED)
    refused = [one.volunteer.person.full_name for one in answered.select_related("volunteer__person")]
    if refused:
        raise ValidationError({"volunteers": f"A déjà répondu\xa0: {', '.join(refused)}."})
    may = set(may_help(kind=locked.kind, asker=locked.person, day=locked.day).filter(pk__in=[one.pk for one in chosen]))
    kept_out = [one.person.full_name for one in chosen if one not in may]
    if kept_out:
        raise ValidationError({"volunteers": f"Ne peut pas être sollicité\xa0: {', '.join(kept_out)}."})
    if locked.state == RequestState.OPEN:
        locked = transitions.take(locked, PROPOSE, by_account=by_account)
    else:
        transitions.write_step(locked, PROPOSE.name, by_account=by_account)
    made = [_picked(locked, one) for one in chosen]
    words_for = texts.proposal_words(locked)
    for one in made:
        to, words = one.volunteer.person, words_for(one)
        send(person=to, kind="proposal", key=one.key("proposal"), words=words, needed_by=needed_by(locked))
    untell_town(locked, "La demande est proposée.")
    return made


def need_for(request: HelpRequest) -> Need:
    """What a request needs, with what volunteers did for who asks, and lately for others. Two queries."""
    others = Proposal.objects.exclude(request=request).order_by()
    engaged = others.engaged().values("volunteer").annotate(times=Count("pk"))
    history = History(
        met=others.given().filter(request__person=request.person).values("volunteer"),
        asked_since=lambda moment: others.filter(asked_at__gte=moment).values("volunteer"),
        engaged=lambda times: engaged.filter(times__gte=times).values("volunteer"),
    )
    return need_of(request, moment=part_of_day(request), history=history)


def may_be_picked(request: HelpRequest, *, among: VolunteerQuerySet, is_wide: bool = False) -> QuerySet[Volunteer]:
    """Those, among these volunteers, whom a request may be proposed to: who has answered it is left in peace.

    They offer it, come there, and are free then; `is_wide`, it may be no part of what they offer.
    """
    if is_wide:
        asked = may_help(kind=request.kind, asker=request.person, day=request.day, among=among)
    else:
        asked = may_be_asked(request, among=among)
    answered = Proposal.objects.filter(request=request, volunteer=OuterRef("pk")).exclude(answer=Answer.ASKED)
    # Not a list to look in, of which PostgreSQL expects half of everybody: it would then look up the others one by one.
    return asked.exclude(Exists(answered))


def ranked(request: HelpRequest, need: Need, *, among: VolunteerQuerySet) -> QuerySet[Volunteer, Volunteer]:
    """The same, who fits best first; only their numbers and scores are read: a page of them is shown by `pickables`."""
    found = may_be_picked(request, among=among).select_related(None).only("pk")
    return rank(found, need, all_may_be_asked=True)


def found(text: str, request: HelpRequest, *, among: VolunteerQuerySet, most: int) -> QuerySet[Volunteer, Volunteer]:
    """Those, among these volunteers, whom a search by name finds, by name: be it no part of what they offer."""
    wide = may_be_picked(request, among=among, is_wide=True).order_by().values("pk")
    persons = search_people(text, limit=most, among=Person.objects.living().filter(volunteer__in=wide))
    return among.filter(person__in=persons).order_by("person__search_name", "pk")


def answered(request: HelpRequest) -> QuerySet[Proposal, Proposal]:
    """What was said to a request already, the first answer first, with who said it."""
    said = request.proposals.standing().exclude(answered_at=None)
    return said.select_related("volunteer__person").order_by("answered_at", "pk")


def pickables(volunteers: Iterable[Volunteer], request: HelpRequest, need: Need) -> list[Pickable]:
    """A page of these volunteers, in their order, as the team sees them, in two queries."""
    page = list(volunteers)
    fits = fits_of(page, need)
    theirs = Proposal.objects.filter(volunteer=OuterRef("pk")).order_by()
    last = theirs.values("volunteer").annotate(last=Max("asked_at")).values("last")
    known = (
        Volunteer.objects.filter(pk__in=fits)
        .select_related("person__commune__commune", "person__district")
        .annotate(
            asked_here=Subquery(theirs.filter(request=request).values("asked_at")[:1]),
            last_asked_at=Subquery(last),
            engaged=load.at_once(),
        )
        .in_bulk()
    )
    return [_pickable(known[one.pk], fits[one.pk], request) for one in page if one.pk in known]


def _pickable(volunteer: Volunteer, fit: Fit, request: HelpRequest) -> Pickable:
    home, there = volunteer.person.commune, request.commune
    is_here = home is None or home.pk == there.pk
    return Pickable(
        volunteer=volunteer,
        fit=fit,
        distance="" if is_here else distance_label(distance_km(home.commune, there.commune)),
        asked_at=volunteer.asked_here,
        last_asked_at=volunteer.last_asked_at,
        engaged=volunteer.engaged,
    )


def _picked(request: HelpRequest, volunteer: Volunteer) -> Proposal:
    """The proposal to somebody who was chosen: made, or the one of an earlier round, asked again."""
    proposal = Proposal.objects.filter(request=request, volunteer=volunteer).select_related("volunteer__person").first()
    if proposal is None:
        proposal = Proposal(request=request, volunteer=volunteer)
    else:
        proposal.ask_anew()
    # Words that were held are for whom the person chose: who is proposed to reads none before a yes.
    # The team asks them, not who answered what they offered for a day: its places are not counted.
    proposal.way, proposal.is_held, proposal.offer = Way.PICKED, False, None
    give_codes([proposal], request.pk)
    proposal.save()
    return proposal
