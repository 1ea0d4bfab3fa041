"""What support asks of the worker."""

from aid.support.ending import end
from aid.support.models import SupportAccess
from tenants.jobs import town_job


@town_job(name="support.end_at_its_hour")
def end_at_its_hour(*, access: int) -> None:
    """Take its role from the account of an access. It opened nothing since its hour: each request looks at it."""
    known = SupportAccess.objects.filter(pk=access).first()
    if known is not None:
        end(known)
