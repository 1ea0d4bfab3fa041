"""How long what the rooms of accounts, of persons and of privacy hold is kept; the rooms above say their own."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Account
from aid.people.enums import ImportState
from aid.people.models import ImportedRow, PeopleImport
from aid.privacy.enums import WAITING
from aid.privacy.models import Access, ChangedValue, RightsRequest
from aid.privacy.retention import Part, Retention, declare

PERSONS, ACCESSES = "persons", "accesses"


_kept: list[Q] = []


def keep_accounts(condition: Q) -> None:
    """Have these stay, whoever enters by them: a room above made them for a use of its own. From `ready()`."""
    if condition not in _kept:
        _kept.append(condition)


def old_accounts(before: datetime) -> QuerySet[Account]:
    """Doors of nobody: no person enters by them, nor any of the town's own people."""
    last_seen = Coalesce("last_login", "date_joined")
    nobody_s = Account.objects.filter(persons=None, groups=None, is_superuser=False, user_permissions=None)
    for condition in _kept:
        nobody_s = nobody_s.exclude(condition)
    numbers = nobody_s.annotate(last_seen=last_seen).filter(last_seen__lt=before).values("pk")
    return Account.objects.filter(pk__in=numbers)


def old_rights(before: datetime) -> QuerySet[RightsRequest]:
    """Demands that were closed, and still hold words."""
    some_words = ~Q(words="") | ~Q(answer="") | ~Q(asked_by_name="")
    return RightsRequest.objects.exclude(state__in=WAITING).filter(some_words, closed_at__lt=before)


def register() -> None:
    """Declare them."""
    ended = [ImportState.DONE, ImportState.ABANDONED]
    declare(
        Retention(
            key=PERSONS,
            title="La fiche d’une personne",
            counted_from="sa dernière demande, ou son dernier coup de main",
            outcome="Tout est effacé. Elle est prévenue 30 jours avant, et peut rester.",
            because="Deux ans sans nouvelles : ce que la CNIL conseille.",
            months=24,
            least=12,
            most=60,
        ),
        Retention(
            key="accounts",
            title="Un compte qui ne sert plus à personne",
            counted_from="la dernière connexion",
            outcome="Il est effacé.",
            because="Un compte inutile est une porte ouverte.",
            months=24,
            least=6,
            most=36,
            parts=(Part(old_accounts, lambda numbers: Account.objects.filter(pk__in=numbers).delete()),),
        ),
        Retention(
            key="imports",
            title="Le suivi d’une liste importée",
            counted_from="l’envoi de la liste",
            outcome="Il est effacé. Le fichier, lui, part après une semaine.",
            because="Il sert à retrouver d’où vient une fiche.",
            months=12,
            least=1,
            most=36,
            parts=(
                Part(
                    lambda before: ImportedRow.objects.filter(
                        people_import__created_at__lt=before, people_import__state__in=ended
                    ),
                    lambda numbers: ImportedRow.objects.filter(pk__in=numbers).delete(),
                ),
                Part(
                    lambda before: PeopleImport.objects.filter(
                        created_at__lt=before, state__in=ended, file="", left_out_file=""
                    ),
                    lambda numbers: PeopleImport.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        ),
        Retention(
            key="changes",
            title="Les anciennes valeurs d’une fiche",
            counted_from="la modification",
            outcome="Elles sont effacées. On garde qui a modifié, et quand.",
            because="Elles servent à réparer une erreur.",
            months=24,
            least=1,
            most=60,
            parts=(
                Part(
                    lambda before: ChangedValue.objects.filter(access__at__lt=before),
                    lambda numbers: ChangedValue.objects.filter(pk__in=numbers).delete(),
                ),
            ),
        ),
        Retention(
            key="rights",
            title="Les mots d’une demande sur ses données",
            counted_from="la réponse",
            outcome="Ils sont effacés. On garde qu’une réponse a été donnée.",
            because="La ville doit pouvoir montrer qu’elle a répondu.",
            months=36,
            least=12,
            most=72,
            parts=(
                Part(
                    old_rights,
                    lambda numbers: RightsRequest.objects.filter(pk__in=numbers).update(
                        words="", answer="", asked_by_name=""
                    ),
                ),
            ),
        ),
        Retention(
            key=ACCESSES,
            title="Le journal : qui a ouvert quelle fiche",
            counted_from="la lecture",
            outcome="Il est effacé.",
            because="Assez longtemps pour répondre à une plainte.",
            months=60,
            least=12,
            most=120,
            journal=Access,
        ),
    )
