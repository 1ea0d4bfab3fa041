"""Cards of volunteers, for the tests of every room that shows them."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse

from aid.cards.models import Card
from aid.cards.services import issue
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.photos.models import Photo
from aid.photos.services import keep_photo
from aid.privacy.enums import Agreed
from harness.desk import make_volunteer
from harness.pictures import sent

CAN_READ = bool(shutil.which("pdftoppm") and shutil.which("zbarimg"))


def a_card(volunteer: Volunteer | None = None) -> Card:
    """A card of somebody who is admitted."""
    return issue(volunteer or make_volunteer(), by_account=None)


def a_photo(person: Person) -> Photo:
    """Somebody's photo, with their agreement."""
    return keep_photo(person, sent(), how=Agreed.ON_SCREEN)


def token_of(card: Card) -> str:
    """What its QR holds of it."""
    return card.get_sealed_display()


def page_of(card: Card) -> str:
    """Where its QR leads."""
    return reverse("cards:check", args=[token_of(card)])


def printed_path(pdf: bytes, folder: Path, *, host: str) -> str:
    """Where the QR of the card that stands leads, read from the paper; from the card itself without a reader of QRs."""
    assert pdf.startswith(b"%PDF-")
    path = page_of(Card.objects.standing().get())
    if CAN_READ:
        read = urlsplit(read_qr(pdf, folder))
        assert (read.hostname, read.path) == (host, path)
    return path


def read_qr(pdf: bytes, folder: Path) -> str:
    """What a telephone reads on the printed page."""
    (folder / "carte.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "carte.pdf", "carte"], cwd=folder, check=True, capture_output=True)
    (page,) = folder.glob("carte-*.png")
    found = subprocess.run(["zbarimg", "-q", "--raw", page], cwd=folder, check=True, capture_output=True, text=True)
    return found.stdout.strip()
