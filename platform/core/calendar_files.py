"""An appointment to put in one's own calendar: an iCalendar file (RFC 5545) with one event."""

import datetime

from django.http import HttpResponse
from django.utils import timezone

LONGEST_LINE = 75  # octets, its end aside


def event(*, uid: str, at: datetime.datetime, minutes: int, title: str, place: str = "") -> bytes:
    """One event, at an hour that every calendar shows on its own clock."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Palier//FR",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_instant(timezone.now())}",
        f"DTSTART:{_instant(at)}",
        f"DURATION:PT{minutes}M",
        f"SUMMARY:{_text(title)}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def calendar_answer(content: bytes, *, name: str) -> HttpResponse:
    """A calendar file to open or to save; no browser nor proxy keeps it."""
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _instant(at: datetime.datetime) -> str:
    return f"{at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> bytes:
    """A line in octets, cut where it is too long, and never inside a letter."""
    cut, length = [], 0
    for char in line:
        octets = char.encode()
        if length + len(octets) > LONGEST_LINE:
            cut.append(b"\r\n ")
            length = 1
        cut.append(octets)
        length += len(octets)
    return b"".join(cut)
