"""What administrators set and show of privacy: how long data are kept, the register; and who is to stay."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.desk import access
from aid.desk.forms.rights import RetentionForm
from aid.desk.views.frame import desk_screen, show
from aid.privacy import leaving, retention
from aid.privacy.printing import register_pdf, rows_of, who
from aid.privacy.register import register
from core.printing import pdf_answer
from themes.brand import brand_of


@desk_screen("set_retention")
@require_http_methods(["GET", "HEAD", "POST"])
def retention_periods(request: HttpRequest) -> HttpResponse:
    """How long each kind of data is kept, within what the law allows; and what was taken away lately."""
    chosen = retention.chosen()
    form = RetentionForm(request.POST if request.method == "POST" else None, chosen=chosen)
    if form.is_valid():
        try:
            retention.choose(form.cleaned_data, by_account=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "C’est enregistré. Cela s’applique dès cette nuit.")
            return redirect("desk:retention")
    lines = [(one, form[one.retention.key]) for one in chosen]
    context = {"form": form, "lines": lines, "report": retention.report(retention.last_month())}
    return show(request, "aid/desk/retention.html", context, section="rights")


@desk_screen("read_register")
@require_safe
def register_page(request: HttpRequest) -> HttpResponse:
    """The register of processing, written from the code."""
    found = register()
    context = {
        "register": found,
        "who": who(found),
        "entries": [(one.title, rows_of(one)) for one in found.entries],
    }
    return show(request, "aid/desk/register.html", context, section="rights")


@desk_screen("read_register")
@require_safe
def register_file(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    return pdf_answer(register_pdf(register(), brand=brand_of(request)), name="registre-des-traitements")


@desk_screen("change_people")
@require_POST
def keep_person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody who was told that they would be forgotten says by telephone that they stay."""
    shown = access.person_of(request.user, uid)
    told = getattr(shown, "leaving", None)
    if told is not None:
        leaving.stay(told)
    messages.success(request, "C’est noté : cette personne reste.")
    return redirect("desk:person", uid=uid)
