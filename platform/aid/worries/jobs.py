"""What worries do later."""

from aid.worries import escalating
from tenants.jobs import town_job


@town_job(name="worries.escalate", retry=3)
def escalate(*, worry: int) -> None:
    """Tell administrators of an urgent worry that nobody took by then."""
    escalating.escalate(worry)
