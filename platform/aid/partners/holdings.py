"""What this room holds about a person."""

from aid.partners.models import Flag
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Empty, Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="partners",
            title="Repérer les personnes isolées",
            persons="Les personnes signalées, avec leur accord. Les professionnels qui les signalent.",
            recipients="Les agents de la ville et les coordinateurs du secteur. Le partenaire ne relit que des "
            "initiales, la date et l’issue. Ce qui est dit de la personne est scellé avec la clé de la ville.",
            kept=("flags", "partner_contacts"),
        )
    )
    declare(
        Holding(
            model=Flag,
            path="person",
            title="Les signalements d’un partenaire",
            purpose="Vous proposer une visite ou un appel, quand un professionnel a pensé à vous.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("sent_at", "partner", "urgency", "consent", "later_consent", "level", "state", "sealed"),
            forgets=Empty(
                ("sealed", "sealed_with"),
                "On garde le partenaire, la commune, la date et l’issue, pour les chiffres. Plus rien ne dit qui.",
                dated="emptied_on",
            ),
        )
    )
