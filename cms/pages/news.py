"""News: what happens in the town's network, newest first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from cms.privacy import Restrictable
from cms.shown import card_of, shown
from themes.pictures import picture

NEWS_A_PAGE = 9
IMAGE_NEEDS_WORDS = "Dites en quelques mots ce que montre l’image."


class NewsIndexPage(Restrictable, Page):
    """The list of news."""

    introduction = models.TextField("introduction", max_length=320, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]
    max_count = 1
    template = "cms/pages/news_index.html"

    class Meta:
        verbose_name = "liste des nouvelles"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the cards of one page of news; a page number that does not exist shows the nearest."""
        news = NewsPage.objects.live().child_of(self)
        if shown().has_private_pages:
            news = news.public()
        newest = news.select_related("image").prefetch_related("image__renditions").order_by("-date", "-pk")
        asked = Paginator(newest, NEWS_A_PAGE).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {
            "news": [card_of(page) for page in asked],
            "pagination": asked,
        }


class NewsPage(Restrictable, Page):
    """One news: a date, a picture if there is one, a text."""

    date = models.DateField("date", default=timezone.localdate)
    introduction = models.TextField("en deux phrases", max_length=240, help_text="Ce que montre la liste.")
    image = models.ForeignKey(
        get_image_model_string(), models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )
    image_alt = models.CharField(
        "texte de l’image",
        max_length=160,
        blank=True,
        help_text="Ce que montre l’image, pour les personnes qui ne la voient pas.",
    )
    text = RichTextField("texte", features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"])

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], "Image"),
        FieldPanel("text"),
    ]
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/pages/news.html"

    class Meta:
        verbose_name = "nouvelle"
        constraints = [
            models.CheckConstraint(
                name="news_image_is_told_in_words",
                condition=Q(image=None) | ~Q(image_alt=""),
                violation_error_message=IMAGE_NEEDS_WORDS,
            ),
        ]

    def clean(self) -> None:
        """Say beside the field what is missing. Raises ValidationError."""
        super().clean()
        if self.image and not self.image_alt.strip():
            raise ValidationError({"image_alt": IMAGE_NEEDS_WORDS})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the picture, and where all news are."""
        return super().get_context(request, *args, **kwargs) | {
            "picture": picture(self.image, "max-1200x900", alt=self.image_alt),
            "all_news": self.get_parent(),
        }
