"""What the town knows of somebody, on paper: a tagged PDF that a screen reader reads, or that is posted."""

from pathlib import Path

from aid.people.models import Person
from aid.privacy.holdings import known_of
from aid.privacy.register import Entry, Register
from themes.brand import Brand
from themes.printing import print_document

TEMPLATES = Path(__file__).parent / "typst"


def known_pdf(person: Person, *, brand: Brand, to_another: bool = False) -> bytes:
    """All that the town knows of somebody, in its name, with what may be asked of it (RGPD, art. 15)."""
    call = f" Appelez-nous au {brand.telephone_display}." if brand.telephone else ""
    lead = (
        f"Voici tout ce que {brand.name} garde de vous, et pourquoi. Vous pouvez le faire corriger, ne plus être "
        f"contacté, ou tout faire effacer. C’est gratuit, et nous répondons dans le mois.{call}"
    )
    sections = [
        {
            "title": known.holding.title,
            "purpose": f"Pourquoi : {known.holding.purpose}",
            "basis": f"C’est {known.holding.basis.label}.",
            "one": "Numéro",
            "rows": [[list(pair) for pair in row] for row in known.rows],
        }
        for known in known_of(person, to_another=to_another)
    ]
    return print_document(
        TEMPLATES / "known.typ",
        brand=brand,
        title="Ce que nous savons de vous",
        data={"lead": lead, "sections": sections},
    )


def register_pdf(register: Register, *, brand: Brand) -> bytes:
    """The register of processing, to print or to hand to the CNIL."""
    entries = [{"title": one.title, "rows": [list(pair) for pair in rows_of(one)]} for one in register.entries]
    return print_document(
        TEMPLATES / "register.typ",
        brand=brand,
        title="Registre des traitements",
        data={
            "lead": "Ce que la loi demande de tenir (RGPD, article 30), écrit d’après ce que le logiciel fait.",
            "who": [list(pair) for pair in who(register)],
            "entries": entries,
            "security": list(register.security),
        },
    )


def who(register: Register) -> list[tuple[str, str]]:
    """Who answers for the data, and who works for them; what is not said is left out."""
    pairs = (
        ("Responsable", register.controller),
        ("Représenté par", register.director),
        ("Adresse", " ".join(register.address.split())),
        ("Délégué à la protection des données", register.officer),
        ("Sous-traitant", register.processor),
    )
    return [(label, value) for label, value in pairs if value]


def rows_of(entry: Entry) -> list[tuple[str, str]]:
    """One use of data, line by line."""
    return [
        ("Pourquoi", " ".join(entry.purposes)),
        ("Fondement", ". ".join(entry.bases) + "."),
        ("De qui", entry.persons),
        *((f"Données, {label.lower()}", f"{data}.") for label, data in entry.data),
        ("Qui les reçoit", entry.recipients),
        *((f"Durée, {title[0].lower()}{title[1:]}", words) for title, words in entry.kept),
        ("Si la personne demande l’oubli", " ".join(entry.forgotten)),
    ]
