"""Whom the team may propose a request to: ranked, with the reasons and what they answer already (aid.matching)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from aid.help_requests.models import HelpRequest
from aid.matching.needs import History, Need, need_of
from aid.matching.services import Fit, fits_of, rank
from aid.offers import load
from aid.offers.services import may_help
from aid.onboarding.models import Volunteer, VolunteerQuerySet
from aid.people.models import Person
from aid.people.services import search_people
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import may_be_asked
from aid.proposals.times import part_of_day
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
    asked = may_help(kind=request.kind, asker=request.person, day=request.day) if is_wide else may_be_asked(request)
    answered = Proposal.objects.filter(request=request).exclude(answer=Answer.ASKED)
    return asked.filter(pk__in=among).exclude(pk__in=answered.values("volunteer"))


def ranked(request: HelpRequest, need: Need, *, among: VolunteerQuerySet) -> QuerySet[Volunteer, Volunteer]:
    """The same, who fits best first; only their numbers and scores are read: a page of them is shown by `pickables`."""
    return rank(may_be_picked(request, among=among).select_related(None).only("pk"), need)


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
