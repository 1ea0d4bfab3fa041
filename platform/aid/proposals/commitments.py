"""« J’y vais à chaque fois »: who goes once to somebody goes to the days that come again, until they say otherwise.

Each day is still a yes of its own: they may withdraw from one, and others are asked for that one. A series is locked
before its requests (aid.help_requests.series).
"""

from django.db import transaction
from django.utils import timezone

from aid.help_requests import series as recurring
from aid.help_requests import series_changes
from aid.help_requests.enums import LOOKING, SeriesState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.moderation.sanctions import is_excluded
from aid.notifications.services import send
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.proposals import deaths, each_time_texts, texts
from aid.proposals.enums import GOES, Answer, Outcome, Way
from aid.proposals.models import Proposal
from aid.proposals.services import accept, may_be_asked


def register() -> None:
    """Called when the app is ready."""
    recurring.listen_to_end(tell_ended)
    series_changes.listen(ask_anew)


def may_go_each_time(proposal: Proposal) -> bool:
    """Whether its volunteer goes to one occurrence of what comes again, and nobody is to go each time yet."""
    series = proposal.request.series
    if series is None or series.state not in {SeriesState.RUNNING, SeriesState.PAUSED}:
        return False
    return proposal.outcome in GOES and committed(series) is None


def goes_each_time(proposal: Proposal) -> bool:
    """Whether its volunteer is who goes each time."""
    series = proposal.request.series
    return series is not None and series.state != SeriesState.ENDED and series.volunteer_id == proposal.volunteer_id


def committed(series: HelpSeries) -> Volunteer | None:
    """Who goes each time, as long as the town vouches for them."""
    volunteer = series.volunteer
    is_there = volunteer is not None and volunteer.state in {VolunteerState.ADMITTED, VolunteerState.ON_LEAVE}
    return volunteer if is_there and volunteer.person.is_living else None


@transaction.atomic
def go_each_time(proposal: Proposal) -> bool:
    """Have its volunteer go each time: those days that look for somebody are theirs at once. Whether they do now.

    Of two who say so at once, the first goes.
    """
    proposal = _with_locked_series(proposal)
    if not may_go_each_time(proposal):
        return goes_each_time(proposal)
    series = proposal.request.series
    series.volunteer = proposal.volunteer
    series.save(update_fields=["volunteer"])
    # All of them first: a yes to one, meanwhile, waits for its request and never for a volunteer held here.
    for request in list(series.requests.select_for_update(of=["self"]).filter(state__in=LOOKING).order_by("pk")):
        seat_who_goes_each_time(request)
    return True


@transaction.atomic
def stop_going_each_time(proposal: Proposal) -> None:
    """Have somebody be looked for each time again; the days that were theirs already stay so."""
    proposal = _with_locked_series(proposal)
    if goes_each_time(proposal):
        series = proposal.request.series
        series.volunteer = None
        series.save(update_fields=["volunteer"])


def seat_who_goes_each_time(request: HelpRequest) -> bool:
    """Give a day that looks for somebody to who goes each time; whether they have it.

    Not while they are away, beyond what they do, or not vouched for; nor once they answered: a no of one day is kept.
    Nor where who asks is excluded.
    """
    if request.series is None or request.series.volunteer_id is None or is_excluded(request.person):
        return False
    if not may_be_asked(request).filter(pk=request.series.volunteer_id).exists():
        return False
    proposal, _ = Proposal.objects.get_or_create(
        request=request, volunteer_id=request.series.volunteer_id, defaults={"way": Way.PICKED}
    )
    if proposal.answer != Answer.ASKED:
        return False
    # They were chosen for it: where candidates are awaited, they are none.
    Proposal.objects.filter(pk=proposal.pk).update(way=Way.PICKED)
    return accept(proposal) is Outcome.ACCEPTED


def ask_anew(series: HelpSeries) -> None:
    """It changed: who goes each time said yes to something else. They say so again on the page of a day, or do not."""
    volunteer = committed(series)
    series.volunteer = None
    series.save(update_fields=["volunteer"])
    if volunteer is not None:
        stamp = f"{timezone.now():%Y%m%d%H%M%S%f}"
        words = each_time_texts.each_time_changed(series, volunteer.person)
        send(person=volunteer.person, kind="amended", key=f"series_changed:{series.pk}:{stamp}", words=words)


def tell_ended(series: HelpSeries) -> None:
    """Who went each time need not come any more, whether or not a day was agreed already."""
    volunteer = committed(series)
    if volunteer is None:
        return
    key, words = f"series_ended:{series.pk}", each_time_texts.comes_no_more(series, volunteer.person)
    if not series.person.is_living:
        # They are told once, with the days that they were awaited.
        key = deaths.key_of(series.person, volunteer)
        awaited = deaths.called_off(series.person, volunteer)
        if awaited:
            words = texts.who_was_awaited_died(awaited, volunteer.person)
    send(person=volunteer.person, kind="cancelled", key=key, words=words)


def _with_locked_series(proposal: Proposal) -> Proposal:
    if proposal.request.series_id is not None:
        recurring.locked_series(proposal.request.series_id)
    known = Proposal.objects.with_page_related_data().select_related("request__series__volunteer__person")
    return known.get(pk=proposal.pk)
