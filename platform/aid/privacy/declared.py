"""What the rooms of persons and of privacy hold; the rooms above declare their own."""

from django.utils import timezone

from accounts.models import Account, Session
from aid.people.models import ImportedRow, Person
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis, RightState
from aid.privacy.forgetting import forget_account
from aid.privacy.holdings import ByHand, Empty, Holding, Keep, declare
from aid.privacy.models import Access, ChangedValue, Consent, Leaving, RightsRequest

BY_NUMBER = Keep("On garde qui a ouvert une fiche, et quand. Un numéro la désigne, qui ne mène plus à personne.")


def stay_with_kept(gone: Person, kept: Person) -> None:
    """A card that goes is not forgotten one day: the one that stays may be."""
    Leaving.objects.filter(person=gone).delete()


def merge_demands(gone: Person, kept: Person) -> None:
    """Give the demands of one card to the other; asked on both, one waits."""
    theirs = RightsRequest.objects.filter(person=gone)
    twice = RightsRequest.objects.waiting().filter(person=kept).values("kind")
    theirs.waiting().filter(kind__in=twice).update(state=RightState.WITHDRAWN, closed_at=timezone.now())
    theirs.update(person=kept)


def register() -> None:
    """Declare them."""
    processing.declare(
        processing.Processing(
            app="people",
            title="Tenir les fiches",
            persons="Les habitants qui demandent de l’aide, leurs proches, les bénévoles.",
            recipients="Les agents de la ville.",
            kept=(
                "persons",
                "imports",
            ),
        )
    )
    processing.declare(
        processing.Processing(
            app="accounts",
            title="Laisser entrer",
            persons="Les habitants, les bénévoles et les agents qui se connectent.",
            recipients="Personne.",
            kept=("accounts",),
        )
    )
    processing.declare(
        processing.Processing(
            app="privacy",
            title="Protéger les données",
            persons="Les personnes dont la ville a une fiche ; les agents qui l’ouvrent.",
            recipients="Les administrateurs de la ville.",
            kept=(
                "changes",
                "accesses",
                "rights",
            ),
        )
    )
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
                "email_confirmed_at",
                "closed_contacts",
                "channel",
                "channels",
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
            purpose="Vous laisser entrer dans « Mon espace » avec un code.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("email", "phone", "date_joined", "last_login"),
            forgets=ByHand(forget_account, "Effacée, sauf pour qui d’autre entre par elle."),
        ),
        Holding(
            model=Session,
            path="account__persons",
            title="Vos appareils connectés",
            purpose="Vous montrer où vous êtes connecté, et vous laisser fermer ce qui est resté ouvert.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("device", "began_at", "seen_at"),
        ),
        Holding(
            model=ImportedRow,
            path="person",
            title="D’où vient votre fiche",
            purpose="Savoir de quelle liste de la ville elle vient.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("people_import__created_at",),
            forgets=Empty(("reason",), "On garde qu’une ligne a été lue, sans savoir de qui."),
        ),
        Holding(
            model=Access,
            path="person",
            title="Qui a ouvert votre fiche",
            purpose="Vérifier que seules les personnes qui en ont besoin la lisent.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("at", "act", "screen"),
            forgets=BY_NUMBER,
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
            forgets=BY_NUMBER,
        ),
        Holding(
            model=Consent,
            path="person",
            title="Vos accords",
            purpose="Pouvoir montrer à quoi vous avez dit oui, et dans quels mots.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("at", "text__kind", "text__version", "is_given", "how", "text__words"),
            forgets=Keep(
                "On garde qu’un accord a été donné, et son texte. Un numéro désigne qui : il ne mène à personne."
            ),
        ),
        Holding(
            model=Leaving,
            path="person",
            title="Si vous partez sans nouvelles",
            purpose="Vous prévenir avant d’effacer ce que nous savons de vous.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("told_at", "goes_on", "stayed_at"),
            on_merge=stay_with_kept,
        ),
        Holding(
            model=RightsRequest,
            path="person",
            title="Ce que vous avez demandé sur vos données",
            purpose="Vous répondre dans le mois, et pouvoir le montrer.",
            basis=LegalBasis.LEGAL_DUTY,
            fields=("asked_at", "kind", "words", "via", "asked_by_name", "state", "closed_at", "answer"),
            on_merge=merge_demands,
            forgets=Empty(
                ("words", "asked_by_name", "answer"),
                "On garde que quelqu’un a été oublié, quel jour, par qui, et comment c’était demandé. Rien d’autre.",
            ),
        ),
    )
