"""Candidates: what who asked reads of each before choosing; who goes already, and who cannot any more."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from aid.configuration.enums import Chooser, Mode
from aid.help_requests import company
from aid.help_requests.company import Candidate, Company
from aid.help_requests.enums import LOOKING
from aid.help_requests.models import HelpRequest
from aid.moderation.services import masked
from aid.profiles.models import Profile
from aid.proposals.enums import Answer, Way
from aid.proposals.models import Proposal, ProposalQuerySet, may_say_yes
from aid.proposals.services import who_goes
from core.links import number_of, token_for

# What the token of a candidate is for (core.links), in the addresses of who chooses.
CANDIDATE = "candidate"


def register() -> None:
    """Called when the app is ready."""
    company.register(company_of)


def company_of(request: HelpRequest) -> Company:
    """Who goes; and while somebody is looked for, who puts themselves forward, and who cannot come any more."""
    going = tuple(one.volunteer for one in who_goes(request))
    if request.state not in LOOKING:
        return Company(going=going)
    return Company(
        going=going,
        candidates=_as_shown(request),
        gone=_gone(request),
        may_choose=is_chosen_by_asker(request),
        is_written_to=_is_written_to(request),
    )


def is_chosen_by_asker(request: HelpRequest) -> bool:
    """Whether who asked chooses; else the team does."""
    return request.kind.chooser == Chooser.ASKER


def candidates_of(request: HelpRequest) -> ProposalQuerySet:
    """Who puts themselves forward and may go, the first one first, with how often each helped somebody."""
    given = Proposal.objects.given().filter(volunteer=OuterRef("volunteer")).order_by().values("volunteer")
    times = Subquery(given.values(times=Count("pk")), output_field=IntegerField())
    return (
        request.proposals.standing()
        .filter(may_say_yes(), answer=Answer.CANDIDATE)
        .select_related("request", "volunteer__person__commune__commune", "volunteer__person__district")
        .annotate(times_helped=Coalesce(times, 0))
        .order_by("answered_at", "pk")
    )


def candidate_of(request: HelpRequest, token: str) -> Proposal | None:
    """The candidate of a request that a token stands for; None where they are no candidate of it any more."""
    number = number_of(CANDIDATE, token)
    return None if number is None else candidates_of(request).filter(pk=number).first()


def _is_written_to(request: HelpRequest) -> bool:
    written = request.proposals.filter(way=Way.CHOSEN, answer=Answer.ASKED)
    return request.mode == Mode.DIRECT and written.exists()


def _as_shown(request: HelpRequest) -> tuple[Candidate, ...]:
    found = list(candidates_of(request)) if request.state in LOOKING else []
    persons = [one.volunteer.person_id for one in found]
    public = Profile.objects.shown_to(is_insider=False, reader=request.person).filter(person__in=persons)
    profiles = {profile.person_id: profile for profile in public}
    return tuple(_candidate(one, profiles.get(one.volunteer.person_id)) for one in found)


def _candidate(proposal: Proposal, profile: Profile | None) -> Candidate:
    person = proposal.volunteer.person
    return Candidate(
        token=token_for(CANDIDATE, proposal.pk),
        first_name=person.first_name,
        place=person.place,
        times_helped=proposal.times_helped,
        words=masked(profile.words) if profile else "",
        url=reverse("profiles:neighbour", args=[profile.uid]) if profile else "",
    )


def _gone(request: HelpRequest) -> str:
    """The first name of who dropped out last; empty where nobody did."""
    left = request.proposals.filter(answer=Answer.WITHDREW).select_related("volunteer__person").order_by("answered_at")
    last = left.last()
    return last.volunteer.person.first_name if last else ""
