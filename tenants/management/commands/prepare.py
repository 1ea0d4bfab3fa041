"""`manage.py prepare`: a database ready for towns, from an empty one."""

from typing import Any

from tenants.management.output import TownCommand
from tenants.preparing import prepare


class Command(TownCommand):
    """Roles, shared tables, communes, templates, migrations: what an installation and each deploy run first."""

    help = "Prépare la base : rôles, tables communes, communes de France, modèles, migrations des villes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare it; a second time costs a few seconds and changes nothing."""
        prepare(self.progress(options["json"]))
        self.answer({"ready": True}, ["La base est prête."], as_json=options["json"])
