"""An appointment in somebody's own calendar."""

import datetime

from core.calendar_files import LONGEST_LINE, event

AT = datetime.datetime(2026, 12, 1, 14, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def lines_of(**fields: str) -> list[bytes]:
    return event(uid="1", at=AT, minutes=60, title="Un entretien", **fields).split(b"\r\n")


def test_the_hour_is_told_to_every_clock():
    lines = lines_of()
    assert (lines[0], lines[-2], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"")
    assert b"DTSTART:20261201T133000Z" in lines
    assert b"DURATION:PT60M" in lines
    assert not [line for line in lines if line.startswith(b"LOCATION")]


def test_signs_of_the_format_are_escaped_and_nothing_is_added_by_a_line_break():
    lines = lines_of(place="Mairie; salle 2,\r\nBEGIN:VEVENT \\ fin")
    assert b"LOCATION:Mairie\\; salle 2\\,\\nBEGIN:VEVENT \\\\ fin" in lines
    assert lines.count(b"BEGIN:VEVENT") == 1


def test_long_lines_are_folded_between_letters():
    place = "é😀" * 60
    lines = lines_of(place=place)
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert f"LOCATION:{place}".encode() in b"\r\n".join(lines).replace(b"\r\n ", b"")
