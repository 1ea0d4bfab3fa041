"""The verbs of privacy: note who read or changed a card, answer who did, give somebody all that is known of them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.people.changes import Change
from aid.people.models import Person
from aid.privacy.enums import Act, SeenOn
from aid.privacy.holdings import known_of
from aid.privacy.models import Access, AccessQuerySet, ChangedValue


def note_reading(
    person: Person, *, screen: SeenOn, by_account: Account | None = None, by_person: Person | None = None
) -> None:
    """Keep that somebody was shown a card; a volunteer is known by their person, having no account on a link."""
    Access.objects.create(person=person, act=Act.READ, screen=screen, by_account=by_account, by_person=by_person)


def note_readings(persons: Iterable[Person], *, screen: SeenOn, by_account: Account) -> None:
    """The same for many cards that one screen or paper shows at once: a line each."""
    Access.objects.bulk_create(
        [Access(person=person, act=Act.READ, screen=screen, by_account=by_account) for person in persons],
        batch_size=1000,
    )


def note_writing(
    person: Person, *, screen: SeenOn, by_account: Account | None = None, by_person: Person | None = None
) -> None:
    """Keep that somebody changed, on a screen, what goes with a card and whose words are kept elsewhere."""
    Access.objects.create(person=person, act=Act.CHANGED, screen=screen, by_account=by_account, by_person=by_person)


def note_export(*, by_account: Account) -> None:
    """Keep that every card was read at once: one line, that counts for each person there is by now."""
    Access.objects.create(act=Act.READ, screen=SeenOn.EXPORT, by_account=by_account)


@transaction.atomic
def note_change(change: Change) -> None:
    """Keep who changed a card, with what each field was and became. Called by aid.people.changes."""
    access = Access.objects.create(
        person=change.person, act=Act.CHANGED, by_account=change.by_account, by_person=change.by_person
    )
    ChangedValue.objects.bulk_create(
        ChangedValue(access=access, field=name, before=before, after=after)
        for name, (before, after) in change.values.items()
    )


def accesses_to(person: Person) -> AccessQuerySet:
    """« Qui a vu cette fiche ? »: who read or changed it, the last first."""
    return Access.objects.about(person).with_list_related_data()


def accesses_by(account: Account) -> AccessQuerySet:
    """What an account read or changed, the last first, with whose card it was."""
    return (
        Access.objects.filter(by_account=account).select_related("person").prefetch_related("changes").order_by("-pk")
    )


def exported(person: Person, *, to_another: bool = False) -> dict[str, Any]:
    """All that the town knows of somebody, to take away (RGPD, art. 15 and 20): plain words, by section.

    `to_another`: as `known_of` says.
    """
    return {
        "le": timezone.localdate().isoformat(),
        "rubriques": [
            {
                "titre": known.holding.title,
                "pourquoi": known.holding.purpose,
                "fondement": known.holding.basis.label,
                "lignes": [dict(row) for row in known.rows],
            }
            for known in known_of(person, to_another=to_another)
        ],
    }
