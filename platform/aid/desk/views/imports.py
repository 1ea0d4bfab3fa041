"""Import a list of people: send it, say what its columns hold, see what would be done, do it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access
from aid.desk.forms.imports import CREATE, ColumnsForm, ConfirmForm, UploadForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import attached, desk_screen, show
from aid.people.enums import ImportState, RowState
from aid.people.importing import services
from aid.people.models import PeopleImport, private_storage

FIRST_ROWS = 5
MOST_LINES = 50
MOST_IMPORTS = 20
CHECK, CONFIRM, ABANDON = "verifier", "importer", "abandonner"


@desk_screen("import_people")
@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request: HttpRequest) -> HttpResponse:
    """Send a list; those that were sent before, by whom and when."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_import(file=form.cleaned_data["fichier"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, ValidationError({"fichier": error.messages}))
        else:
            return redirect("desk:people_import", uid=made.uid)
    sent = PeopleImport.objects.select_related("created_by")[:MOST_IMPORTS]
    return show(request, "aid/desk/import_people.html", {"form": form, "sent": sent}, section="people")


@desk_screen("import_people")
@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One list, at the step where it is: its columns, how far it was read, what would be done, what was."""
    shown = access.import_of(uid)
    gesture = request.POST.get("geste", "")
    if gesture == ABANDON:
        if not services.forget_import(shown.pk, unless_running=True):
            messages.warning(request, "Cette liste est en cours d’enregistrement : elle ira jusqu’au bout.")
        return redirect("desk:people_import", uid=uid)
    if shown.state == ImportState.MAPPING or (shown.state == ImportState.CHECKED and "colonnes" in request.GET):
        return _columns(request, shown, is_sent=gesture == CHECK)
    form = ConfirmForm(request.POST if gesture == CONFIRM else None)
    if gesture == CONFIRM and form.is_valid():
        services.confirm_import(shown, creates_known=form.cleaned_data["deja_connues"] == CREATE)
        return redirect("desk:people_import", uid=uid)
    return _progress(request, shown, form)


def _columns(request: HttpRequest, shown: PeopleImport, *, is_sent: bool) -> HttpResponse:
    titles, rows = services.first_rows(shown, FIRST_ROWS)
    form = ColumnsForm(request.POST if is_sent else None, titles=titles, initial=shown.columns)
    if is_sent and form.is_valid():
        services.check_import(shown, columns=form.columns())
        return redirect("desk:people_import", uid=shown.uid)
    context = {"shown": shown, "form": form, "titles": titles, "rows": rows}
    return show(request, "aid/desk/import_columns.html", context, section="people")


def _progress(request: HttpRequest, shown: PeopleImport, form: ConfirmForm) -> HttpResponse:
    counted = services.counts(shown)
    read = sum(counted.values())
    if shown.state == ImportState.RUNNING:
        left = counted[RowState.NEW] + (counted[RowState.KNOWN] if shown.creates_known else 0)
        read = shown.row_count - left
    lines = shown.rows.select_related("person")
    context = {
        "shown": shown,
        "form": form,
        "read": read,
        "created": counted[RowState.CREATED],
        "new": counted[RowState.NEW],
        "known": counted[RowState.KNOWN],
        "refused": counted[RowState.REFUSED],
        "known_lines": lines.filter(state=RowState.KNOWN)[:MOST_LINES],
        "refused_lines": lines.filter(state=RowState.REFUSED)[:MOST_LINES],
        "is_working": shown.state in {ImportState.CHECKING, ImportState.RUNNING},
    }
    return show(request, "aid/desk/import_progress.html", context, section="people")


@desk_screen("import_people")
@require_safe
def left_out(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rows that created nobody, with their reasons, as a CSV. Raises Http404 once they are forgotten."""
    shown = access.import_of(uid)
    if not shown.left_out_file or not private_storage().exists(shown.left_out_file.name):
        raise Http404
    with private_storage().open(shown.left_out_file.name) as file:
        return attached(file.read(), name=f"lignes-a-revoir-{shown.created_at:%Y-%m-%d}.csv")
