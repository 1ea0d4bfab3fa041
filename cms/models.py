"""Where Django looks for models: they are in `cms.pages`."""

from cms.pages.models import ContentPage, HomePage, LegalPage
from cms.pages.news import NewsIndexPage, NewsPage

__all__ = ["ContentPage", "HomePage", "LegalPage", "NewsIndexPage", "NewsPage"]
