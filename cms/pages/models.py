"""The kinds of pages of a town. Reuse one before adding another."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from aid.configuration.services import accessibility_statement, identity
from aid.privacy import retention
from cms.actions import main_actions
from cms.blocks.sections import SECTIONS
from cms.enums import LegalKind
from cms.privacy import Restrictable
from themes.brand import format_telephone
from themes.pictures import picture

PHOTO_NEEDS_WORDS = "Dites en quelques mots ce que montre la photo."


class HomePage(Restrictable, Page):
    """The first page: who we are, whom to call, what we help with."""

    hero_title = models.CharField("grand titre", max_length=90)
    hero_text = models.TextField("texte sous le titre", max_length=320)
    hero_image = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="photo",
        help_text="À la place du dessin. Demandez leur accord aux personnes que l’on reconnaît.",
    )
    hero_image_alt = models.CharField(
        "texte de la photo",
        max_length=160,
        blank=True,
        help_text="Ce que montre la photo, pour les personnes qui ne la voient pas.",
    )
    body = StreamField(SECTIONS, verbose_name="sections", blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel(name) for name in ("hero_title", "hero_text", "hero_image", "hero_image_alt")],
            "En haut de la page",
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage", "cms.NewsIndexPage", "cms.LegalPage"]
    max_count = 1
    template = "cms/pages/home.html"

    class Meta:
        verbose_name = "page d’accueil"
        constraints = [
            models.CheckConstraint(
                name="home_photo_is_told_in_words",
                condition=Q(hero_image=None) | ~Q(hero_image_alt=""),
                violation_error_message=PHOTO_NEEDS_WORDS,
            ),
        ]

    def clean(self) -> None:
        """Say beside the field what is missing. Raises ValidationError."""
        super().clean()
        if self.hero_image and not self.hero_image_alt.strip():
            raise ValidationError({"hero_image_alt": PHOTO_NEEDS_WORDS})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the top of the page shows: two things to do, and the photo that stands for the drawing."""
        return super().get_context(request, *args, **kwargs) | {
            "actions": main_actions(),
            "photo": picture(self.hero_image, "fill-880x660", alt=self.hero_image_alt),
        }


class ContentPage(Restrictable, Page):
    """A page of sections, under the home page or another of its kind."""

    introduction = models.TextField("introduction", max_length=320, blank=True)
    body = StreamField(SECTIONS, verbose_name="sections", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    template = "cms/pages/content.html"

    class Meta:
        verbose_name = "page"


class LegalPage(Restrictable, Page):
    """A page that the law asks for, written from the town's identity; the town may add to it."""

    kind = models.CharField("nature", max_length=20, choices=LegalKind)
    body = StreamField(SECTIONS, verbose_name="compléments", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/pages/legal.html"

    class Meta:
        verbose_name = "page légale"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                name="legal_page_is_one_a_kind",
                violation_error_message="Cette page légale existe déjà.",
            ),
            models.CheckConstraint(
                name="legal_page_has_a_known_kind",
                condition=Q(kind__in=LegalKind.values),
                violation_error_message="Cette nature de page n’existe pas.",
            ),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the text is written from."""
        ours, statement, today = identity(), accessibility_statement(), timezone.localdate()
        return super().get_context(request, *args, **kwargs) | {
            "identity": ours,
            "statement": statement,
            "statement_label": statement.label(today),
            "statement_is_out_of_date": statement.is_out_of_date(today),
            "site_address": f"{request.scheme}://{request.get_host()}",
            "telephone_display": format_telephone(ours.telephone),
            "hosting": settings.HOSTING,
            "retentions": retention.chosen() if self.kind == LegalKind.PRIVACY else [],
            "legal_template": f"cms/pages/legal/{self.kind}.html",
        }

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Never by hand: the opening of the town made them all."""
        return False
