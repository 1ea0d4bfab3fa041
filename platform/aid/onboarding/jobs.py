"""What each night notices of steps, in every town; and what is written of it, by day."""

from aid.onboarding import expiry
from tenants.jobs import town_job
from tenants.rounds import each_morning, nightly


@nightly
@town_job(name="onboarding.notice_lapses", in_steps=True, retry=2)
def notice_lapses() -> None:
    """Tell the town whose steps ended, and have what they agreed to reviewed."""
    expiry.notice_lapses()


@each_morning
@town_job(name="onboarding.remind", in_steps=True, retry=2)
def remind() -> None:
    """Write to volunteers whose steps end, or ended, and to who is awaited tomorrow."""
    expiry.remind()
