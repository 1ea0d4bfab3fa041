"""Accounts: what opens the door. A person is something else (aid.people)."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.enums import DoorAct
from core.models import AppendOnly


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with normalised addresses."""

    def create_account(self, *, email: str | None = None, phone: str | None = None, **fields: Any) -> "Account":
        """Make an account whose door is an e-mail address, a phone (E.164), both, or a printed code (neither)."""
        account = self.model(email=email.strip().lower() if email else None, phone=phone or None, **fields)
        account.set_unusable_password()
        account.full_clean()
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of an e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class SessionQuerySet(models.QuerySet["Session"]):
    """The vocabulary of sessions."""

    def open_to(self, account: "Account") -> "SessionQuerySet":
        """Those by which somebody is signed in now, the last seen first."""
        return self.filter(account=account, expire_date__gt=timezone.now()).order_by("-seen_at", "-began_at")


class Account(AbstractBaseUser, PermissionsMixin):
    """What opens the door. Thin, and final from the first migration: what is known of somebody lives elsewhere."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        "adresse e-mail",
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse e-mail."},
    )
    phone = models.CharField(
        "téléphone",
        max_length=16,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{6,14}$", "Écrivez ce numéro sous la forme +33612345678.")],
    )
    # What colleagues see in the back-office; empty for residents, whose names are those of their persons.
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150, blank=True)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", default=timezone.now)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.CheckConstraint(
                name="account_email_is_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message="Une adresse e-mail est gardée en minuscules.",
            ),
            models.UniqueConstraint(
                fields=["phone"],
                name="account_phone_opens_one_account",
                violation_error_message="Un compte existe déjà avec ce numéro de téléphone.",
            ),
            models.CheckConstraint(
                name="account_contact_is_null_rather_than_empty",
                condition=~Q(email="") & ~Q(phone=""),
                violation_error_message="Laissez l’adresse ou le numéro absents plutôt que vides.",
            ),
        ]

    def clean(self) -> None:
        """Keep the address in lower case, whatever form it was typed in."""
        super().clean()
        self.email = self.email.lower() if self.email else None

    def __str__(self) -> str:
        """A name, else something that tells nothing: this ends in logs and titles."""
        return self.get_full_name() or f"compte {self.pk}"

    def get_full_name(self) -> str:
        """First and last name, as the back-office shows them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def signature(self) -> str:
        """How what this account does is signed: a name, else an address, else what tells nothing."""
        return self.get_full_name() or self.email or str(self)

    def get_short_name(self) -> str:
        """The first name."""
        return self.first_name


class Session(AbstractBaseSession):
    """What a browser's cookie opens; and, once somebody signed in, whose it is, on what device, since when.

    The key is the cookie: it is shown nowhere. `uid` is what pages say. No address of the network is kept.
    """

    account = models.ForeignKey(
        Account,
        models.CASCADE,  # nobody is signed in to an account that is no more
        null=True,
        related_name="sessions",
        verbose_name="compte",
    )
    uid = models.UUIDField(unique=True, null=True, editable=False)
    device = models.CharField("appareil", max_length=60, blank=True)
    began_at = models.DateTimeField("ouverte le", null=True)
    # To the hour (accounts.sessions).
    seen_at = models.DateTimeField("vue le", null=True)

    objects = SessionQuerySet.as_manager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "connexion"
        verbose_name_plural = "connexions"
        constraints = [
            models.CheckConstraint(
                name="session_of_somebody_says_since_when",
                condition=Q(account=None, uid=None, began_at=None, seen_at=None, device="")
                | Q(account__isnull=False, uid__isnull=False, began_at__isnull=False, seen_at__isnull=False),
                violation_error_message="La connexion de quelqu’un dit depuis quand elle est ouverte.",
            )
        ]

    def __str__(self) -> str:
        """Never its key, which opens it."""
        return f"connexion {self.uid or 'de passage'}"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that reads and writes these."""
        from accounts.sessions import SessionStore

        return SessionStore


class Limit(models.Model):
    """How often somebody did something since a window opened (accounts.limits). Who: a keyed hash."""

    kind = models.CharField("nature", max_length=40)
    subject = models.CharField("empreinte", max_length=64)
    tries = models.PositiveIntegerField("essais")
    ends_at = models.DateTimeField("fin", db_index=True)

    class Meta:
        verbose_name = "limite"
        constraints = [
            models.UniqueConstraint(
                name="limit_counts_each_subject_once",
                fields=["kind", "subject"],
                violation_error_message="Cette limite est déjà comptée.",
            )
        ]

    def __str__(self) -> str:
        return f"limite {self.pk}"


class Code(models.Model):
    """A code on its way to a telephone (accounts.codes). The number and the code are kept as keyed hashes."""

    purpose = models.CharField("usage", max_length=40)
    phone = models.CharField("empreinte du numéro", max_length=64)
    code = models.CharField("empreinte du code", max_length=64)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    ends_at = models.DateTimeField("fin", db_index=True)

    class Meta:
        verbose_name = "code"
        constraints = [
            models.UniqueConstraint(
                name="code_of_a_number_is_the_last_sent",
                fields=["purpose", "phone"],
                violation_error_message="Un code est déjà en route vers ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class PrintedCode(models.Model):
    """A code that an agent printed in a letter, until it was used (accounts.letters). Kept as a keyed hash."""

    account = models.ForeignKey(
        Account,
        models.CASCADE,  # it opens nothing without it
        related_name="printed_codes",
        verbose_name="compte",
    )
    # The uid of the person whom the letter is for: two who share an account have each their own.
    reader = models.UUIDField("pour la personne", unique=True)
    code = models.CharField("empreinte du code", max_length=64, unique=True)
    made_at = models.DateTimeField("imprimé le", auto_now_add=True)
    ends_at = models.DateTimeField("fin", db_index=True)

    class Meta:
        verbose_name = "code imprimé"
        verbose_name_plural = "codes imprimés"
        constraints = [
            models.CheckConstraint(
                name="printed_code_ends_after_it_was_made",
                condition=Q(ends_at__gt=F("made_at")),
                violation_error_message="Un code imprimé reste valable quelque temps.",
            )
        ]

    def __str__(self) -> str:
        return f"code imprimé {self.pk}"


class DoorStep(AppendOnly):
    """A line of the journal of the door: whose, what, by whom. No code, secret nor device is ever written in it."""

    # It outlives them, and nobody may write in it again: their numbers stay, whatever becomes of them.
    account = models.ForeignKey(
        Account, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name="compte"
    )
    # Nobody where the operator did it, by a command.
    by_account = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+",
        verbose_name="par le compte",
    )  # fmt: skip
    act = models.CharField("geste", max_length=20, choices=DoorAct)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "geste sur une porte"
        verbose_name_plural = "gestes sur les portes"
        indexes = [models.Index(fields=["account", "-id"], name="door_step_by_account")]
        constraints = [
            models.CheckConstraint(
                name="door_step_is_a_known_act",
                condition=Q(act__in=DoorAct.values),
                violation_error_message="Ce geste n’est pas connu.",
            )
        ]

    def __str__(self) -> str:
        return f"geste {self.pk}"
