"""Telling, a month before, that a mandate comes to its end: nobody finds out the day they are refused."""

from datetime import timedelta

from django.utils import timezone

from aid.followups.services import write_or_call
from aid.relations import texts
from aid.relations.models import Mandate
from tenants.jobs import town_job
from tenants.rounds import each_morning

NOTICE = timedelta(days=30)


@each_morning
@town_job(name="relations.tell_ending", retry=2)
def tell_ending() -> None:
    """Tell both of each mandate that ends within thirty days, once. One as short as that was told when it began."""
    today = timezone.localdate()
    ending = Mandate.objects.in_force().with_persons().filter(ends_on__lte=today + NOTICE, starts_on__lt=today - NOTICE)
    told = []
    for mandate in ending:
        key = f"mandate-ending:{mandate.pk}"
        told += [
            (mandate.principal, "mandate_ending", f"{key}:principal", texts.ending_for_principal(mandate)),
            (mandate.representative, "mandate_ending", f"{key}:who", texts.ending_for_representative(mandate)),
        ]
    write_or_call(told)
