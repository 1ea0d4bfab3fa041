"""Recognition on paper: a certificate of engagement, the letters of a year. Tagged PDFs (core.printing)."""

from collections.abc import Iterable
from pathlib import Path

from aid.configuration.services import identity
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.recognition.letters import Reader
from aid.recognition.models import Certificate, YearlyLetter
from aid.recognition.texts import DEFINITION_ON_PAPER
from aid.recognition.volunteers import HERE
from aid.territory.models import CoveredCommune
from core.french import day_words, duration_words
from themes.brand import Brand
from themes.printing import print_document

TEMPLATES = Path(__file__).parent / "typst"
LEFT_TO_WRITE = "Nom et qualité :"


def certificate_pdf(certificate: Certificate, *, brand: Brand) -> bytes:
    """A certificate, as it was given: the town's name, who signs it, and how to have it confirmed."""
    ours, person = identity(), certificate.person
    volunteer = Volunteer.objects.get(person=person)
    publisher = ours.publisher or ours.public_name
    call = f" au {brand.telephone_display}" if brand.telephone else ""
    rows = [
        ("Bénévole", person.full_name),
        ("Site d’entraide", ours.public_name),
        ("Bénévole depuis le", day_words(volunteer.admitted_on) if volunteer.admitted_on else ""),
        ("Période", period_words(certificate)),
        ("Services rendus", str(certificate.services)),
        ("Temps donné", duration_words(certificate.minutes)),
    ]
    return print_document(
        TEMPLATES / "certificate.typ",
        brand=brand,
        title="Attestation d’engagement bénévole",
        data={
            "lead": f"{publisher} atteste que {person.full_name} {_stands(volunteer)} de son réseau d’entraide.",
            "rows": [list(row) for row in rows if row[1]],
            "definition": DEFINITION_ON_PAPER,
            "free": "Ce temps est donné librement, sans salaire ni contrepartie.",
            "made": f"Fait le {day_words(certificate.issued_on)}. Attestation n° {certificate.number}.",
            "signs": f"Pour {publisher}",
            "who": ours.publication_director or LEFT_TO_WRITE,
            "check": f"Pour vérifier cette attestation, donnez son numéro à {ours.public_name}{call}.",
        },
    )


def letters_pdf(letter: YearlyLetter, readers: Iterable[Reader], *, brand: Brand) -> bytes:
    """A page for each of these readers, to fold and post."""
    ours = identity()
    return print_document(
        TEMPLATES / "letters.typ",
        brand=brand,
        title=f"Merci pour l’année {letter.year}",
        data={
            "words": letter.words.split("\n\n"),
            "signs": ours.public_name,
            "gave": f"En {letter.year}, vous avez donné",
            "letters": [
                {
                    "name": one.person.full_name,
                    "first_name": one.person.first_name,
                    "lines": [one.person.address, _post_town(one.person.commune)],
                    "gave": one.gave,
                    "thanks": one.thanks,
                }
                for one in readers
            ],
        },
    )


def period_words(certificate: Certificate) -> str:
    """« toute l’année 2025 », « du 1er janvier au 26 novembre 2026 », « jusqu’au 26 novembre 2026 »."""
    if certificate.year is None:
        return f"depuis le début, jusqu’au {day_words(certificate.issued_on)}"
    if certificate.year == certificate.issued_on.year:
        return f"du 1er janvier au {day_words(certificate.issued_on)}"
    return f"toute l’année {certificate.year}"


def _post_town(place: CoveredCommune) -> str:
    """« 60700 Pont-Sainte-Maxence »; the name alone where a commune has several codes, and nobody knows which."""
    codes = place.commune.postal_codes
    return f"{codes[0]} {place}" if len(codes) == 1 else str(place)


def _stands(volunteer: Volunteer) -> str:
    return "est bénévole" if VolunteerState(volunteer.state) in HERE else "a été bénévole"
