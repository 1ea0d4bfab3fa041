"""Presentations of neighbours, for those who wish one, and what they have in common."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    """Declares what it holds about persons, what they agree to, and what a new town begins with."""

    name = "aid.profiles"
    label = "profiles"
    verbose_name = "présentations"

    def ready(self) -> None:
        """Register with privacy, moderation, the openings of towns, and the themes."""
        from aid.profiles import agreeing, blueprint, holdings, moderating

        agreeing.register()
        blueprint.register()
        holdings.register()
        moderating.register()
