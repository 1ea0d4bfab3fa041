"""What this room holds about a person. Professionals are nobody's: they are businesses."""

from aid.directory.models import Referent, Welcome
from aid.directory.services import end_of
from aid.people.models import Person
from aid.photos.models import Photo
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def merge_referents(gone: Person, kept: Person) -> None:
    """Move them; of two that run, the kept card's goes on."""
    theirs = Referent.objects.filter(person=gone)
    if Referent.objects.running().filter(person=kept).exists():
        end_of(gone)
    if Photo.objects.filter(person__in=[gone, kept]).count() > 1:
        # The kept card's photo stays, that nobody agreed to show here.
        theirs.update(shows_photo=False)
    theirs.update(person=kept)


def merge_welcomes(gone: Person, kept: Person) -> None:
    """Somebody is welcomed once."""
    theirs = Welcome.objects.filter(person=gone)
    if Welcome.objects.filter(person=kept).exists():
        theirs.delete()
    else:
        theirs.update(person=kept)


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="directory",
            title="Tenir l’annuaire",
            persons="Les référents, les personnes qu’ils accueillent. Les entreprises qui s’inscrivent.",
            recipients="Tout le monde, pour ce qu’un référent ou une entreprise a accepté de montrer. Les agents de la "
            "ville pour le reste.",
            kept=("persons", "referents", "welcomes", "professionals"),
        )
    )
    declare(
        Holding(
            model=Referent,
            path="person",
            title="Votre place dans l’annuaire",
            purpose="Dire à tous vers qui se tourner, avec ce que vous avez accepté de montrer.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "name", "title", "words", "phone", "email", "days", "themes", "sectors", "communes", "districts",
                "welcomes", "agreed", "shows_photo", "starts_on", "ends_on", "created_at", "ended_at", "hidden_because",
            ),
            on_merge=merge_referents,
        ),
        Holding(
            model=Welcome,
            path="person",
            title="Qui vous accueille",
            purpose="Vous présenter une personne à qui vous adresser, près de chez vous.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "referent__name", "number_agreed", "number_given_at"),
            on_merge=merge_welcomes,
        ),
        Holding(
            model=Welcome,
            path="referent__person",
            title="Qui vous avez accueilli",
            purpose="Savoir qui accueille une personne qui arrive.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at",),
        ),
    )  # fmt: skip
