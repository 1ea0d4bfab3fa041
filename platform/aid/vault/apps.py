"""What a town keeps sealed, and its keys."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Nothing to start."""

    name = "aid.vault"
    label = "vault"
    verbose_name = "coffre"
