"""Accounts in the back-office: who works for the town, by which door they come in, and what they may do."""

from django import forms
from django.db.models import Q, QuerySet
from wagtail.users.forms import UserForm
from wagtail.users.views.users import IndexView, UserViewSet

from accounts.models import Account
from accounts.roles import refuse_if_shared
from core.phones import normalise_phone, receives_sms

ORDER = ("first_name", "last_name", "email", "phone", "groups", "is_active")


class AccountForm(UserForm):
    """A new account, of a colleague most often."""

    first_name = forms.CharField(label="Prénom", error_messages={"required": "Écrivez son prénom."})
    last_name = forms.CharField(label="Nom", error_messages={"required": "Écrivez son nom."})
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        help_text="Le code de connexion y arrive. Une adresse ou un mobile suffit.",
        error_messages={"invalid": "Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr."},
    )
    phone = forms.CharField(
        label="Téléphone mobile",
        required=False,
        max_length=40,
        help_text="Le code de connexion peut aussi y arriver, par SMS.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    # A superuser's rights are nobody's in a town: what may be done comes from groups.
    is_superuser = None

    class Meta:
        model = Account
        fields = ("email", "phone", "first_name", "last_name", "groups")
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].label = "Rôles"
        self.fields["groups"].help_text = (
            "Les agents travaillent au bureau. Les coordinateurs aussi, pour leurs secteurs : vous les choisissez au "
            "bureau, page Coordinateurs. Qui administre règle aussi le site. Sans rôle, on est habitant."
        )
        self.order_fields(ORDER)

    def clean_phone(self) -> str | None:
        """The number in E.164; a mobile's, and nobody else's."""
        typed = self.cleaned_data["phone"]
        if not typed:
            return None
        number = normalise_phone(typed)
        if not receives_sms(number):
            raise forms.ValidationError("Ce numéro ne reçoit pas de SMS. Écrivez celui d’un mobile.", "landline")
        if Account.objects.filter(phone=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Un compte existe déjà avec ce numéro de téléphone.", "unique")
        return number

    def clean_email(self) -> str | None:
        """The address in lower case, or nothing rather than an empty text."""
        email = self.cleaned_data["email"].lower() or None
        if email and Account.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Un compte existe déjà avec cette adresse e-mail.", "unique")
        return email

    def _clean_username(self) -> None:
        """Wagtail's own check: it would take every account without an address for the same one."""

    def clean(self) -> dict[str, object]:
        """A door at least; and to work for the town, one that nobody shares."""
        cleaned = super().clean()
        if cleaned.get("groups"):
            try:
                refuse_if_shared(self.instance)
            except forms.ValidationError as error:
                self.add_error("groups", error)
        if not self.errors and not (cleaned["email"] or cleaned["phone"]):
            self.add_error("email", "Écrivez une adresse e-mail ou un numéro de mobile, pour le code de connexion.")
        return cleaned

    def save(self, commit: bool = True) -> Account:
        """Nobody has a password."""
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


class AccountEditForm(AccountForm):
    """An account that exists; it may be closed, by somebody else than its owner."""

    class Meta(AccountForm.Meta):
        fields = (*AccountForm.Meta.fields, "is_active")

    def __init__(self, *args: object, editing_self: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]


_hidden: list[Q] = []


def hide(condition: Q) -> None:
    """Have these be nobody's, in the list and by their address: a room above made them for a use of its own."""
    _hidden.append(condition)


def is_hidden(account: Account) -> bool:
    """Whether the back-office knows nothing of an account."""
    return any(Account.objects.filter(condition, pk=account.pk).exists() for condition in _hidden)


class AccountIndexView(IndexView):
    """The list of users, with what its buttons ask of each."""

    def get_base_queryset(self) -> QuerySet[Account]:
        """Their groups too: whoever has none is not of the town's people. Without those that are hidden."""
        found = super().get_base_queryset().prefetch_related("groups")
        for condition in _hidden:
            found = found.exclude(condition)
        return found


class AccountViewSet(UserViewSet):
    """Wagtail's screens, with these forms."""

    index_view_class = AccountIndexView
    # Wagtail's own templates draw passwords and superusers.
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[AccountForm]:
        """One form to add, one to change."""
        return AccountEditForm if for_update else AccountForm
