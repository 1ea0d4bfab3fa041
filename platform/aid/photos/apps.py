"""A photo of somebody, kept privately."""

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    """Declares what it holds, and what people agree to."""

    name = "aid.photos"
    label = "photos"
    verbose_name = "photos"

    def ready(self) -> None:
        """Declare it to the room of privacy; have files go with their rows."""
        from aid.photos import agreeing, files, holdings

        holdings.register()
        agreeing.register()
        files.register()
