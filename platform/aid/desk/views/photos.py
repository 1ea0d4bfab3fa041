"""The photo of somebody who came to the counter: put, change, take away. Only the desk's own screens show it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aid.desk import access
from aid.desk.views.entry import add_errors
from aid.desk.views.frame import desk_screen, show
from aid.photos import services
from aid.photos.agreeing import AGREEMENT
from aid.photos.forms import PhotoForThemForm
from aid.photos.serving import photo_answer
from aid.privacy.enums import Agreed

REMOVE = "enlever"


@desk_screen("change_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_photo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a photo, with how the person agreed; or take it away."""
    shown = access.person_of(request.user, uid)
    if request.POST.get("geste") == REMOVE:
        services.remove_photo(shown, how=Agreed.SPOKEN, by_account=request.user)
        messages.success(request, "La photo est effacée.")
        return redirect("desk:person_photo", uid=uid)
    form = PhotoForThemForm(request.POST, request.FILES) if request.method == "POST" else PhotoForThemForm()
    if form.is_valid():
        try:
            services.keep_photo(shown, form.cleaned_data["file"], how=form.cleaned_data["how"], by_account=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "La photo est gardée.")
            return redirect("desk:person_photo", uid=uid)
    context = {"shown": shown, "form": form, "has_photo": hasattr(shown, "photo"), "agreement": AGREEMENT}
    return show(request, "aid/desk/person_photo.html", context, section="people")


@desk_screen("open_desk")
@require_safe
def photo_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The picture. Raises Http404 where there is none."""
    return photo_answer(getattr(access.person_of(request.user, uid), "photo", None))
