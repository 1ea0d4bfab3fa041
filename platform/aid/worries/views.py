"""The page where a volunteer says that they worry: rooms above say about whom, and who they are."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from aid.people.models import Person
from aid.worries import services
from aid.worries.enums import Grade
from aid.worries.forms import WorryForm
from core.sealing import SealError

NOT_KEPT = "Vos mots n’ont pas pu être gardés. Appelez-nous, tout de suite si c’est urgent."
TOLD = "dit"


def telling(request: HttpRequest, *, person: Person, told_by: Person, back: str) -> HttpResponse:
    """Show the form, keep what is said; then show what they told of this person, and whether it was taken.

    The caller has checked that these two met.
    """
    about = person.standing
    form = WorryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        known = form.cleaned_data
        try:
            services.tell(
                person=about,
                told_by=told_by,
                grade=Grade(known["grade"]),
                words=known["words"],
                form_uid=known["form_uid"],
            )
        except services.LimitReachedError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        except SealError:
            form.add_error(None, NOT_KEPT)
        else:
            return redirect(f"{request.path}?{TOLD}")
    context = {
        "form": form,
        "first_name": about.first_name,
        "told": [one for one in services.told_by(told_by) if one.person == about],
        "back": back,
        "was_told": TOLD in request.GET,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "aid/worries/tell.html", context, status=status)
