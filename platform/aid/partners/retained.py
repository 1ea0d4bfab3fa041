"""How long the words of a closed flag, and the name of a contact who left, are kept."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from aid.partners.models import Flag, PartnerContact
from aid.privacy.retention import Part, Retention, declare


def empty_flags(numbers: list[int]) -> None:
    """Take away what these flags said, and whom they led to; the partner, the day, the place and the outcome stay."""
    emptied = {"person": None, "sealed": None, "sealed_with": None, "emptied_on": timezone.localdate()}
    Flag.objects.filter(pk__in=numbers).update(**emptied)


def contacts_who_left(before: datetime) -> QuerySet[PartnerContact]:
    """Contacts who were closed before, and are still named."""
    named = ~Q(first_name="") | ~Q(last_name="") | ~Q(email="") | ~Q(phone="")
    return PartnerContact.objects.filter(named, closed_at__lt=before)


def register() -> None:
    """Declare them."""
    declare(
        Retention(
            key="flags",
            title="Ce que dit un signalement clos",
            counted_from="le jour où il est clos",
            outcome="Le nom et les réponses sont effacés. On garde le partenaire, la commune, la date et l’issue.",
            because="La suite est sur la fiche de la personne, si elle l’a voulu. Le reste ne sert plus.",
            months=6,
            least=1,
            most=24,
            parts=(Part(Flag.objects.kept_long_enough, empty_flags),),
        ),
        Retention(
            key="partner_contacts",
            title="Le nom d’un contact qui ne signale plus",
            counted_from="le jour où il est fermé",
            outcome="Son nom et ses coordonnées sont effacés. Ses signalements restent au partenaire.",
            because="Assez longtemps pour le rappeler au sujet d’un signalement.",
            months=12,
            least=1,
            most=36,
            parts=(
                Part(
                    contacts_who_left,
                    lambda numbers: PartnerContact.objects.filter(pk__in=numbers).update(
                        first_name="", last_name="", email="", phone=""
                    ),
                ),
            ),
        ),
    )
