"""Files of towns: each town's under its own folder, whatever code asks."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils.deconstruct import deconstructible


class _TownStorage(FileSystemStorage):
    """A file system storage whose folder is the current town's, found anew at each use."""

    setting = ""

    @property
    def base_location(self) -> str:
        """The folder of the town that the connection is in."""
        return str(folder_of(connection.schema_name, self.setting))

    @property
    def location(self) -> str:
        """The same, absolute: never cached, since one storage object serves all towns."""
        return str(Path(self.base_location).resolve())


@deconstructible(path="tenants.files.PublicStorage")
class PublicStorage(_TownStorage):
    """What anybody may see: images and documents of the site. Its address does not name the town's schema."""

    setting = "MEDIA_ROOT"


@deconstructible(path="tenants.files.PrivateStorage")
class PrivateStorage(_TownStorage):
    """What has no address: photos of people, signed papers, imports. A room serves it, through its access rules."""

    setting = "PRIVATE_ROOT"

    def url(self, name: str | None) -> str:
        """Refuse: there is none."""
        raise SuspiciousFileOperation("A private file has no address.")


def folder_of(schema: str, setting: str) -> Path:
    """The folder of a town under MEDIA_ROOT or PRIVATE_ROOT."""
    return Path(getattr(settings, setting)) / schema


def copy(source: str, target: str) -> None:
    """Copy the files of a schema to another's folders."""
    for setting in ("MEDIA_ROOT", "PRIVATE_ROOT"):
        if (origin := folder_of(source, setting)).is_dir():
            shutil.copytree(origin, folder_of(target, setting), dirs_exist_ok=True)


def erase(schema: str) -> None:
    """Remove a schema's files. Idempotent."""
    for setting in ("MEDIA_ROOT", "PRIVATE_ROOT"):
        shutil.rmtree(folder_of(schema, setting), ignore_errors=True)


def schemas_with_files() -> set[str]:
    """The schemas that have a folder."""
    return {
        folder.name
        for setting in ("MEDIA_ROOT", "PRIVATE_ROOT")
        if (root := Path(getattr(settings, setting))).is_dir()
        for folder in root.iterdir()
        if folder.is_dir()
    }
