"""A letter with a code, for who has neither telephone nor e-mail, or for anybody whom the town knows."""

from django.db import transaction

from accounts.letters import make_code
from accounts.models import Account
from aid.people.models import Person


@transaction.atomic
def code_for_letter(person: Person, *, by_account: Account) -> str:
    """A code that opens « mon espace » to a person, once, within thirty days; their former one ends.

    Who had no account has one from now on, that nothing else opens yet. Raises accounts.letters.StaffAccountError.
    """
    known = Person.objects.select_for_update(of=["self"]).select_related("account").get(pk=person.pk)
    if known.account is None:
        known.account = Account.objects.create_account()
        known.save(update_fields=["account"])
    return make_code(known.account, reader=known.uid, by_account=by_account)
