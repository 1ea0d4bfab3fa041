"""Who to turn to: referents, and apart from them, professionals."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Registers with the rooms below."""

    name = "aid.directory"
    label = "directory"
    verbose_name = "annuaire"

    def ready(self) -> None:
        """Say what it holds and shows, what is new in menus and blueprints, and hear of newcomers."""
        from django.db.models import Exists, OuterRef

        from aid.directory import blueprint, holdings, menus, moderating, photos, retained, welcoming
        from aid.directory.models import Referent
        from aid.people import newcomers, roles

        blueprint.register()
        holdings.register()
        retained.register()
        menus.register()
        moderating.register()
        photos.register()
        newcomers.listen(welcoming.hear)
        serving = Referent.objects.running().filter(person=OuterRef("pk"))
        roles.register(roles.PersonRole(30, "referent", "référent", Exists(serving)))
