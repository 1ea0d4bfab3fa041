"""The town's keys, and what a room builds on to keep a text sealed (docs/decisions/2026-11-26-sealed-notes.md)."""

import uuid

from django.db import models
from django.db.models import Q

from core import sealing


class TownKeyManager(models.Manager["TownKey"]):
    """Makes the town's first key when it is first needed."""

    def in_use(self) -> "TownKey":
        """The key that seals from now on, locked until the transaction ends: it is not changed under who seals.

        Of two who make the first one at once, the second takes the other's.
        """
        in_use = self.select_for_update(no_key=True).filter(is_in_use=True)
        # Who waited for a key that was changed meanwhile finds none, then the one that came after it.
        while (known := in_use.first()) is None:
            self.bulk_create([TownKey.made()], ignore_conflicts=True)
        return known


class TownKey(models.Model):
    """One key of the town, wrapped by the platform's master key: useless to who has the database alone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wrapped = models.BinaryField("clé enveloppée")
    is_in_use = models.BooleanField("sert à sceller", default=True)
    made_at = models.DateTimeField("faite le", auto_now_add=True)

    objects = TownKeyManager()

    class Meta:
        verbose_name = "clé de la ville"
        verbose_name_plural = "clés de la ville"
        constraints = [
            models.UniqueConstraint(
                name="town_key_in_use_is_one",
                fields=["is_in_use"],
                condition=Q(is_in_use=True),
                violation_error_message="Une seule clé sert à sceller.",
            ),
        ]

    def __str__(self) -> str:
        return f"clé {self.pk}"

    @classmethod
    def made(cls) -> "TownKey":
        """A new key, not saved yet."""
        made = cls()
        made.wrapped = sealing.wrap(sealing.new_key(), bound_to=str(made.uid))
        return made

    def opened(self) -> bytes:
        """The key itself. Raises SealError."""
        return sealing.unwrap(self.wrapped, bound_to=str(self.uid))


class SealedManager(models.Manager):
    """Brings the key along: a list of texts is one query."""

    def get_queryset(self) -> models.QuerySet:
        """With the key of each."""
        return super().get_queryset().select_related("sealed_with")


class SealedText(models.Model):
    """A row with one text that only the town's key opens."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField("texte")
    sealed_with = models.ForeignKey(
        TownKey,
        models.PROTECT,  # a key goes when it seals nothing any more
        related_name="+",
        verbose_name="scellé avec",
    )

    objects = SealedManager()

    class Meta:
        abstract = True

    def seal(self, text: str, *, key: TownKey | None = None) -> None:
        """Seal a text with the key in use, which who seals many has found once; saving is the caller's.

        Raises SealError where there is no master key.
        """
        self.sealed_with = key or TownKey.objects.in_use()
        self.sealed = sealing.seal(self.sealed_with.opened(), text, bound_to=self._place)

    def unsealed(self) -> str:
        """The text, as it was sealed. Raises SealError."""
        return sealing.unseal(self.sealed_with.opened(), self.sealed, bound_to=self._place)

    def get_sealed_display(self) -> str:
        """The text as people read it: a room that seals more than plain words says how. Raises SealError."""
        return self.unsealed()

    @property
    def _place(self) -> str:
        return f"{self._meta.label_lower}:{self.uid}"
