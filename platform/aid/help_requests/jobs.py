"""What requests do later, and each morning."""

from aid.help_requests import ageing, series
from aid.help_requests.enums import CANCEL, CONFIRM, EXPIRE, SeriesState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.services import have_number_called
from aid.help_requests.transitions import listen
from tenants.jobs import town_job
from tenants.rounds import each_morning, nightly

TRIES = 3


@town_job(name="help_requests.call_if_unconfirmed")
def call_if_unconfirmed(*, request: int) -> None:
    """Have the desk call the number of a request whose code never came back. Twice is once."""
    waiting = HelpRequest.objects.to_check().filter(pk=request).first()
    if waiting is not None:
        have_number_called(waiting)


@nightly
@town_job(name="help_requests.grow_old", in_steps=True, retry=2)
def grow_old() -> None:
    """Close what nobody was found for in time, and what nobody has any news of; file what was done a month ago."""
    ageing.expire_passed()
    ageing.lose_track()
    ageing.file_away()


@town_job(name="help_requests.draw_one", retry=TRIES)
def draw_one(*, number: int) -> None:
    """Write the occurrences to come of one series."""
    series.draw(number)


@each_morning
@town_job(name="help_requests.draw_series", retry=TRIES)
def draw_series() -> None:
    """The same of all, each by a job of its own: what fails for one keeps nobody else waiting."""
    standing = HelpSeries.objects.standing().order_by("pk").values_list("pk", flat=True)
    draw_one.defer_many({"number": number} for number in standing)


def settle(request: HelpRequest) -> None:
    """Where the first of a series was confirmed, or will not be, look at the series: by a job, which locks it first."""
    if request.series_id is not None and request.series.state == SeriesState.TO_CHECK:
        draw_one.defer(number=request.series_id)


def register() -> None:
    """Called when the app is ready."""
    for transition in (CONFIRM, CANCEL, EXPIRE):
        listen(transition, settle)
