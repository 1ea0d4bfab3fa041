"""The visitor's text size: a cookie, read on each page. No script, no session, nothing kept about anybody."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse

COOKIE = "taille_du_texte"
ONE_YEAR = 365 * 24 * 3600  # seconds


class TextSize(StrEnum):
    """Sizes of Designsystemet that we offer: 20 px and 26 px for body text."""

    NORMAL = "md"
    LARGE = "lg"

    @property
    def label(self) -> str:
        """What the control says."""
        return "Normal" if self is TextSize.NORMAL else "Grand"


def text_size_of(request: HttpRequest) -> TextSize:
    """The size that this visitor chose; normal for anything unknown."""
    chosen = request.COOKIES.get(COOKIE, "")
    return TextSize(chosen) if chosen in set(TextSize) else TextSize.NORMAL


def remember_text_size(request: HttpRequest, response: HttpResponse, size: TextSize) -> None:
    """Have the browser keep `size` for a year, on this host only."""
    response.set_cookie(COOKIE, size.value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
