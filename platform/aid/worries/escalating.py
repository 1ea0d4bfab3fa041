"""An urgent worry that nobody takes is told again, to administrators."""

from django.db import transaction

from accounts.roles import ADMINISTRATORS
from aid.worries import texts
from aid.worries.duty import at_work
from aid.worries.enums import WorryState, WorryStepName
from aid.worries.journal import write_step, write_to
from aid.worries.models import Worry


@transaction.atomic
def escalate(number: int) -> bool:
    """Tell administrators of a worry that still waits for somebody; answer whether they were. Twice is once."""
    worry = Worry.objects.select_for_update().filter(pk=number, state=WorryState.RECEIVED).first()
    if worry is None or worry.steps.filter(name=WorryStepName.ESCALATED).exists():
        return False
    write_step(worry, WorryStepName.ESCALATED)
    for administrator in at_work(ADMINISTRATORS):
        write_to(administrator, worry, key="late", words=texts.nobody_took_it(worry))
    return True
