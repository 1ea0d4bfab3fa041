"""What partners and volunteers say in a demonstration town: invented people, by the services that everybody uses."""

import uuid

from django.db import transaction

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.partners import grids, keeping, services
from aid.partners.contents import Content
from aid.partners.enums import FlagConsent, PartnerKind, Urgency
from aid.proposals.access import came_lately
from aid.territory.models import CoveredCommune
from aid.worries import services as worries
from aid.worries.enums import Grade
from console.demo.people import Cast

# By the beginning of its address: which partner, who speaks for it, and whom they flag.
FLAGGED = {
    "pays-de-mormal": (
        "CLIC du Pays de Mormal", PartnerKind.CLIC, "Anne", "clic",
        Content(
            first_name="Raymonde", last_name="Lefebvre", phone="+33353010199", birth_year=1936,
            words="Elle a un petit chien.",
            answers={"q1": "Aucune, ou presque", "q2": "Rarement", "q3": "Presque plus", "q5": "Oui", "q7": "Oui"},
        ),
    ),
    "lormes": (
        "Pharmacie de la Place", PartnerKind.PHARMACY, "Hugo", "pharmacie",
        Content(
            first_name="Marcel", last_name="Bonin", phone="+33353010198", birth_year=1941,
            answers={"q1": "Une fois par mois", "q2": "Rarement", "q3": "De temps en temps"},
        ),
    ),
}  # fmt: skip
WORRIED = "pont-sainte-maxence"
SAID = "Les volets étaient fermés à midi, et elle n’a pas répondu. Ce n’est pas son habitude."


@transaction.atomic
def flag_and_worry(cast: Cast, *, domain: str) -> None:
    """Have a partner flag somebody in some towns, and a volunteer worry in one."""
    here = domain.partition(".")[0]
    if here in FLAGGED:
        name, kind, first_name, door, said = FLAGGED[here]
        partner = keeping.write_partner(None, name=name, kind=kind, communes=[])
        contact = keeping.write_contact(
            None, partner=partner, first_name=first_name, last_name="Marchand", email=f"{door}@{here}.example"
        )
        keeping.give_account(contact)
        services.send_flag(
            contact=contact,
            form_uid=uuid.uuid4(),
            grid=grids.current(),
            commune=CoveredCommune.objects.order_by("pk")[0],
            district=None,
            urgency=Urgency.WEEK,
            consent=FlagConsent.SPOKEN,
            content=said,
        )
    if here == WORRIED:
        met = HelpRequest.objects.filter(state=RequestState.AGREED, person__in=cast.residents).order_by("pk").first()
        if met is not None:
            told_by = came_lately(met.person)[0]
            worries.tell(person=met.person, told_by=told_by, grade=Grade.WORRIED, words=SAID, form_uid=uuid.uuid4())
