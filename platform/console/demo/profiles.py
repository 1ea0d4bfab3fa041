"""Neighbours of a demonstration town who are presented, and birthdays that volunteers told. All of it is invented."""

import datetime
import random

from django.db import transaction

from aid.privacy.enums import Agreed
from aid.profiles.models import Interest
from aid.profiles.reaching import show
from aid.profiles.services import present
from aid.recognition.birthdays import tell_birthday
from console.demo.people import Cast
from tenants.models import Town

WORDS = (
    "J’ai du temps le matin, et une bonne oreille. Je fais aussi de la soupe pour deux.",
    "À la retraite depuis peu, je découvre la ville à pied. Venez marcher avec moi.",
    "Je passe volontiers prendre le café. Chez moi, il y a toujours un gâteau.",
    "Étudiante ici pour trois ans. Les jeux de cartes n’ont plus de secret pour moi, ou presque.",
    "",
)
OF_A_RESIDENT = "Je ne sors plus guère, mais je lis beaucoup. Qui veut parler de romans ?"
# Where agents keep commerce out (seed of Voisins Voisines): one waits for them to read.
KEEPS_COMMERCE_OUT = "voisins-voisines"
COMMERCE = "Plomberie et petits travaux, devis gratuit, 45 € de l’heure. Appelez le 06 39 98 00 77."


@transaction.atomic
def present_neighbours(cast: Cast, *, town: Town, today: datetime.date, chance: random.Random) -> None:
    """Present some volunteers and two residents, by the services that everybody uses; one text waits to be read."""
    interests = list(Interest.objects.offered())
    for volunteer, words in zip(cast.volunteers, WORDS, strict=False):
        present(person=volunteer.person, words=words, interests=chance.sample(interests, k=4))
        born = today + datetime.timedelta(days=chance.randint(1, 60))
        tell_birthday(volunteer.person, day=born.day, month=born.month)
    for resident, words in zip(cast.residents, (OF_A_RESIDENT, ""), strict=False):
        present(
            person=resident,
            words=words,
            interests=chance.sample(interests, k=3),
            how=Agreed.SPOKEN,
            by_account=cast.agent,
        )
    # The first may be reached without passing by the town.
    show(cast.volunteers[0].person, phone=bool(cast.volunteers[0].person.phone), email=False)
    if town.blueprint == KEEPS_COMMERCE_OUT:
        present(person=cast.volunteers[len(WORDS)].person, words=COMMERCE, interests=[])
