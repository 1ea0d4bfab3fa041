"""What requests do later."""

from aid.help_requests import ageing
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import have_number_called
from tenants.jobs import town_job
from tenants.rounds import nightly


@town_job(name="help_requests.call_if_unconfirmed")
def call_if_unconfirmed(*, request: int) -> None:
    """Have the desk call the number of a request whose code never came back. Twice is once."""
    waiting = HelpRequest.objects.to_check().filter(pk=request).first()
    if waiting is not None:
        have_number_called(waiting)


@nightly
@town_job(name="help_requests.grow_old", in_steps=True, retry=2)
def grow_old() -> None:
    """Close what nobody was found for in time, and file what was done a month ago."""
    ageing.expire_passed()
    ageing.file_away()
