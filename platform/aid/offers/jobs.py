"""What offers do later."""

from aid.offers.applying import settle, sweep
from aid.offers.models import Application
from tenants.jobs import town_job


@town_job(name="offers.settle_unproved")
def settle_unproved(*, application: int) -> None:
    """Have the town call who applied and never typed the code. Twice is once."""
    sweep()
    waiting = Application.objects.filter(pk=application, settled_at=None).first()
    if waiting is not None:
        settle(waiting, is_proved=False)
