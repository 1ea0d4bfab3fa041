"""Blueprints: what a new town is like. One TOML file each; rooms register what they do with it."""

import tomllib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


class BlueprintContentError(ValueError):
    """A blueprint says something that no room understands."""


class UnknownBlueprintError(ValueError):
    """No blueprint has this name."""


@dataclass(frozen=True)
class Blueprint:
    """A TOML file of this folder: a section for each room that has a say."""

    slug: str
    title: str
    kind: str
    sections: dict[str, dict[str, Any]]

    def section(self, room: str) -> dict[str, Any]:
        """What it sets in a room; empty where it sets nothing."""
        return self.sections.get(room, {})


@dataclass(frozen=True)
class Told:
    """What a blueprint brings in a room, in words: for who chooses one."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Installer:
    """What a room does when a template is filled, and then when a town is made from it; and how it tells it."""

    room: str
    order: int
    fill: Callable[[Blueprint], None] | None = None
    personalise: Callable[[Any], None] | None = None
    tell: Callable[[Blueprint], Sequence[Told]] | None = None


_installers: dict[str, Installer] = {}


def check_keys(given: Collection[str], known: Collection[str], where: str) -> None:
    """Refuse a key that nobody reads: a slip of the pen would silently set nothing. Raises BlueprintContentError."""
    if unknown := sorted(set(given) - set(known)):
        raise BlueprintContentError(f"{where} : {', '.join(unknown)} n’existe pas. Clés connues : {sorted(known)}.")


def register(installer: Installer) -> None:
    """Add a room's installer. Called once, when the room's app is ready."""
    _installers[installer.room] = installer


def installers() -> list[Installer]:
    """Those of all rooms, in their order."""
    return sorted(_installers.values(), key=lambda installer: (installer.order, installer.room))


def slugs() -> list[str]:
    """The names of all blueprints."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load(slug: str) -> Blueprint:
    """Read a blueprint. Raises UnknownBlueprintError with the names that exist."""
    if slug not in slugs():
        known = ", ".join(slugs())
        raise UnknownBlueprintError(f"Le modèle « {slug} » n’existe pas. Modèles connus : {known}.")
    content = tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
    check_keys(content, {"title", "kind", *_installers}, slug)
    return Blueprint(slug=slug, title=content.pop("title"), kind=content.pop("kind"), sections=content)


def preview(blueprint: Blueprint) -> list[Told]:
    """What a town made from a blueprint begins with, as its rooms tell it, in their order. Asks no database."""
    told = [one for installer in installers() if installer.tell for one in installer.tell(blueprint)]
    return [one for one in told if one.lines]
