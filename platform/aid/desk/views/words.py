"""The word agreed with somebody who phones: told to her again, chosen, changed, taken away. Each visit is kept."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from aid.cards import words
from aid.desk import access
from aid.desk.forms.cards import WordForm
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from core.sealing import SealError

REMOVE = "effacer"
NOT_KEPT = "Ce mot n’a pas pu être gardé : la clé qui le protège manque. Prévenez Palier."


@desk_screen("keep_words")
@require_http_methods(["GET", "HEAD", "POST"])
def person_word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Her word, and a new one. It is nowhere else at the desk."""
    shown = access.person_of(request.user, uid)
    if request.POST.get("geste") == REMOVE:
        words.forget_word(shown, by_account=request.user)
        messages.success(request, "Le mot est effacé.")
        return redirect("desk:person_word", uid=uid)
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            words.keep_word(shown, text=form.cleaned_data["text"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        except SealError:
            form.add_error("text", NOT_KEPT)
        else:
            messages.success(request, "Le mot est gardé. Le bénévole qui ira chez elle le lira sur son rendez-vous.")
            return redirect("desk:person_word", uid=uid)
    try:
        word, is_closed = words.read_word(shown, by_account=request.user), False
    except SealError:
        word, is_closed = None, True
    context = {"shown": shown, "form": form, "word": word, "is_closed": is_closed}
    return show(request, "aid/desk/person_word.html", context, section="people")
