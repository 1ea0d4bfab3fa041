"""What is written to a town's administrators. The subject names nobody."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from aid.configuration.addresses import address_of
from aid.notifications.words import Words
from aid.support.models import SupportAccess

# As the journal of cards and the screens of a town name whoever it is.
FIRST_NAME, LAST_NAME = "L’assistance", "de Palier"


def hour_words(moment: datetime) -> str:
    """« 15 h 30 », where the connection is."""
    local = localtime(moment)
    return f"{local.hour}\u00a0h\u00a0{local:%M}"


def begun(access: SupportAccess) -> Words:
    """To who administers the town: somebody of Palier may come in."""
    link = address_of(reverse("desk:support_accesses", urlconf=settings.ROOT_URLCONF))
    until = hour_words(access.ends_at)
    may = "consulter et modifier" if access.acts else "consulter, sans rien modifier"
    return Words(
        subject="L’assistance de Palier entre sur votre site",
        body="\n\n".join(
            (
                "Bonjour,",
                f"Une personne de Palier ({access.operator_name}) peut {may} votre site jusqu’à {until}.",
                f"Son motif\u00a0: {access.reason}",
                "Vous voyez tout ce qu’elle lit, et vous pouvez y mettre fin aussitôt.",
                f"Voir l’assistance\u00a0: {link}",
            )
        ),
        sms=f"L’assistance de Palier peut {may} votre site jusqu’à {until}. La suivre ou y mettre fin : {link}",
    )
