"""« Ma photo », « Ma carte », « Mon mot »: by what somebody is recognised at a door."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.qr import draw
from aid.cards import words
from aid.cards.models import SpokenWord
from aid.cards.printing import page_path
from aid.cards.services import card_of
from aid.configuration.addresses import address_of
from aid.onboarding.models import Volunteer
from aid.personal.forms import WordForm
from aid.personal.views.frame import Here, personal_page
from aid.photos import services as photos
from aid.photos.agreeing import AGREEMENT
from aid.photos.forms import OwnPhotoForm
from aid.photos.models import Photo
from aid.photos.serving import photo_answer
from aid.privacy.enums import Agreed
from core.sealing import SealError

REMOVE = "enlever"
NOT_KEPT = "Nous n’avons pas pu garder ce mot. Réessayez plus tard, ou appelez-nous."


@never_cache
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, here: Here) -> HttpResponse:
    """Put one's photo, change it, take it away."""
    if request.POST.get("geste") == REMOVE:
        photos.remove_photo(here.person, how=Agreed.ON_SCREEN)
        messages.success(request, "C’est fait : votre photo est effacée.")
        return redirect("personal:photo")
    form = OwnPhotoForm(request.POST, request.FILES) if request.method == "POST" else OwnPhotoForm()
    if form.is_valid():
        try:
            photos.keep_photo(here.person, form.cleaned_data["file"], how=Agreed.ON_SCREEN)
        except ValidationError as error:
            form.add_error("file", error.message_dict["file"])
        else:
            messages.success(request, "C’est fait : votre photo est gardée.")
            return redirect("personal:photo")
    has_photo = Photo.objects.filter(person=here.person).exists()
    return render(request, "aid/personal/photo.html", {"form": form, "has_photo": has_photo, "agreement": AGREEMENT})


@never_cache
@personal_page
@require_safe
def photo_file(request: HttpRequest, here: Here) -> HttpResponse:
    """One's own photo. Raises Http404 where there is none."""
    return photo_answer(Photo.objects.filter(person=here.person).first())


@never_cache
@personal_page
@require_safe
def card(request: HttpRequest, here: Here) -> HttpResponse:
    """A volunteer's own card, as large as the telephone is wide: for who forgot the one of paper."""
    volunteer = Volunteer.objects.select_related("person__photo").filter(person=here.person).first()
    if volunteer is None:
        raise Http404
    valid = card_of(volunteer)
    context = {"person": volunteer.person, "has_photo": hasattr(volunteer.person, "photo"), "card": valid, "qr": None}
    if valid is not None:
        try:
            context["qr"] = draw(address_of(page_path(valid.get_sealed_display())))
        except SealError:
            context["card"] = None
    return render(request, "aid/personal/card.html", context)


@never_cache
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest, here: Here) -> HttpResponse:
    """The word that who comes from the town says at one's door: chosen, changed, taken away."""
    if request.POST.get("geste") == REMOVE:
        words.forget_word(here.person)
        messages.success(request, "C’est fait : il n’y a plus de mot.")
        return redirect("personal:word")
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            words.keep_word(here.person, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error("text", error.message_dict["text"])
        except SealError:
            form.add_error("text", NOT_KEPT)
        else:
            messages.success(request, "C’est noté. La personne qui viendra de notre part vous dira ce mot.")
            return redirect("personal:word")
    return render(request, "aid/personal/word.html", {"form": form, "chosen": _chosen(here)})


def _chosen(here: Here) -> str:
    """One's own word; empty where there is none, or it does not open."""
    kept = SpokenWord.objects.filter(person=here.person).first()
    try:
        return kept.get_sealed_display() if kept else ""
    except SealError:
        return ""
