"""The register of processing (RGPD, art. 30), written from what rooms declare: so it says what the code does."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst

from aid.configuration.services import identity
from aid.privacy import retention
from aid.privacy.holdings import Forgets, Holding, Keep, declared, label_of

SECURITY = (
    "Chaque ville a ses propres tables, et un rôle de PostgreSQL qui ne peut lire que les siennes.",
    "On entre avec un code à six chiffres, valable quelques minutes : l’équipe n’a aucun mot de passe à voler. "
    "Un habitant peut en choisir un, dont seule une empreinte est gardée.",
    "Chaque lecture et chaque modification d’une fiche est notée. Personne, à la ville, ne peut effacer ce journal.",
    "Les connexions sont chiffrées. Une session d’agent dure une demi-journée au plus.",
    "Les sauvegardes sont chiffrées, et effacées après 30 jours.",
    "Les textes des messages et les coordonnées n’apparaissent ni dans les adresses des pages, ni dans les journaux "
    "techniques.",
)


@dataclass(frozen=True, kw_only=True)
class Processing:
    """One use of data, that of a room: whose data, who receives them, and how long they are kept, by keys."""

    app: str
    title: str
    persons: str
    recipients: str
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One use of data, as the register tells it."""

    title: str
    purposes: list[str]
    bases: list[str]
    persons: str
    data: list[tuple[str, str]]
    recipients: str
    kept: list[tuple[str, str]]
    forgotten: list[str]


@dataclass(frozen=True)
class Register:
    """The whole register: who answers for it, who works for them, and each use."""

    controller: str
    director: str
    address: str
    officer: str
    processor: str
    entries: list[Entry]
    security: tuple[str, ...] = SECURITY


_declared: dict[str, Processing] = {}


def declare(processing: Processing) -> None:
    """Have this use told. For rooms, from `ready()`; twice is once."""
    _declared[processing.app] = processing


def processings() -> list[Processing]:
    """All of them, the lowest room first."""
    return list(_declared.values())


def register() -> Register:
    """The register of the town that the connection is in."""
    ours = identity()
    return Register(
        controller=ours.publisher or ours.public_name,
        director=ours.publication_director,
        address=ours.address,
        officer=ours.privacy_contact or ours.email,
        processor=f"Palier, hébergé par {settings.HOSTING}" if settings.HOSTING else "Palier",
        entries=entries(),
    )


def entries() -> list[Entry]:
    """Each use of data, from what rooms declared; retention as this town chose it."""
    kept = {one.retention.key: one for one in retention.chosen()}
    return [_entry(one, [kept[key] for key in one.kept]) for one in _declared.values()]


def _entry(processing: Processing, kept: list[retention.Chosen]) -> Entry:
    ours = [one for one in declared() if one.model._meta.app_label == processing.app]
    return Entry(
        title=processing.title,
        purposes=_once(one.purpose for one in ours),
        bases=_once(capfirst(one.basis.label) for one in ours),
        persons=processing.persons,
        data=[(str(capfirst(one.model._meta.verbose_name)), _labels(one)) for one in ours],
        recipients=processing.recipients,
        kept=[
            (one.retention.title, f"{one.words} après {one.retention.counted_from}. {one.retention.outcome}")
            for one in kept
        ],
        forgotten=_once(_forgotten(one.forgets) for one in ours),
    )


def _labels(holding: Holding) -> str:
    # A field of a journal is called « le », which reads well beside a date only.
    labels = [label_of(holding.model, name).lower() for name in holding.fields]
    return ", ".join("date" if label == "le" else label for label in labels)


def _forgotten(forgets: Forgets) -> str:
    because = getattr(forgets, "because", "")
    if isinstance(forgets, Keep):
        return because
    return because or "Le reste est effacé."


def _once(texts: object) -> list[str]:
    return list(dict.fromkeys(texts))
