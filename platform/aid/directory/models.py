"""The directory: themes, referents, whom they welcome; and the professionals, who are paid and stand apart."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from aid.configuration.models import PhoneField
from aid.directory.enums import RUNNING, ProfessionalState, Title
from aid.moderation.models import Sanction
from aid.onboarding.enums import VolunteerState
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune, District, Named, Sector
from themes.icons import Icon

LONGEST_WORDS, LONGEST_REASON = 400, 300


class Theme(Named):
    """What a referent knows about, in the town's words: « la mobilité »."""

    icon = models.CharField("dessin", max_length=20, choices=Icon, default=Icon.HEART)
    position = models.PositiveSmallIntegerField("rang", default=100, help_text="La plus petite vient en premier.")

    class Meta:
        verbose_name = "thème"
        ordering = ["position", "folded_name"]
        constraints = [
            models.UniqueConstraint(
                name="directory_theme_name",
                fields=["folded_name"],
                violation_error_message="Un thème porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="directory_theme_named",
                condition=~Q(folded_name=""),
                violation_error_message="Donnez un nom, avec des lettres ou des chiffres.",
            ),
        ]


class ReferentQuerySet(models.QuerySet):
    """The vocabulary of referents."""

    def running(self) -> "ReferentQuerySet":
        """Those whom nobody ended: maybe to come, maybe past their last day."""
        return self.filter(ended_at=None)

    def serving(self, today: datetime.date | None = None) -> "ReferentQuerySet":
        """Those who are referents today, and whom the town still vouches for: the only ones whom visitors see."""
        day = today or timezone.localdate()
        out = Exists(Sanction.objects.standing().filter(person=OuterRef("person")))
        lives = (
            Q(person__merged_into=None, person__deceased_on=None)
            & ~Q(person__volunteer__state=VolunteerState.SUSPENDED)
            & ~out
        )
        return (
            self.running()
            .filter(starts_on__lte=day)
            .filter(Q(ends_on=None) | Q(ends_on__gte=day))
            .filter(Q(person__isnull=False) & lives | Q(account__is_active=True))
        )

    def with_places(self) -> "ReferentQuerySet":
        """Bring along themes and places, with their centres: a handful of queries, however many referents."""
        districts = District.objects.select_related("commune__commune")
        sectors = Sector.objects.prefetch_related("communes", models.Prefetch("districts", districts))
        return self.select_related("person__photo", "account").prefetch_related(
            "themes", "communes", models.Prefetch("districts", districts), models.Prefetch("sectors", sectors)
        )


class Referent(models.Model):
    """Somebody to turn to, for places, for themes, or for both; for the whole territory where no place is said."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,  # public words go with who is forgotten
        null=True,
        blank=True,
        related_name="referents",
        verbose_name="personne",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,  # nobody is behind it any more
        null=True,
        blank=True,
        related_name="referents",
        verbose_name="compte",
    )
    # All that is public of them, as they agreed to show it.
    name = models.CharField(
        "nom affiché", max_length=80, error_messages={"blank": "Écrivez le nom que tout le monde verra."}
    )
    title = models.CharField("se dit", max_length=10, choices=Title, default=Title.FEMININE)
    words = models.TextField("quelques mots", max_length=LONGEST_WORDS, blank=True)
    phone = PhoneField("téléphone affiché", max_length=16, blank=True)
    email = models.EmailField("adresse e-mail affichée", blank=True)
    days = models.CharField("quand", max_length=120, blank=True)
    agreed = models.CharField("accord", max_length=10, choices=Agreed)
    # That a photo is kept (aid.photos) lets nobody show it to everybody.
    shows_photo = models.BooleanField("photo montrée à tous", default=False)
    # Four lists in one table: each is changed by `set`; `clear` would take the rows of the others too.
    themes = models.ManyToManyField(
        Theme,
        through="Remit",
        through_fields=("referent", "theme"),
        blank=True,
        related_name="referents",
        verbose_name="thèmes",
    )
    sectors = models.ManyToManyField(
        Sector,
        through="Remit",
        through_fields=("referent", "sector"),
        blank=True,
        related_name="referents",
        verbose_name="secteurs",
    )
    communes = models.ManyToManyField(
        CoveredCommune,
        through="Remit",
        through_fields=("referent", "commune"),
        blank=True,
        related_name="referents",
        verbose_name="communes",
    )
    districts = models.ManyToManyField(
        District,
        through="Remit",
        through_fields=("referent", "district"),
        blank=True,
        related_name="referents",
        verbose_name="quartiers",
    )
    welcomes = models.BooleanField("accueille les nouveaux", default=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("dernier jour", null=True, blank=True)
    created_at = models.DateTimeField("nommé le", auto_now_add=True)
    # What an administrator decided outlives their account.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="nommé par"
    )
    ended_at = models.DateTimeField("fini le", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="fini par"
    )  # the same

    objects = ReferentQuerySet.as_manager()

    class Meta:
        verbose_name = "référent"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="referent_is_a_person_or_an_account",
                condition=Q(person__isnull=False, account=None) | Q(person=None, account__isnull=False),
                violation_error_message="Un référent est une personne, ou un agent.",
            ),
            models.CheckConstraint(
                name="referent_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Écrivez le nom que tout le monde verra.",
            ),
            models.CheckConstraint(
                name="referent_ends_after_the_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Choisissez un dernier jour après le premier.",
            ),
            models.UniqueConstraint(
                name="referent_once_a_person",
                fields=["person"],
                condition=Q(ended_at=None, person__isnull=False),
                violation_error_message="Cette personne est déjà référente.",
            ),
            models.UniqueConstraint(
                name="referent_once_an_account",
                fields=["account"],
                condition=Q(ended_at=None, account__isnull=False),
                violation_error_message="Cet agent est déjà référent.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"référent {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether somebody ended it, or its last day has passed."""
        return self.ended_at is not None or (self.ends_on is not None and self.ends_on < timezone.localdate())


class Remit(models.Model):
    """One thing that a referent is there for: a theme, or a place."""

    referent = models.ForeignKey(
        Referent,
        models.CASCADE,  # it is theirs
        db_index=False,
        related_name="remits",
        verbose_name="référent",
    )
    # What the town knows no more, nobody is there for; the referent stays.
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="thème")
    sector = models.ForeignKey(
        Sector, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="secteur"
    )  # the same
    commune = models.ForeignKey(
        CoveredCommune, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="commune"
    )  # the same
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="quartier"
    )  # the same

    class Meta:
        verbose_name = "attribution d’un référent"
        verbose_name_plural = "attributions des référents"
        constraints = [
            models.UniqueConstraint(
                name="remit_is_said_once",
                fields=["referent", "theme", "sector", "commune", "district"],
                nulls_distinct=False,
                violation_error_message="Ce référent l’a déjà.",
            ),
            models.CheckConstraint(
                name="remit_is_one_thing",
                condition=Q(theme__isnull=False, sector=None, commune=None, district=None)
                | Q(theme=None, sector__isnull=False, commune=None, district=None)
                | Q(theme=None, sector=None, commune__isnull=False, district=None)
                | Q(theme=None, sector=None, commune=None, district__isnull=False),
                violation_error_message="Choisissez un thème, un secteur, une commune ou un quartier.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of anybody: this ends in logs."""
        return f"attribution {self.pk}"


class WelcomeQuerySet(models.QuerySet):
    """The vocabulary of newcomers to welcome."""

    def with_persons(self) -> "WelcomeQuerySet":
        """Bring along the newcomer, and who welcomes them."""
        return self.select_related(
            "person__commune__commune", "person__district", "referent__person", "referent__account"
        )


class Welcome(models.Model):
    """A newcomer whom a referent welcomes. It is done when its follow-up is: this row says to whom it was entrusted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,  # nobody is left to welcome
        related_name="welcome",
        verbose_name="personne",
    )
    referent = models.ForeignKey(
        Referent,
        models.CASCADE,  # the follow-up stays: somebody else welcomes
        related_name="welcomes_given",
        verbose_name="référent",
    )
    created_at = models.DateTimeField("confié le", auto_now_add=True)
    # The newcomer's number is given by an agent, once the newcomer agreed: how, when, by whom.
    number_agreed = models.CharField("accord pour le numéro", max_length=10, choices=Agreed, blank=True)
    number_given_at = models.DateTimeField("numéro donné le", null=True, blank=True)
    number_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # that it was given outlives the agent's account
        null=True,
        blank=True,
        related_name="+",
        verbose_name="numéro donné par",
    )

    objects = WelcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "accueil"
        verbose_name_plural = "accueils"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="welcome_number_is_given_with_an_agreement",
                condition=Q(number_agreed="", number_given_at=None)
                | ~Q(number_agreed="") & Q(number_given_at__isnull=False),
                violation_error_message="Dites comment cette personne a donné son accord.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of either: this ends in logs."""
        return f"accueil {self.pk}"


class ProfessionalQuerySet(models.QuerySet):
    """The vocabulary of professionals."""

    def shown(self) -> "ProfessionalQuerySet":
        """Those whom visitors see."""
        return self.filter(state=ProfessionalState.SHOWN)

    def by_urgency(self) -> "ProfessionalQuerySet":
        """Those to check first, then those to show, then the rest, by name."""
        first = {ProfessionalState.PROPOSED: 0, ProfessionalState.CHECKED: 1, ProfessionalState.SHOWN: 2}
        whens = [models.When(state=state, then=models.Value(rank)) for state, rank in first.items()]
        rank = models.Case(*whens, default=models.Value(len(first)), output_field=models.IntegerField())
        return self.order_by(rank, "name", "pk")

    def with_places(self) -> "ProfessionalQuerySet":
        """Bring along where they work."""
        return self.prefetch_related("communes")


class Professional(models.Model):
    """A business of the territory, paid for what it does: a tradesman, a shopkeeper. Nothing ties it to a person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("état", max_length=10, choices=ProfessionalState, default=ProfessionalState.PROPOSED)
    name = models.CharField("nom de l’entreprise", max_length=120)
    trade = models.CharField("métier", max_length=80)
    siret = models.CharField("SIRET", max_length=14)
    legal_form = models.CharField("forme juridique", max_length=80, blank=True)
    phone = PhoneField("téléphone", max_length=16)
    email = models.EmailField("adresse e-mail", blank=True)
    words = models.TextField("ce qu’il ou elle fait", max_length=LONGEST_WORDS, blank=True)
    # Of personal services (code du travail, L7232-1): tax credit, and some trades may not be without.
    approval = models.CharField("agrément services à la personne", max_length=12, blank=True)
    # Without one, it works in the whole territory.
    communes = models.ManyToManyField(CoveredCommune, blank=True, related_name="professionals", verbose_name="communes")
    created_at = models.DateTimeField("proposé le", auto_now_add=True)
    # What agents typed and decided outlives their accounts. Nobody: it was typed on the site.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="saisi par"
    )
    checked_on = models.DateField("ouverture vérifiée le", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="vérifié par"
    )  # the same
    checked_how = models.CharField("comment", max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )  # the same
    reason = models.CharField("pourquoi", max_length=LONGEST_REASON, blank=True)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        verbose_name = "professionnel"
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["checked_on"], name="professional_by_check", condition=Q(state="shown")),
        ]
        constraints = [
            models.CheckConstraint(
                name="professional_state_is_known",
                condition=Q(state__in=ProfessionalState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.UniqueConstraint(
                name="professional_siret_once",
                fields=["siret"],
                condition=Q(state__in=RUNNING),
                violation_error_message="Ce SIRET est déjà dans l’annuaire, ou attend d’être vérifié.",
            ),
            models.CheckConstraint(
                name="professional_siret_is_fourteen_digits",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.CheckConstraint(
                name="professional_is_named",
                condition=~Q(name="") & ~Q(trade="") & ~Q(phone=""),
                violation_error_message="Écrivez le nom, le métier et le téléphone.",
            ),
            models.CheckConstraint(
                name="professional_approval_is_a_number",
                condition=Q(approval="") | Q(approval__regex=r"^SAP[0-9]{9}$"),
                violation_error_message="Un agrément s’écrit SAP suivi de neuf chiffres.",
            ),
            models.CheckConstraint(
                name="professional_shown_was_checked",
                condition=~Q(state__in=[ProfessionalState.CHECKED, ProfessionalState.SHOWN])
                | Q(checked_on__isnull=False) & ~Q(checked_how=""),
                violation_error_message="Vérifiez d’abord que l’entreprise est ouverte.",
            ),
            models.CheckConstraint(
                name="professional_refused_for_a_reason",
                condition=~Q(state=ProfessionalState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of whose business it is: this ends in logs."""
        return f"professionnel {self.pk}"
