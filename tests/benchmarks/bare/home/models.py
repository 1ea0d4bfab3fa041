"""The one page that is asked for."""

from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """A title and a text."""

    body = RichTextField(blank=True)
