"""Two volunteers of the demonstration have a photo and a card; their faces are drawn, and nobody's."""

import io
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from accounts.models import Account
from aid.cards.services import issue
from aid.cards.words import keep_word
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.photos.services import keep_photo
from aid.privacy.enums import Agreed

SIZE = (640, 800)


@dataclass(frozen=True)
class Face:
    """Colours of a drawing: behind, skin, hair, jumper."""

    behind: str
    skin: str
    hair: str
    jumper: str


FACES = (Face("#dcebe2", "#e8b796", "#5b3a21", "#2a6f97"), Face("#efe6d8", "#9c6b4a", "#1d1a1a", "#8d3b52"))
# The mother of whom the guide tells opens to who says it.
WHO_CHOSE, WORD = "Suzanne", "Mésange bleue"


@transaction.atomic
def give_cards(volunteers: list[Volunteer], *, agent: Account) -> None:
    """Photograph and card the first volunteers of the town that the connection is in; Suzanne chooses a word."""
    for volunteer, face in zip(volunteers, FACES, strict=False):
        keep_photo(volunteer.person, drawn(face), how=Agreed.SPOKEN, by_account=agent)
        issue(volunteer, by_account=agent)
    her = Person.objects.living().filter(first_name=WHO_CHOSE).order_by("pk").last()
    if her is not None:
        keep_word(her, text=WORD, by_account=agent)


def drawn(face: Face) -> ContentFile:
    """A face that smiles."""
    picture = Image.new("RGB", SIZE, face.behind)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 110, 490, 520), fill=face.hair)
    draw.rounded_rectangle((70, 610, 570, 900), radius=150, fill=face.jumper)
    draw.rectangle((270, 500, 370, 660), fill=face.skin)
    draw.ellipse((185, 190, 455, 570), fill=face.skin)
    draw.pieslice((170, 120, 470, 420), 180, 360, fill=face.hair)
    for left in (245, 365):
        draw.ellipse((left, 350, left + 32, 388), fill="#222222")
    draw.arc((265, 400, 375, 490), 15, 165, fill="#7a2f2f", width=9)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return ContentFile(buffer.getvalue(), name="photo.jpg")
