"""What the rooms of persons and of privacy hold; the rooms above declare their own."""

from accounts.models import Account
from aid.people.models import ImportedRow, Person
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare
from aid.privacy.models import Access, ChangedValue


def register() -> None:
    """Declare them."""
    declare(
        Holding(
            model=Person,
            path="pk",
            title="Votre fiche",
            purpose="Vous joindre, et savoir dans quel quartier chercher un voisin.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "first_name",
                "last_name",
                "phone",
                "phone_confirmed_at",
                "email",
                "closed_contacts",
                "channel",
                "commune__commune",
                "district",
                "address",
                "birth_year",
                "created_at",
                "deceased_on",
            ),
        ),
        Holding(
            model=Account,
            path="persons",
            title="Votre porte",
            purpose="Vous laisser entrer dans « Mon espace » avec un code.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("email", "phone", "date_joined", "last_login"),
        ),
        Holding(
            model=ImportedRow,
            path="person",
            title="D’où vient votre fiche",
            purpose="Savoir de quelle liste de la ville elle vient.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("people_import__created_at",),
        ),
        Holding(
            model=Access,
            path="person",
            title="Qui a ouvert votre fiche",
            purpose="Vérifier que seules les personnes qui en ont besoin la lisent.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("at", "act", "screen"),
        ),
        Holding(
            model=ChangedValue,
            path="access__person",
            title="Ce qui a changé sur votre fiche",
            purpose="Retrouver une erreur et la corriger.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("access__at", "field", "before", "after"),
        ),
        Holding(
            model=Access,
            path="by_person",
            title="Les rendez-vous que vous avez ouverts",
            purpose="Savoir qui a lu l’adresse d’une personne aidée.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("at", "screen"),
        ),
    )
