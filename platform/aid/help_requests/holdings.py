"""What this room holds about a person."""

from aid.help_requests.merging import merge_help_given
from aid.help_requests.models import HelpRequest, RequestStep
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    declare(
        Holding(
            model=HelpRequest,
            path="person",
            title="Vos demandes",
            purpose="Trouver un voisin, puis savoir si l’aide a bien eu lieu.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "created_at",
                "kind",
                "day",
                "hour",
                "moment",
                "details",
                "commune__commune",
                "district",
                "address",
                "state",
                "minutes",
                "closing_words",
                "thanks",
                "source",
                "asked_by",
                "asked_by_name",
                "consent",
            ),
        ),
        Holding(
            model=RequestStep,
            path="request__person",
            title="Le suivi de vos demandes",
            purpose="Savoir ce qui s’est passé, et quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "request__kind", "to_state", "words"),
        ),
        # Of whom they asked for, only the day and the kind: the rest is that person's.
        Holding(
            model=HelpRequest,
            path="asked_by_person",
            title="Ce que vous avez demandé pour d’autres",
            purpose="Savoir qui a demandé, et le dire à la personne aidée.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "day", "kind", "state"),
        ),
        # Of whom they helped, only the day and the kind: the rest is that person's.
        Holding(
            model=HelpRequest,
            path="volunteer__person",
            title="Vos coups de main",
            purpose="Compter les heures données, et vous remercier.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("day", "kind", "state", "minutes"),
            on_merge=merge_help_given,
        ),
        Holding(
            model=RequestStep,
            path="by_person",
            title="Ce que vous avez fait sur des demandes",
            purpose="Savoir qui a annulé, ou dit que c’était fait.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "request__kind", "to_state"),
        ),
    )
