"""The steps of a volunteer and the charter in the back-office."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from aid.onboarding.charters import blocks, differences
from aid.onboarding.enums import Proof, StepKind
from aid.onboarding.models import Charter, Step, Volunteer
from aid.onboarding.models.charters import LONGEST_CHARTER
from aid.onboarding.passing import current_charter, publish_charter
from aid.onboarding.printing import charter_pdf
from core.dates import months_after
from core.printing import pdf_answer
from themes.brand import brand_of

NEW_VERSION = "Une autre version vient d’être publiée. Relisez-la, puis recommencez."


class StepForm(WagtailAdminModelForm):
    """A step; one that is asked of who helps already says from which day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "asked_from" in self.fields:
            # Two months to do it: nobody stops helping overnight.
            self.fields["asked_from"].initial = months_after(timezone.localdate(), 2)

    def clean(self) -> dict[str, Any]:
        """Say next to each field what the database would refuse, and what would stop everybody at once."""
        cleaned = super().clean()
        kind, minutes = cleaned.get("kind"), cleaned.get("minutes")
        if kind == StepKind.TRAINING and not minutes:
            self.add_error("minutes", "Écrivez combien de minutes dure cette formation, en tout.")
        if kind != StepKind.TRAINING and minutes:
            self.add_error("minutes", "Seule une formation a une durée : laissez vide.")
        if kind == StepKind.RECORD and cleaned.get("proof") == Proof.KEPT:
            self.add_error("proof", "Un casier judiciaire se regarde, il ne se garde jamais.")
        is_new_demand = self.instance.pk is None or {"is_required", "is_asked", "kind"} & set(self.changed_data)
        asks_now = cleaned.get("is_required") and cleaned.get("is_asked") and not cleaned.get("asked_from")
        if asks_now and is_new_demand and Volunteer.objects.exclude(admitted_on=None).exists():
            self.add_error(
                "asked_from",
                "Choisissez un jour : sans lui, plus rien ne serait proposé dès maintenant à vos bénévoles.",
            )
        return cleaned


class StepViewSet(ModelViewSet):
    """Steps, in their order: put aside rather than removed, since what was passed stays told."""

    model = Step
    icon = "list-ol"
    menu_label = "Étapes"
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ["position", "pk"]
    list_display = [
        "name",
        "kind",
        "position",
        BooleanColumn("is_required", label="Obligatoire"),
        BooleanColumn("is_asked", label="Demandée"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("kind"),
            FieldPanel("words"),
            FieldRowPanel([FieldPanel("position"), FieldPanel("is_asked"), FieldPanel("is_required")]),
            FieldPanel("asked_from"),
            FieldRowPanel([FieldPanel("validity_months"), FieldPanel("minutes")]),
            FieldRowPanel([FieldPanel("proof"), FieldPanel("is_reserved")]),
            FieldPanel("kinds", widget=forms.CheckboxSelectMultiple),
        ],
        base_form_class=StepForm,
    )


class CharterForm(forms.Form):
    """A new version: its text, and from which day it is asked of who signed the one before."""

    text = forms.CharField(
        label="Le texte",
        max_length=LONGEST_CHARTER,
        widget=forms.Textarea(attrs={"rows": 30}),
        help_text="Une ligne par idée. « - » au début en fait une liste ; une ligne sans point à la fin est un titre.",
        error_messages={"required": "Écrivez le texte de la charte."},
    )
    asked_from = forms.DateField(
        label="À signer avant le",
        widget=AdminDateInput,
        help_text="Jusque-là, ceux qui ont signé la version d’avant continuent. Ils sont prévenus avant.",
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour, comme 2027-01-31."},
    )
    # The version that was read when this was written.
    based_on = forms.IntegerField(widget=forms.HiddenInput)


@require_safe
@permission_required("onboarding.view_charter")
def charters(request: HttpRequest) -> HttpResponse:
    """The charter of today, and the versions before it."""
    versions = list(Charter.objects.select_related("published_by"))
    context = {"charter": versions[0] if versions else None, "earlier": versions[1:]}
    context["blocks"] = blocks(versions[0].text) if versions else []
    return render(request, "aid/onboarding/charters.html", context)


@require_safe
@permission_required("onboarding.view_charter")
def charter(request: HttpRequest, number: int) -> HttpResponse:
    """One version, and what it changed."""
    shown = _version(number)
    before = Charter.objects.filter(number__lt=number).first()
    changes = differences(before.text, shown.text) if before else []
    context = {"charter": shown, "blocks": blocks(shown.text), "changes": changes, "before": before}
    return render(request, "aid/onboarding/charter.html", context)


@require_safe
@permission_required("onboarding.view_charter")
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """One version, to sign on paper."""
    return pdf_answer(charter_pdf(_version(number), brand=brand_of(request)), name="charte-des-benevoles")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("onboarding.add_charter")
def publish(request: HttpRequest) -> HttpResponse:
    """Write a version, see what it changes, publish it. A version is never changed afterwards."""
    current = current_charter()
    number, text = (current.number, current.text) if current else (0, "")
    usual = {"text": text, "asked_from": months_after(timezone.localdate(), 1), "based_on": number}
    form = CharterForm(request.POST or None, initial=usual)
    changes = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        changes = differences(text, told["text"])
        if told["based_on"] != number:
            form.add_error(None, NEW_VERSION)
        elif not changes:
            form.add_error("text", "Ce texte est celui d’aujourd’hui : rien ne change.")
        elif "publish" in request.POST and _published(form, request):
            return redirect(reverse("charter:index"))
    return render(request, "aid/onboarding/publish_charter.html", {"form": form, "changes": changes})


def _published(form: CharterForm, request: HttpRequest) -> bool:
    told = form.cleaned_data
    try:
        made = publish_charter(text=told["text"], asked_from=told["asked_from"], by_account=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, f"La charte est publiée : c’est la version {made.number}.")
    return True


def _version(number: int) -> Charter:
    found = Charter.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


class CharterViewSet(ViewSet):
    """The charter: read, printed, published anew; never edited."""

    icon = "doc-full"
    menu_label = "Charte"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Its four screens."""
        return [
            path("", charters, name="index"),
            path("publier/", publish, name="publish"),
            path("<int:number>/", charter, name="version"),
            path("<int:number>/imprimer/", printed, name="print"),
        ]


class VolunteersGroup(ViewSetGroup):
    """« Bénévoles » in the menu."""

    menu_label = "Bénévoles"
    menu_icon = "group"
    menu_order = 160
    items = [StepViewSet("steps"), CharterViewSet("charter")]
