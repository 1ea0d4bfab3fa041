"""What this room holds about a person: as an author, as who reports, as who a measure is about."""

from aid.moderation.merging import merge_blocks, merge_reports, merge_sanctions
from aid.moderation.models import Act, Block, Case, RecentText, Report, Sanction
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Empty, Holding, Keep, declare


def register() -> None:
    """Declare it. An author never reads who reported, nor what they wrote."""
    processing.declare(
        processing.Processing(
            app="moderation",
            title="Relire ce qui est public",
            persons="Les personnes qui publient sur le site, et celles qui signalent un texte.",
            recipients="Les agents de la ville.",
            kept=("moderation", "sanctions", "sketches"),
        )
    )
    declare(
        Holding(
            model=Case,
            path="author",
            title="Vos textes que nous avons relus",
            purpose="Garder le site accueillant et sûr pour tous.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("opened_at", "is_held", "families", "found", "closed_at", "outcome", "reason", "told"),
        ),
        Holding(
            model=Report,
            path="reporter",
            title="Ce que vous avez signalé",
            purpose="Comprendre ce qui ne va pas, et vous répondre si vous appelez.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "reason", "words"),
            forgets=Empty(("words",), "On garde qu’un texte a été signalé, et pourquoi, sans savoir par qui."),
            on_merge=merge_reports,
        ),
        Holding(
            model=Report,
            path="case__author",
            title="Ce qui a été signalé de vos textes",
            purpose="Garder le site accueillant et sûr pour tous.",
            basis=LegalBasis.PUBLIC_TASK,
            # Never who, nor their words: a neighbour would be known by them.
            fields=("reason",),
        ),
        Holding(
            model=Sanction,
            path="person",
            title="Les mesures à votre égard",
            purpose="Protéger les autres habitants, et pouvoir vous répondre.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "starts_at",
                "kind",
                "reason",
                "words",
                "ends_at",
                "lifted_at",
                "appealed_at",
                "appeal_via",
                "appeal_words",
                "appeal_state",
                "appeal_answered_at",
                "appeal_answer",
            ),
            on_merge=merge_sanctions,
        ),
        Holding(
            model=Block,
            path="blocker",
            title="Les personnes que vous ne voulez plus voir",
            purpose="Ne plus vous les montrer, ni vous les proposer.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at",),
            on_merge=merge_blocks,
        ),
        Holding(
            model=Block,
            path="blocked",
            title="Les personnes qui ne veulent plus vous voir",
            purpose="Respecter ce qu’elles demandent.",
            basis=LegalBasis.PUBLIC_TASK,
            # Neither who nor when: even the date would tell.
            fields=(),
            on_merge=merge_blocks,
        ),
        Holding(
            model=RecentText,
            path="author",
            title="L’empreinte de vos textes récents",
            purpose="Reconnaître un texte publié plusieurs fois.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at",),
        ),
        Holding(
            model=Act,
            path="person",
            title="Ce que nous avons décidé de vos textes",
            purpose="Pouvoir montrer qui a décidé quoi, et quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "deed", "reason"),
            forgets=Keep("On garde ce qui a été décidé, par quel agent et quand. Un numéro ne mène plus à personne."),
        ),
    )
