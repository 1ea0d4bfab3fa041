"""The town's settings: its identity and its rules, one row each, and the kinds of help that it knows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from aid.configuration.accessibility import AccessibilityStatement
from aid.configuration.kinds import KindOfHelp
from aid.configuration.logos import LogoField, logo_path
from core.phones import normalise_phone
from themes.brand import PLATFORM_BRAND, format_telephone
from themes.looks import Look
from themes.maps import validate_tiles
from themes.tokens import validate_colour

__all__ = ["AccessibilityStatement", "Identity", "KindOfHelp", "Rules"]


ASK_LABEL = "Demander un coup de main"
TILES_TO_CREDIT = "Écrivez la mention que demande ce fond de carte."


class PhoneField(models.CharField):
    """A telephone number, typed as the French write it and kept as E.164."""

    def to_python(self, value: str | None) -> str | None:
        """Normalise what was typed. Raises ValidationError in French."""
        return normalise_phone(value) if value else value

    def value_from_object(self, obj: models.Model) -> str:
        """What a form shows: the French way of writing it."""
        return format_telephone(super().value_from_object(obj) or "")


class Identity(BaseGenericSetting):
    """What the town is called, whom to call, its colour, and what the law asks its site to say."""

    public_name = models.CharField(
        "nom du site", max_length=120, help_text="Tel qu’il s’affiche en haut de chaque page."
    )
    place_phrase = models.CharField(
        "complément du nom",
        max_length=140,
        blank=True,
        help_text="Ce qui suit « les habitants » : « de Grenoble », « du Mans », « d’Annecy ».",
    )
    tagline = models.CharField("devise", max_length=160, blank=True)
    ask_label = models.CharField(
        "bouton pour demander",
        max_length=40,
        default=ASK_LABEL,
        help_text="Par exemple : Demander un coup de main, Demander une visite.",
    )
    brand_colour = models.CharField(
        "couleur",
        max_length=7,
        default=PLATFORM_BRAND.brand_colour,
        validators=[validate_colour],
        help_text="Votre couleur, sous la forme #0B6E4F. Les contrastes sont calculés pour que tout reste lisible.",
    )
    look = models.CharField(
        "allure",
        max_length=10,
        choices=Look,
        default=Look.STREET,
        help_text="Les formes et le dessin de la page d’accueil. Les textes ne changent pas.",
    )
    logo = LogoField(
        "logo",
        upload_to=logo_path,
        blank=True,
        help_text="Une image PNG, JPEG ou WebP, de 5 Mo au plus. Sans logo, votre initiale s’affiche.",
    )
    logo_alt = models.CharField(
        "texte du logo",
        max_length=120,
        blank=True,
        help_text="Ce que dit le logo, pour les personnes qui ne le voient pas : « Ville de Grenoble ».",
    )
    telephone = PhoneField(
        "téléphone", max_length=16, blank=True, help_text="Le numéro à appeler, affiché sur chaque page."
    )
    opening_hours = models.CharField(
        "heures d’appel",
        max_length=160,
        blank=True,
        help_text="Par exemple : du lundi au vendredi, de 9 h à 17 h.",
    )
    email = models.EmailField("adresse e-mail", blank=True)
    address = models.TextField("adresse postale", max_length=300, blank=True)
    publisher = models.CharField(
        "éditeur du site",
        max_length=160,
        blank=True,
        help_text="La collectivité ou l’association responsable du site.",
    )
    publication_director = models.CharField("directeur ou directrice de la publication", max_length=160, blank=True)
    privacy_contact = models.CharField(
        "délégué à la protection des données",
        max_length=200,
        blank=True,
        help_text="Une adresse e-mail ou postale où écrire.",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("public_name", "place_phrase", "tagline", "ask_label")],
            "Le site",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("brand_colour", "look", "logo", "logo_alt")],
            "Son apparence",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("telephone", "opening_hours", "email", "address")], "Vous joindre"
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("publisher", "publication_director", "privacy_contact")],
            "Ce que la loi demande d’afficher",
        ),
    ]

    class Meta:
        verbose_name = "identité de la ville"
        constraints = [
            models.CheckConstraint(
                name="identity_is_one_row",
                condition=Q(pk=1),
                violation_error_message="La ville n’a qu’une identité.",
            ),
            models.CheckConstraint(
                name="identity_colour_is_hexadecimal",
                condition=Q(brand_colour__regex=r"^#[0-9a-fA-F]{6}$"),
                violation_error_message="Une couleur s’écrit #RRVVBB, par exemple #0B6E4F.",
            ),
            models.CheckConstraint(
                name="identity_has_a_known_look",
                condition=Q(look__in=Look.values),
                violation_error_message="Cette allure n’existe pas.",
            ),
            models.CheckConstraint(
                name="identity_logo_is_told_in_words",
                condition=Q(logo="") | ~Q(logo_alt=""),
                violation_error_message="Dites en quelques mots ce que montre le logo.",
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    def clean(self) -> None:
        """A site without a name has no title: refuse it even where the form was bypassed."""
        super().clean()
        if not self.public_name.strip():
            raise ValidationError({"public_name": "Donnez un nom au site."})
        if self.logo and not self.logo_alt.strip():
            raise ValidationError({"logo_alt": "Dites en quelques mots ce que montre le logo."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the files of a logo that was replaced go once the change is sure."""
        former = Identity.objects.filter(pk=self.pk).only("logo").first()
        super().save(*args, **kwargs)
        if former and former.logo and former.logo.name != self.logo.name:
            transaction.on_commit(former.logo.forget)


class Rules(BaseGenericSetting):
    """What the town sets once, whichever room reads it: limits, delays, what the directory and the maps show."""

    sms_sender = models.CharField(
        "expéditeur des SMS",
        max_length=11,
        blank=True,
        validators=[
            RegexValidator(r"^[A-Za-z][A-Za-z0-9 ]{2,10}$", "Écrivez 3 à 11 lettres ou chiffres, sans accent.")
        ],
        help_text="Onze lettres au plus, sans accent. Vide : le numéro du fournisseur.",
    )
    sms_daily_ceiling = models.PositiveIntegerField(
        "SMS par jour, au plus",
        default=500,
        help_text="Au-delà, les SMS du jour sont retenus et l’accueil est prévenu.",
    )
    sms_monthly_budget = models.PositiveIntegerField(
        "SMS par mois, au plus",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Un long SMS en compte deux. À 80\xa0%, l’accueil est prévenu. Au-delà, les SMS sont retenus. "
        "Vide : pas de limite par mois.",
    )
    quiet_from = models.PositiveSmallIntegerField(
        "pas de SMS à partir de (heure)",
        default=21,
        validators=[MinValueValidator(0), MaxValueValidator(23)],
        help_text="De 0 à 23. Un SMS qui n’est pas urgent attend la fin du silence. La même heure deux fois : jamais "
        "de silence.",
    )
    quiet_until = models.PositiveSmallIntegerField(
        "jusqu’à (heure)", default=8, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )
    is_quiet_on_sundays = models.BooleanField("pas de SMS le dimanche", default=False)
    hours_before_followup = models.PositiveSmallIntegerField(
        "heures sans réponse avant de prévenir l’accueil", default=24
    )
    requests_a_day_by_number = models.PositiveSmallIntegerField("demandes par jour et par numéro, au plus", default=4)
    requests_a_day_by_address = models.PositiveSmallIntegerField(
        "demandes par jour et par connexion internet, au plus", default=20
    )
    card_months = models.PositiveSmallIntegerField(
        "mois de validité d’une carte de bénévole",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="De 1 à 36. Les cartes déjà faites gardent leur date.",
    )
    directory_in_menu = models.BooleanField(
        "annuaire dans le menu",
        default=False,
        help_text="Dès qu’un référent est nommé. Sinon, le lien est en bas des pages.",
    )
    has_professionals = models.BooleanField(
        "montrer des professionnels",
        default=False,
        help_text="Des artisans et des commerçants, payants, dans une rubrique bien à part des bénévoles.",
    )
    professionals_title = models.CharField(
        "nom de cette rubrique",
        max_length=60,
        default="Professionnels",
        help_text="Par exemple : Professionnels, Voisins pro-actifs.",
    )
    hours_before_reading = models.PositiveSmallIntegerField(
        "heures d’attente avant de prévenir l’équipe",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(14 * 24)],
        help_text="Passé ce délai, un texte qui attend d’être lu devient une suite à donner.",
    )
    tiles_url = models.CharField(
        "adresse du fond de carte",
        max_length=300,
        blank=True,
        validators=[validate_tiles],
        help_text="Facultatif. En https, avec {z}, {x} et {y}. Vide : vos communes, par leur nom, sans demander rien à "
        "personne. Sinon, l’ordinateur de chaque visiteur demande ses images à ce site.",
    )
    tiles_credit = models.CharField(
        "mention du fond de carte",
        max_length=160,
        blank=True,
        help_text="Ce que demande qui fournit ces images : « © les contributeurs d’OpenStreetMap ».",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "sms_sender",
                    "sms_daily_ceiling",
                    "sms_monthly_budget",
                    "quiet_from",
                    "quiet_until",
                    "is_quiet_on_sundays",
                )
            ],
            "SMS",
        ),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("hours_before_followup", "requests_a_day_by_number", "requests_a_day_by_address")
            ],
            "Demandes",
        ),
        MultiFieldPanel([FieldPanel("card_months")], "Cartes de bénévole"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("directory_in_menu", "has_professionals", "professionals_title")],
            "Annuaire",
        ),
        MultiFieldPanel([FieldPanel("hours_before_reading")], "Relecture"),
        MultiFieldPanel([FieldPanel("tiles_url"), FieldPanel("tiles_credit")], "Fond de carte"),
    ]

    class Meta:
        verbose_name = "règles"
        constraints = [
            models.CheckConstraint(
                name="rules_are_one_row",
                condition=Q(pk=1),
                violation_error_message="La ville n’a qu’une suite de règles.",
            ),
            models.CheckConstraint(
                name="rules_sms_budget_is_some",
                condition=Q(sms_monthly_budget=None) | Q(sms_monthly_budget__gte=1),
                violation_error_message="Écrivez au moins 1 SMS par mois, ou rien.",
            ),
            models.CheckConstraint(
                name="rules_quiet_hours_are_hours",
                condition=Q(quiet_from__range=(0, 23), quiet_until__range=(0, 23)),
                violation_error_message="Écrivez une heure, de 0 à 23.",
            ),
            models.CheckConstraint(
                name="rules_card_lasts_some_months",
                condition=Q(card_months__range=(1, 36)),
                violation_error_message="Une carte de bénévole est valable de 1 à 36 mois.",
            ),
            models.CheckConstraint(
                name="rules_reading_waits_some_hours",
                condition=Q(hours_before_reading__range=(1, 14 * 24)),
                violation_error_message="Écrivez un nombre d’heures, de 1 à 336.",
            ),
            models.CheckConstraint(
                name="rules_map_tiles_are_credited",
                condition=Q(tiles_url="") | ~Q(tiles_credit=""),
                violation_error_message=TILES_TO_CREDIT,
            ),
        ]

    def __str__(self) -> str:
        return "règles"

    def clean(self) -> None:
        """Say next to its field what the constraint would say at the top."""
        super().clean()
        if self.tiles_url and not self.tiles_credit.strip():
            raise ValidationError({"tiles_credit": TILES_TO_CREDIT})
