"""The first screen of the day."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from aid.desk import lists, volunteer_lists
from aid.desk.views.frame import desk_screen, show


@desk_screen("open_desk")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What waits for somebody at the town, then how requests go."""
    now = timezone.now()
    context = {
        "now": now,
        "board": lists.board(request.user, now),
        "volunteers": volunteer_lists.waiting(request.user, most=lists.SHOWN_ON_BOARD),
    }
    return show(request, "aid/desk/board.html", context, section="board")
