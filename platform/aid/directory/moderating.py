"""How what is public in the directory is read, reported, hidden and shown again (aid.moderation.subjects)."""

from django.core.exceptions import ValidationError
from django.urls import reverse

from aid.configuration.services import rules
from aid.directory.models import Professional, Referent
from aid.moderation import services as moderation
from aid.moderation import subjects
from aid.moderation.enums import Family
from aid.people.models import Person

REFERENT, PROFESSIONAL = "referent", "professionnel"


def register() -> None:
    """Called when the app is ready. The town writes both: nobody corrects theirs in « Mon espace »."""
    subjects.register(
        subjects.Subject(
            kind=REFERENT,
            label="page de référent",
            text_of=lambda number: _text_of(Referent, number),
            url_of=_url_of_referent,
            author_of=_author_of_referent,
            hide=lambda number, reason: _stand(Referent, number, reason),
            restore=lambda number: _stand(Referent, number, ""),
            # One administrator words those of all: « Je vous accueille dans ce quartier ».
            spares=frozenset({Family.REPEATED}),
            is_in_own_hands=False,
        )
    )
    subjects.register(
        subjects.Subject(
            kind=PROFESSIONAL,
            label="annonce de professionnel",
            text_of=lambda number: _text_of(Professional, number),
            url_of=_url_of_professional,
            author_of=lambda number: None,  # a business: nothing ties it to a person
            hide=lambda number, reason: _stand(Professional, number, reason),
            restore=lambda number: _stand(Professional, number, ""),
            # They are there to sell, apart and said to be paid.
            spares=frozenset({Family.COMMERCE}),
            is_in_own_hands=False,
        )
    )


def have_read(row: Referent | Professional) -> None:
    """Have the town's rules read what is to be public of a row that has a number; leave it hidden or shown as they say.

    Before the row is locked: whoever decides holds what moderation keeps first. Raises ValidationError, by the field.
    """
    author = row.person if isinstance(row, Referent) else None
    try:
        moderation.submit(subject=subject_of(row), author=author, text=row.public_text)
    except ValidationError as error:
        raise ValidationError({"words": error.messages}) from error
    row.refresh_from_db(fields=["hidden_because"])


def subject_of(row: Referent | Professional) -> moderation.Subject:
    """What moderation calls it."""
    return (REFERENT if isinstance(row, Referent) else PROFESSIONAL), row.pk


def _text_of(model: type[Referent] | type[Professional], number: int) -> str:
    row = model.objects.filter(pk=number).first()
    return row.public_text if row else ""


def _url_of_referent(number: int) -> str:
    shown = Referent.objects.on_site().filter(pk=number).first()
    return reverse("directory:referent", args=[shown.uid]) if shown else ""


def _url_of_professional(number: int) -> str:
    is_shown = rules().has_professionals and Professional.objects.shown().filter(pk=number).exists()
    return reverse("directory:professionals") if is_shown else ""


def _author_of_referent(number: int) -> Person | None:
    referent = Referent.objects.select_related("person").filter(pk=number).first()
    return referent.person if referent else None


def _stand(model: type[Referent] | type[Professional], number: int, hidden_because: str) -> None:
    model.objects.filter(pk=number).update(hidden_because=hidden_because)
