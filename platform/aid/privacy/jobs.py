"""What each night takes away, town by town; and telling, by day, who will be forgotten."""

from aid.privacy import leaving, retention
from tenants.jobs import town_job
from tenants.rounds import each_morning, nightly, nightly_everywhere


@nightly_everywhere
@town_job(name="privacy.purge", in_steps=True, retry=2)
def purge() -> None:
    """Take away what this town has kept long enough, batch by batch; then forget who died as long ago."""
    for one in retention.declared():
        retention.purge(one)
    leaving.forget_dead()


@nightly
@town_job(name="privacy.forget_silent", in_steps=True, retry=2)
def forget_silent() -> None:
    """Forget who was told and is still silent: never where no link would let them say that they stay."""
    leaving.forget_silent()


@each_morning
@town_job(name="privacy.tell_silent", in_steps=True, retry=2)
def tell_silent() -> None:
    """Tell who has been silent for so long that they will be forgotten."""
    leaving.tell_silent()
