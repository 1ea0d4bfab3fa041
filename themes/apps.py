from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Brand, base pages and components."""

    name = "themes"
    verbose_name = "Apparence"
