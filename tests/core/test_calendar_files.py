"""An appointment in somebody's own calendar: read back as a calendar reads it."""

import datetime

from icalendar import Calendar

from core.calendar_files import event

AT = datetime.datetime(2026, 12, 1, 14, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def read(**fields):
    calendar = Calendar.from_ical(event(uid="1", at=AT, minutes=60, title="Un entretien", **fields))
    (found,) = calendar.walk("VEVENT")
    return found


def test_the_hour_is_told_to_every_clock():
    meeting = read()
    assert (str(meeting["uid"]), str(meeting["summary"])) == ("1", "Un entretien")
    assert (meeting.start, meeting.end - meeting.start) == (AT, datetime.timedelta(hours=1))
    assert meeting["dtstart"].to_ical() == b"20261201T133000Z"
    assert meeting["dtstamp"].to_ical().endswith(b"Z")
    assert "location" not in meeting


def test_a_place_is_read_as_it_was_typed_and_adds_nothing():
    # « RRULE » on a line of its own would have the meeting come again; an emoji is cut by no fold.
    for place in ("Mairie; salle 2, \\ fond", "Mairie\nRRULE:FREQ=DAILY\nBEGIN:VEVENT", "é😀" * 60):
        meeting = read(place=place)
        assert str(meeting["location"]) == place
        assert "rrule" not in meeting
