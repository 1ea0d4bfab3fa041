"""Who of a list is probably known already: by the town, or by an earlier row of the same list."""

import json
from collections.abc import Iterable

from django.db import connection

from aid.people.importing.reading import ReadRow
from aid.people.models import PeopleImport

# As `possible_duplicates` asks of one person, for a whole batch: each half by its own index.
KNOWN = """
WITH asked AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(number int, phones varchar[], year int, sounds varchar[])
), found AS (
    SELECT number, person.id FROM asked JOIN people_person person ON person.phone = ANY (asked.phones)
    UNION
    SELECT number, person.id FROM asked JOIN people_person person
        ON person.birth_year = asked.year AND person.search_keys @> asked.sounds AND cardinality(asked.sounds) > 0
)
SELECT number, min(id) FROM found
WHERE NOT EXISTS (
    SELECT FROM people_importedrow made
    WHERE made.person_id = found.id AND made.people_import_id = %(import)s AND made.state = 'created'
)
GROUP BY number
"""


def known_to_town(rows: Iterable[ReadRow], people_import: PeopleImport) -> dict[int, int]:
    """By number of row, the first person with the same phone, or with alike names and the same year of birth.

    Those whom this import made are not counted: what a list says twice is told by `Seen`.
    """
    asked = [
        {"number": row.number, "phones": row.phones, "year": row.person.birth_year, "sounds": row.sounds}
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"rows": json.dumps(asked), "import": people_import.pk})
        return dict(cursor.fetchall())


class Seen:
    """The rows of a list read so far. A couple that shares a number is two people: names must be alike too."""

    def __init__(self) -> None:
        self.by_phone: dict[str, list[tuple[int, set[str]]]] = {}
        self.by_year: dict[tuple[int, tuple[str, ...]], int] = {}

    def earlier(self, row: ReadRow) -> int | None:
        """The number of the row that this one repeats, and remember this one."""
        sounds = set(row.sounds)
        same = [
            number
            for phone in row.phones
            for number, others in self.by_phone.get(phone, [])
            if sounds <= others or others <= sounds
        ]
        key = (row.person.birth_year or 0, tuple(row.sounds))
        if row.person.birth_year and key in self.by_year:
            same.append(self.by_year[key])
        for phone in row.phones:
            self.by_phone.setdefault(phone, []).append((row.number, sounds))
        self.by_year.setdefault(key, row.number)
        return min(same, default=None)
