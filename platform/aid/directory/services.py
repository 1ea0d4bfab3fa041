"""The verbs of referents: name one, change what is shown, end; and who they are now."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from accounts.models import Account
from accounts.roles import is_staff
from aid.configuration.models import Rules
from aid.directory.enums import Title
from aid.directory.models import Professional, Referent, Theme
from aid.directory.moderating import have_read, subject_of
from aid.moderation import services as moderation
from aid.people.models import Person
from aid.people.services import locked
from aid.photos.models import Photo
from aid.privacy.enums import Agreed
from aid.profiles.models import Profile
from aid.territory.models import CoveredCommune, District, Sector
from core.text import tidy, tidy_lines

SHOWN_KEY = "directory.shown"
# What a referent has several of.
SEVERAL = ("themes", "sectors", "communes", "districts")


@dataclass(frozen=True)
class Shown:
    """Whom visitors find: what leads to each is on every page, once there is somebody."""

    in_menu: bool
    referents: bool
    professionals: bool
    professionals_title: str
    neighbours: bool


def shown() -> Shown:
    """Whom visitors find in the town, in one query. Kept in memory until its pulse changes."""
    known = cache.get(SHOWN_KEY)
    if known is None:
        found = Rules.objects.annotate(
            has_referents=Exists(Referent.objects.on_site()),
            pays=Exists(Professional.objects.shown()),
            has_neighbours=Exists(Profile.objects.published()),
        ).get()
        known = Shown(
            in_menu=found.directory_in_menu,
            referents=found.has_referents,
            professionals=found.has_professionals and found.pays,
            professionals_title=found.professionals_title,
            neighbours=found.has_neighbours,
        )
        cache.set(SHOWN_KEY, known)
    return known


@transaction.atomic
def name_referent(
    who: Person | Account,
    *,
    agreed: Agreed,
    by_account: Account,
    name: str = "",
    title: Title = Title.FEMININE,
    words: str = "",
    phone: str = "",
    email: str = "",
    days: str = "",
    themes: Iterable[Theme] = (),
    sectors: Iterable[Sector] = (),
    communes: Iterable[CoveredCommune] = (),
    districts: Iterable[District] = (),
    welcomes: bool = True,
    shows_photo: bool = False,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> Referent:
    """Make somebody a referent: a person, or one of the town's own people; answer the row, where they are one already.

    What the town's rules hold waits for somebody to read it (`hidden_because`): until then nobody sees them. Without a
    name to show, it is « Alice M. » for a person. Without a place, it is for the whole territory. Raises
    ValidationError, by field, for who died or may publish nothing, an account that is nobody's of the town, words that
    the town refuses, or dates that cannot be.
    """
    if isinstance(who, Person):
        who = locked(who)
        if not who.is_living:
            raise ValidationError("Cette personne est décédée.")
        behind: dict[str, Any] = {"person": who}
    else:
        who = Account.objects.select_for_update(of=["self"]).get(pk=who.pk)
        if not (who.is_active and is_staff(who)):
            raise ValidationError("Ce compte n’est pas celui d’un agent.")
        behind = {"account": who}
    running = Referent.objects.running().filter(**behind).first()
    if running is not None and not running.is_over:
        return running
    if running is not None:
        end(running, by_account=by_account)
    referent = Referent(
        **behind,
        name=tidy(name) or (who.public_name if isinstance(who, Person) else tidy(who.get_full_name())),
        agreed=agreed,
        starts_on=starts_on or timezone.localdate(),
        created_by=by_account,
    )
    shown_of_them = {"title": title, "words": words, "phone": phone, "email": email, "days": days}
    _write(
        referent,
        **shown_of_them,
        welcomes=welcomes,
        shows_photo=shows_photo,
        ends_on=ends_on,
        themes=themes,
        sectors=sectors,
        communes=communes,
        districts=districts,
    )
    have_read(referent)
    return referent


@transaction.atomic
def change_referent(referent: Referent, **values: Any) -> Referent:
    """Change what is shown of a referent, or where; fields as `name_referent` has them.

    The town's rules read what is public where it changes. Raises ValidationError, by field, and for one that was ended,
    or written again, meanwhile.
    """
    read = Referent.objects.select_related("person").get(pk=referent.pk)
    before = read.public_text
    _fill(read, values)
    if read.public_text != before:
        have_read(read)
    known = Referent.objects.select_for_update(of=["self"]).get(pk=referent.pk)
    if known.ended_at is not None:
        raise ValidationError("Cette personne n’est plus référente.")
    if known.public_text != before:
        raise ValidationError("Quelqu’un vient de changer cette page : relisez-la.")
    _write(known, **values)
    return known


@transaction.atomic
def end(referent: Referent, *, by_account: Account | None = None) -> Referent:
    """Take a referent off the directory, at once. Ended twice, the first keeps its hour and its author."""
    moderation.withdraw(subject=subject_of(referent))
    known = Referent.objects.select_for_update(of=["self"]).get(pk=referent.pk)
    if known.ended_at is None:
        known.ended_at, known.ended_by = timezone.now(), by_account
        known.save(update_fields=["ended_at", "ended_by"])
    return known


def end_of(person: Person, *, by_account: Account | None = None) -> None:
    """Take somebody off the directory, if they are on it: they died, or the town vouches for them no more."""
    for referent in Referent.objects.running().filter(person=person):
        end(referent, by_account=by_account)


def end_those_over() -> int:
    """Close those whose last day has passed: nobody sees them any more already. Answer how many."""
    over = list(Referent.objects.running().filter(ends_on__lt=timezone.localdate()))
    for referent in over:
        end(referent)
    return len(over)


def _fill(referent: Referent, values: dict[str, Any]) -> None:
    """Put tidied fields on a row that is not saved yet; its lists are left alone."""
    for name in values.keys() - set(SEVERAL):
        setattr(referent, name, values[name])
    referent.name, referent.days = tidy(referent.name), tidy(referent.days)
    referent.words = tidy_lines(referent.words)
    # Nobody agrees to a photo that is not there: one that is put later asks for an agreement of its own.
    if referent.shows_photo and not Photo.objects.filter(person=referent.person_id).exists():
        referent.shows_photo = False


def _write(referent: Referent, **values: Any) -> None:
    """Check and keep fields and places. Raises ValidationError by field."""
    _fill(referent, values)
    if referent.ends_on is not None and referent.ends_on < referent.starts_on:
        raise ValidationError({"ends_on": "Choisissez un dernier jour après le premier."})
    referent.clean_fields(exclude={"person", "account", "created_by", "ended_by"})
    referent.save()
    for name in values.keys() & set(SEVERAL):
        getattr(referent, name).set(values[name])
