"""« Votre tranquillité »: whom somebody does not want to see any more."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aid.moderation import access, blocks
from aid.personal.views.frame import Here, personal_page

APART = "C’est fait. Vous ne vous verrez plus sur ce site, et nous ne vous proposerons plus l’un à l’autre."
AGAIN = "C’est fait. Vous pouvez de nouveau voir cette personne."


@personal_page
@require_safe
def blocked(request: HttpRequest, here: Here) -> HttpResponse:
    """Whom this person does not want to see, with a button for each."""
    return render(request, "aid/personal/blocked.html", {"lines": list(blocks.blocked_by(here.person))})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, here: Here, kind: str, token: str) -> HttpResponse:
    """Not to see the author of a public text any more, once confirmed."""
    subject, number = access.subject_at(kind, token)
    author = subject.author_of(number)
    if author is None:
        raise Http404
    if request.method == "POST":
        try:
            blocks.block(blocker=here.person, blocked=author)
        except ValidationError as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, APART)
        return redirect("personal:blocked")
    return render(request, "aid/personal/block.html", {"author": author, "back": subject.url_of(number)})


@personal_page
@require_POST
def see_again(request: HttpRequest, here: Here, uid: UUID) -> HttpResponse:
    """Think better of it."""
    found = blocks.blocked_by(here.person).filter(blocked__uid=uid).first()
    if found is None:
        raise Http404
    blocks.unblock(blocker=here.person, blocked=found.blocked)
    messages.success(request, AGAIN)
    return redirect("personal:blocked")
