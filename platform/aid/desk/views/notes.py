"""Confidential notes about somebody: read, written, erased."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from aid.desk import access
from aid.desk.forms.notes import NoteForm
from aid.desk.views.frame import desk_screen, page_of, query_without_page, show
from aid.notes import services
from aid.notes.access import erasable_note, may_erase
from aid.notes.models import Note
from aid.privacy.enums import SeenOn
from aid.privacy.services import note_reading
from core.sealing import SealError

NOT_KEPT = "Cette note n’a pas pu être gardée : la clé qui protège les notes manque. Prévenez Palier."


@dataclass(frozen=True)
class Line:
    """One note as it is read; no text where it could not be opened."""

    note: Note
    text: str | None
    may_erase: bool


@desk_screen("keep_notes")
@require_http_methods(["GET", "HEAD", "POST"])
def person_notes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The notes about somebody, the last first, and a new one. They are nowhere else at the desk."""
    shown = access.person_of(request.user, uid)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.write_note(shown, text=form.cleaned_data["text"], by_account=request.user)
        except SealError:
            form.add_error("text", NOT_KEPT)
        else:
            messages.success(request, "La note est gardée.")
            return redirect("desk:person_notes", uid=uid)
    note_reading(shown, screen=SeenOn.NOTES, by_account=request.user)
    page = page_of(request, Note.objects.about(shown))
    context = {
        "shown": shown,
        "form": form,
        "page": page,
        "lines": [_line(note, request.user) for note in page],
        "query": query_without_page(request),
    }
    return show(request, "aid/desk/person_notes.html", context, section="people")


@desk_screen("keep_notes")
@require_POST
def erase_note(request: HttpRequest, uid: UUID, note: UUID) -> HttpResponse:
    """Erase one for good: its author may, and who administers."""
    services.erase_note(erasable_note(request.user, access.person_of(request.user, uid), note), by_account=request.user)
    messages.success(request, "La note est effacée.")
    return redirect(reverse("desk:person_notes", args=(uid,)))


def _line(note: Note, account: Account) -> Line:
    try:
        text = note.get_sealed_display()
    except SealError:
        text = None
    return Line(note=note, text=text, may_erase=may_erase(account, note))
