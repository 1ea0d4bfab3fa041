"""What this room holds about a person, on each side of a tie."""

from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Empty, Holding, Keep, declare
from aid.relations.merging import merge_household, merge_mandates, merge_relatives
from aid.relations.models import ActedFor, HouseholdMember, Invitation, Mandate, Relative

MANDATE = ("created_at", "scope", "consent", "starts_on", "ends_on", "revoked_at")
DEEDS = Keep("On garde qu’un geste a été fait, et quand. Un numéro désigne qui : il ne mène plus à personne.")


def register() -> None:
    """Declare it. Of the other person nothing is told but what they are to this one."""
    processing.declare(
        processing.Processing(
            app="relations",
            title="Laisser un proche agir",
            persons="Les personnes aidées, leurs proches, leur foyer.",
            recipients="Les agents de la ville. Le proche que la personne a choisi.",
            kept=("persons",),
        )
    )
    declare(
        Holding(
            model=Relative,
            path="person",
            title="Vos proches",
            purpose="Savoir qui peut appeler pour vous.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("kind", "created_at"),
            on_merge=merge_relatives,
        ),
        Holding(
            model=Relative,
            path="relative",
            title="De qui vous êtes proche",
            purpose="Savoir pour qui vous pouvez appeler.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at",),
            on_merge=merge_relatives,
        ),
        Holding(
            model=HouseholdMember,
            path="person",
            title="Votre foyer",
            purpose="Savoir qui vit avec vous.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("since",),
            on_merge=merge_household,
        ),
        Holding(
            model=Mandate,
            path="principal",
            title="Qui peut agir pour vous",
            purpose="Vérifier que vous êtes d’accord, et jusqu’à quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(*MANDATE, "circumstances"),
            on_merge=merge_mandates,
        ),
        Holding(
            model=Mandate,
            path="representative",
            title="Pour qui vous pouvez agir",
            purpose="Vérifier que cette personne est d’accord, et jusqu’à quand.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=MANDATE,
            on_merge=merge_mandates,
        ),
        Holding(
            model=Mandate,
            path="revoked_by",
            title="Les mandats que vous avez retirés",
            purpose="Savoir qui y a mis fin.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("revoked_at",),
            forgets=Empty((), "On garde que le mandat est fini. Plus rien ne dit qui l’a retiré."),
        ),
        Holding(
            model=Invitation,
            path="principal",
            title="À qui vous avez proposé d’agir pour vous",
            purpose="Attendre la réponse de cette personne. Son contact est effacé dès qu’elle répond.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "first_name", "phone", "email", "scope", "ends_on", "state"),
        ),
        Holding(
            model=ActedFor,
            path="principal",
            title="Ce qui a été fait pour vous",
            purpose="Vous montrer chaque geste fait en votre nom.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "deed"),
            forgets=DEEDS,
        ),
        Holding(
            model=ActedFor,
            path="representative",
            title="Ce que vous avez fait pour d’autres",
            purpose="Montrer à ces personnes chaque geste fait en leur nom.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "deed"),
            forgets=DEEDS,
        ),
    )
