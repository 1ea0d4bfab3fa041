"""The verbs of the vault: wrap the town's key anew, change it. Both may be stopped and run again."""

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError

from aid.vault.models import SealedText, TownKey
from core import sealing

A_BATCH = 200


def sealed_tables() -> list[type[SealedText]]:
    """Every table that holds sealed texts."""
    return [model for model in apps.get_models() if issubclass(model, SealedText)]


@transaction.atomic
def rewrap() -> int:
    """Wrap the town's keys by the master key in use; how many were by a former one. Raises SealError."""
    changed = 0
    for key in TownKey.objects.select_for_update(no_key=True).order_by("pk"):
        if not sealing.is_wrapped_by_the_key_in_use(key.wrapped):
            key.wrapped = sealing.wrap(key.opened(), bound_to=str(key.uid))
            key.save(update_fields=["wrapped"])
            changed += 1
    return changed


@transaction.atomic
def change_key() -> None:
    """Have another key seal from now on, where there is one. What the former ones sealed opens as before.

    Raises SealError.
    """
    if TownKey.objects.filter(is_in_use=True).update(is_in_use=False):
        TownKey.made().save()


@transaction.atomic
def reseal_some() -> int:
    """Seal again, with the key in use, a batch of what former keys sealed; how many. Raises SealError."""
    if not TownKey.objects.filter(is_in_use=False).exists():
        return 0
    in_use = TownKey.objects.in_use()
    for model in sealed_tables():
        former = model.objects.select_for_update(of=["self"], skip_locked=True).filter(sealed_with__is_in_use=False)
        some = list(former.select_related("sealed_with").order_by("pk")[:A_BATCH])
        for row in some:
            row.seal(row.unsealed(), key=in_use)
        model.objects.bulk_update(some, ["sealed", "sealed_with"])
        if some:
            return len(some)
    return 0


@transaction.atomic
def drop_former_keys() -> int:
    """Forget the keys that seal nothing any more; how many are left that still do."""
    left = 0
    for key in TownKey.objects.filter(is_in_use=False):
        try:
            with transaction.atomic():
                key.delete()
        except ProtectedError:
            left += 1
    return left
