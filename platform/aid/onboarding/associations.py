"""Associations that answer through somebody: for which one a volunteer comes."""

from django.db import transaction

from accounts.models import Account
from aid.onboarding.models import Volunteer
from aid.onboarding.place import hold, journal
from aid.partners.models import Partner

# What the journal of a volunteer's place calls it.
SPEAKS_FOR = "association"


@transaction.atomic
def speak_for(volunteer: Volunteer, association: Partner | None, *, by_account: Account) -> Volunteer:
    """Note for which association a volunteer comes, or that they come for themselves. Again, it changes nothing."""
    held = hold(volunteer)
    if held.speaks_for == association:
        return held
    held.speaks_for = association
    held.save(update_fields=["speaks_for"])
    words = f"Vient pour {association}." if association else "Vient pour soi."
    journal(held, SPEAKS_FOR, before=held.state, by_account=by_account, words=words)
    return held
