"""Persons: somebody who asks, who helps, or both. An account, when they have one, only opens the door."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Func, Q, Value

from aid.configuration.models import PhoneField
from aid.people import name_keys
from aid.people.enums import WAYS, Channel, ImportState, Purpose, RowState, Way
from core.phones import normalise_phone, receives_sms
from core.text import fold, mixes_alphabets, piles_marks


def _ways_are_known() -> Func:
    """Whether a jsonb holds purposes and, for each, one of its ways: no pair of it is other than those of WAYS."""
    known = " || ".join(
        f'(@.key == "{purpose.value}" && @.value like_regex "^({"|".join(way.value for way in ways)})$")'
        for purpose, ways in WAYS.items()
    )
    return Func(
        F("channels"),
        Value(f'$.keyvalue() ? (@.value.type() != "string" || !({known}))'),
        template="(NOT jsonb_path_exists(%(expressions)s::jsonpath))",
        output_field=models.BooleanField(),
    )


def validate_name(name: str) -> None:
    """Refuse a first name that nobody can say: without a letter."""
    if not any(char.isalpha() for char in name):
        raise ValidationError("Écrivez un prénom avec des lettres.", "name")


def validate_letters(name: str) -> None:
    """Refuse a name that reads as another, or covers what is around it."""
    if mixes_alphabets(name):
        raise ValidationError("Écrivez chaque nom avec les lettres d’un seul alphabet.", "alphabet")
    if piles_marks(name):
        raise ValidationError("Écrivez ce nom sans signes empilés sur une lettre.", "marks")


class PersonQuerySet(models.QuerySet):
    """The vocabulary of persons."""

    def living(self) -> "PersonQuerySet":
        """Who may be searched, listed, written to, let in: no card that became another's, nobody who died."""
        return self.filter(merged_into=None, deceased_on=None)

    def with_list_related_data(self) -> "PersonQuerySet":
        """What a line of a list shows, in the same query."""
        return self.select_related("commune__commune", "district")

    def bulk_create(self, objs: Iterable["Person"], *args: Any, **kwargs: Any) -> list["Person"]:
        """Django's, which calls no `save()`: the searched names are written all the same."""
        persons = list(objs)
        for person in persons:
            person.write_searched_names()
        return super().bulk_create(persons, *args, **kwargs)


class Person(models.Model):
    """Somebody. Contact details are never unique: a couple shares a telephone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the door may go, the person stays
        null=True,
        blank=True,
        related_name="persons",
        verbose_name="compte",
    )
    first_name = models.CharField(
        "prénom",
        max_length=80,
        validators=[validate_name, validate_letters],
        error_messages={"blank": "Écrivez au moins un prénom."},
    )
    last_name = models.CharField("nom", max_length=80, blank=True, validators=[validate_letters])
    # « prenom nom », folded, for search.
    search_name = models.CharField(max_length=330, editable=False)
    # Its beginnings, sounds and slips (aid.people.name_keys).
    search_keys = ArrayField(models.CharField(max_length=50), default=list, editable=False)
    phone = PhoneField("téléphone", max_length=16, blank=True, db_index=True)
    phone_confirmed_at = models.DateTimeField("numéro confirmé le", null=True, blank=True, editable=False)
    email = models.EmailField("adresse e-mail", blank=True)
    email_confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True, editable=False)
    # Hers, and yet not her way in: she left the account of those who share them (services.leave_account).
    closed_contacts = ArrayField(
        models.CharField(max_length=254), verbose_name="n’entre plus par", default=list, blank=True, editable=False
    )
    channel = models.CharField("à prévenir", max_length=10, choices=Channel, default=Channel.CALL)
    # By purpose, the way that they chose for it; `channel` for the others.
    channels = models.JSONField("à prévenir autrement", default=dict, blank=True)
    commune = models.ForeignKey(
        "territory.CoveredCommune",
        models.PROTECT,  # a commune leaves the territory once nobody lives there any more for us
        null=True,
        blank=True,
        related_name="persons",
        verbose_name="commune",
        db_index=False,  # below, with what tells who lives there
    )
    district = models.ForeignKey(
        "territory.District",
        models.SET_NULL,  # the commune still says where
        null=True,
        blank=True,
        related_name="persons",
        verbose_name="quartier",
    )
    address = models.CharField("adresse", max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # what an agent typed outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )
    # The same person has another card, that is kept (aid.privacy.merging): nothing is left on this one.
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,  # what is left of a card goes with the person
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name="fiche réunie",
        db_index=False,  # below: one that knows the merged only, since nearly everybody is not
    )
    merged_at = models.DateTimeField("réunie le", null=True, blank=True, editable=False)
    deceased_on = models.DateField("décès", null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        indexes = [
            models.Index(fields=["search_name"], name="person_by_name"),
            # All that is asked of everybody's place: a card is a wide row, that nobody reads in thousands for it.
            models.Index(
                fields=["commune"], name="person_by_commune", include=["id", "district", "merged_into", "deceased_on"]
            ),
            models.Index(fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)),
            # Searched far more often than written: no list of pending keys to read through at each search.
            GinIndex(fields=["search_keys"], name="person_by_name_key", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_has_a_first_name",
                condition=~Q(first_name="") | Q(merged_into__isnull=False),
                violation_error_message="Écrivez au moins un prénom.",
            ),
            models.CheckConstraint(
                name="person_channel_can_be_used",
                condition=~Q(channel=Channel.SMS, phone="") & ~Q(channel=Channel.EMAIL, email=""),
                violation_error_message="Donnez le numéro ou l’adresse qui sert à prévenir cette personne.",
            ),
            models.CheckConstraint(
                name="person_channels_are_known",
                condition=Q(_ways_are_known()),
                violation_error_message="Choisissez une façon de prévenir dans la liste.",
            ),
            models.CheckConstraint(
                name="person_was_born_in_a_year_of_ours",
                condition=Q(birth_year=None) | Q(birth_year__range=(1890, 2100)),
                violation_error_message="Écrivez une année de naissance en quatre chiffres, par exemple 1941.",
            ),
            models.CheckConstraint(
                name="person_merged_holds_nothing",
                condition=Q(merged_into=None, merged_at=None)
                | Q(
                    merged_into__isnull=False, merged_at__isnull=False, account=None, first_name="", last_name="",
                    phone="", email="", address="", birth_year=None, commune=None, district=None,
                ),
                violation_error_message="Une fiche réunie à une autre ne garde rien.",
            ),
            models.CheckConstraint(
                name="person_deceased_has_no_account",
                condition=Q(deceased_on=None) | Q(account=None),
                violation_error_message="Le compte d’une personne décédée est fermé.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """First name and initial: what may be read by anybody."""
        return self.public_name or "fiche réunie"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is searched in step with the names."""
        self.write_searched_names()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_name", "search_keys"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse an SMS where none can be read. A number that cannot be dialled is refused by its own field."""
        super().clean()
        if self.channel == Channel.SMS and self.phone and not receives_sms(normalise_phone(self.phone)):
            raise ValidationError({"channel": "Ce numéro est un fixe : il ne reçoit pas de SMS."})

    def write_searched_names(self) -> None:
        """Write what is searched from the names."""
        self.search_name = fold(f"{self.first_name} {self.last_name}")
        self.search_keys = name_keys.keys_of(self.first_name, self.last_name)

    def get_channels_display(self) -> str:
        """Each purpose that has a way of its own, as people read it."""
        chosen = [(purpose, self.channels.get(purpose.value)) for purpose in Purpose]
        return ", ".join(f"{purpose.label}\xa0: {Way(way).label}" for purpose, way in chosen if way)

    @property
    def standing(self) -> "Person":
        """This person's card: the one that this one was merged into, if it was."""
        return self.merged_into or self

    @property
    def is_living(self) -> bool:
        """Whether this person may be written to and asked."""
        return self.merged_into_id is None and self.deceased_on is None

    @property
    def full_name(self) -> str:
        """First and last name: for staff, and for who agreed with this person."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def public_name(self) -> str:
        """First name and initial: « Jeanne M. »."""
        return f"{self.first_name} {self.last_name[0].upper()}." if self.last_name else self.first_name

    @property
    def place(self) -> str:
        """The district, else the commune, else nothing: never the address."""
        place = self.district or self.commune
        return str(place) if place else ""


def private_storage() -> Storage:
    """Where what has no address is kept."""
    return storages["private"]


class PeopleImport(models.Model):
    """A list of people that an administrator sent. Who sent it and when is kept, the files are not."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.MAPPING)
    # Named by us: a file's own name may be somebody's.
    file = models.FileField("fichier", storage=private_storage, upload_to="imports", blank=True)
    left_out_file = models.FileField("lignes laissées", storage=private_storage, upload_to="imports", blank=True)
    row_count = models.PositiveIntegerField("lignes")
    # By name of field, which column of the file holds it, from 0.
    columns = models.JSONField("colonnes", default=dict)
    creates_known = models.BooleanField("créer aussi les personnes sans doute déjà connues", default=False)
    created_at = models.DateTimeField("envoyée le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # that it was done outlives the account
        null=True,
        related_name="+",
        verbose_name="envoyée par",
    )
    ended_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "liste importée"
        verbose_name_plural = "listes importées"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="people_import_state_is_known",
                condition=Q(state__in=ImportState.values),
                violation_error_message="Cet état d’une liste n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"liste du {self.created_at:%d/%m/%Y}"


class ImportedRow(models.Model):
    """What became of one row of a list: never what it holds."""

    people_import = models.ForeignKey(
        PeopleImport, models.CASCADE, verbose_name="liste", related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField("ligne")
    state = models.CharField("état", max_length=8, choices=RowState)
    reason = models.CharField("pourquoi", max_length=300, blank=True)
    # Whom it created, or who it resembles.
    person = models.ForeignKey(
        Person,
        models.SET_NULL,  # the count stays true when somebody is forgotten
        null=True,
        related_name="imported_rows",
        verbose_name="personne",
    )

    class Meta:
        verbose_name = "ligne importée"
        verbose_name_plural = "lignes importées"
        ordering = ["number"]
        constraints = [
            # What makes a second run harmless: a row has one fate.
            models.UniqueConstraint(
                name="imported_row_has_one_fate",
                fields=["people_import", "number"],
                violation_error_message="Cette ligne est déjà traitée.",
            ),
            models.CheckConstraint(
                name="imported_row_state_is_known",
                condition=Q(state__in=RowState.values),
                violation_error_message="Cet état d’une ligne n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"ligne {self.number}"
