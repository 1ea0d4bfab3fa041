"""What the volunteers of a demonstration town say of themselves; and somebody who applies this very day."""

import datetime
import random
import uuid
from functools import partial
from itertools import cycle

from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Consent, Source
from aid.help_requests.known_askers import ask_by_agent
from aid.nearby.one_off import Answered, Proposed, answer, kinds_to_propose, propose
from aid.offers.applying import send, settle
from aid.offers.enums import Language, PartOfDay, Radius, Weekday
from aid.offers.models import Means
from aid.offers.services import Offered, go_away, keep, offered_by
from aid.offers.slots import slot
from aid.proposals.direct import send_messages
from aid.territory.models import CoveredCommune
from console.demo.people import FICTION_MOBILE, Cast

LIMITS = ("Pas d’escaliers, s’il vous plaît.", "", "Plutôt à pied ou en bus.", "", "")
LANGUAGES = (Language.PORTUGUESE, Language.ARABIC, Language.SIGNS, Language.POLISH)
# Of the blueprint where offers of one day are shown.
TO_THE_MARKET = "Accompagner"
# One volunteer in four says nothing of their week, one in three counts.
SILENT_EVERY, COUNTING_EVERY, SPEAKING_EVERY = 4, 3, 5


def say_what_they_offer(cast: Cast, *, today: datetime.date, chance: random.Random) -> None:
    """Give each a week, means and limits; Alice, of the guide, may be asked anything. One is away next week."""
    means, limits, languages = list(Means.objects.offered()), cycle(LIMITS), cycle(LANGUAGES)
    for number, volunteer in enumerate(cast.volunteers[1:], 1):
        home = volunteer.person.commune
        has_centre = home is not None and home.commune.latitude is not None and number % 2 == 0
        days = chance.sample(list(Weekday), k=chance.randint(2, 5))
        said = Offered(
            kinds=offered_by(volunteer).kinds,
            radius_km=chance.choice(list(Radius)) if has_centre else None,
            centre=home if has_centre else None,
            slots=[slot(day, chance.choice(list(PartOfDay))) for day in days] if number % SILENT_EVERY else [],
            monthly_limit=chance.randint(2, 8) if number % COUNTING_EVERY == 0 else None,
            means=chance.sample(means, k=min(len(means), chance.randint(0, 2))),
            languages=[next(languages)] if number % SPEAKING_EVERY == 0 else [],
            limits=next(limits),
        )
        keep(volunteer, said)
    next_week = today + datetime.timedelta(days=7)
    go_away(cast.volunteers[-1], starts_on=next_week, ends_on=next_week + datetime.timedelta(days=9))


def offer_a_day(cast: Cast, *, today: datetime.date) -> None:
    """Alice goes to the market by car next Saturday, with two places; somebody phoned to have one."""
    saturday = today + datetime.timedelta(days=(Weekday.SATURDAY - today.isoweekday()) % 7 or 7)
    alice = cast.volunteers[0]
    offer = propose(
        alice,
        Proposed(
            kind=kinds_to_propose(alice).get(name=TO_THE_MARKET),
            day=saturday,
            hour=datetime.time(9),
            commune=CoveredCommune.objects.all()[0],
            district=alice.person.district,
            places=2,
            words="Je vais au marché en voiture, et je rapporte les sacs jusqu’à la porte.",
        ),
    )
    who = next(one for one in cast.residents if one.pk != alice.person_id)
    home = Answered(
        commune=who.commune, district=who.district, address=who.address, details="Avec plaisir, je prends mon panier."
    )
    ask = partial(ask_by_agent, who, consent=Consent.SPOKEN, source=Source.PHONE, by_account=cast.agent)
    sent = answer(offer, home, person=who, ask=lambda need: ask(need=need))
    # Here and now, as the worker would.
    send_messages(sent.request_id)


def somebody_applies() -> None:
    """Rosalie filled the three pages this morning, and typed the code of her SMS."""
    application = send(
        uid=uuid.uuid4(),
        person={"first_name": "Rosalie", "last_name": "Leroux", "phone": f"+33{FICTION_MOBILE[1:]}0009"},
        commune=CoveredCommune.objects.all()[0],
        offered=Offered(
            kinds=KindOfHelp.objects.offered()[:2],
            slots=[slot(Weekday.TUESDAY, PartOfDay.AFTERNOON), slot(Weekday.SATURDAY, PartOfDay.MORNING)],
            means=Means.objects.offered()[:1],
        ),
        motivation="Je suis à la retraite depuis un an. J’aime bavarder, et j’ai une voiture.",
    )
    settle(application, is_proved=True)
