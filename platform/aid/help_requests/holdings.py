"""What this room holds about a person."""

from aid.help_requests.merging import merge_help_given
from aid.help_requests.models import HelpRequest, HelpSeries, RequestStep, StepWords
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Delete, Empty, Holding, Keep, declare

HISTORY = Keep("On garde les dates, sans aucun mot. Un numéro désigne qui a agi : il ne mène plus à personne.")


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="help_requests",
            title="Répondre aux demandes",
            persons="Les habitants qui demandent, les bénévoles qui viennent.",
            recipients="Les agents de la ville. Le bénévole qui a dit oui, et lui seul : prénom, téléphone, adresse.",
            kept=("requests",),
        )
    )
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
                "urgency",
                "details",
                "answers",
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
            forgets=Empty(
                ("details", "answers", "hour", "district", "address", "closing_words", "thanks", "asked_by_name"),
                "On garde l’aide, le jour, la commune et la durée, pour que les chiffres restent vrais. Sans nom.",
                dated="forgotten_on",
            ),
        ),
        Holding(
            model=HelpSeries,
            path="person",
            title="Vos demandes qui reviennent",
            purpose="Trouver un voisin chaque fois, sans que vous ayez à redemander.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "created_at",
                "kind",
                "rule",
                "starts_on",
                "skips",
                "hour",
                "moment",
                "urgency",
                "details",
                "answers",
                "commune__commune",
                "district",
                "address",
                "state",
                "ended_at",
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
            fields=("at", "request__kind", "to_state"),
            forgets=HISTORY,
        ),
        Holding(
            model=StepWords,
            path="step__request__person",
            title="Ce qui a été noté sur vos demandes",
            purpose="Que chacun à l’accueil sache où en est la demande.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("step__at", "words"),
            forgets=Delete(),
        ),
        # Of whom they asked for, only the day and the kind: the rest is that person's.
        Holding(
            model=HelpRequest,
            path="asked_by_person",
            title="Ce que vous avez demandé pour d’autres",
            purpose="Savoir qui a demandé, et le dire à la personne aidée.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "day", "kind", "state"),
            forgets=Empty(("asked_by_name",), "On garde qu’un proche a demandé. Plus rien ne dit qui."),
        ),
        Holding(
            model=HelpSeries,
            path="asked_by_person",
            title="Ce que vous avez demandé pour d’autres, et qui revient",
            purpose="Savoir qui a demandé, et le dire à la personne aidée.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "starts_on", "kind", "state"),
            forgets=Empty(("asked_by_name",), "On garde qu’un proche a demandé. Plus rien ne dit qui."),
        ),
        # Of whom they help, only the day and the kind: the rest is that person's.
        Holding(
            model=HelpSeries,
            path="volunteer__person",
            title="Les coups de main que vous donnez à chaque fois",
            purpose="Vous les confier sans vous redemander.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("kind", "rule", "state"),
            on_merge=merge_help_given,
            forgets=Empty((), "On garde ce que demande l’autre personne. Un autre bénévole est cherché chaque fois."),
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
            forgets=Empty(
                ("closing_words", "thanks"),
                "On garde qu’un voisin est venu, et combien de temps. Plus rien ne dit qui.",
                dated="forgotten_on",
            ),
        ),
        Holding(
            model=RequestStep,
            path="by_person",
            title="Ce que vous avez fait sur des demandes",
            purpose="Savoir qui a annulé, ou dit que c’était fait.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "request__kind", "to_state"),
            forgets=HISTORY,
        ),
        # Written by them, or about the help that they gave: free words may name them.
        Holding(
            model=StepWords,
            path="step__by_person",
            title="Ce que vous avez écrit sur des demandes",
            purpose="Savoir comment cela s’est passé.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("step__at", "words"),
            forgets=Delete(),
        ),
    )
