"""An appointment to put in one's own calendar: an iCalendar file (RFC 5545) with one event."""

import datetime

from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event


def event(*, uid: str, at: datetime.datetime, minutes: int, title: str, place: str = "") -> bytes:
    """One event, at an hour that every calendar shows on its own clock."""
    meeting = Event()
    meeting.add("uid", uid)
    meeting.add("dtstamp", timezone.now())
    meeting.add("dtstart", at.astimezone(datetime.UTC))
    meeting.add("duration", datetime.timedelta(minutes=minutes))
    meeting.add("summary", title)
    if place:
        meeting.add("location", place)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Palier//FR")
    calendar.add_component(meeting)
    return calendar.to_ical()


def calendar_answer(content: bytes, *, name: str) -> HttpResponse:
    """A calendar file to open or to save; no browser nor proxy keeps it."""
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
