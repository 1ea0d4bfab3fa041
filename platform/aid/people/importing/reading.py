"""A row of a list, read as somebody: what is kept of each cell, or why the row cannot be."""

import datetime
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from accounts.models import Account
from aid.people import name_keys
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import usual_channel
from aid.territory.models import CoveredCommune, District
from core.phones import normalise_phone, receives_sms
from core.text import expand_saints, fold, tidy

OLDEST = 1890
_YEAR = re.compile(r"[0-9]{4}")
_DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
# Checked by the reading of its cell, or not a cell at all.
_READ_ALREADY = {
    "uid", "account", "search_name", "search_keys", "phone", "birth_year", "commune", "district", "created_by",
    "channel",
}  # fmt: skip


@dataclass
class ReadRow:
    """Somebody of a list, not written down yet; or the reasons why not."""

    number: int
    person: Person
    # Every number of the row: somebody is known by any of them.
    phones: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def sounds(self) -> list[str]:
        """The keys that somebody alike also has."""
        words = name_keys.words_of(f"{self.person.first_name} {self.person.last_name}")
        return sorted({name_keys.sounding(word) for word in words})


class Reader:
    """Reads rows of one list; the places of the town are asked for once."""

    def __init__(self, columns: dict[str, int], *, by_account: Account | None) -> None:
        self.columns = columns
        self.by_account = by_account
        self.communes = list(CoveredCommune.objects.all())
        self.by_name = {_place(str(place)): place for place in self.communes}
        self.districts = {(one.commune_id, one.folded_name): one for one in District.objects.all()}

    def read(self, number: int, cells: list[str]) -> ReadRow:
        """Somebody, with every reason why they cannot be written down."""
        typed = {name: self._cell(cells, column) for name, column in self.columns.items()}
        person = Person(
            first_name=typed.get("first_name", ""),
            last_name=typed.get("last_name", ""),
            email=typed.get("email", "").lower(),
            address=typed.get("address", ""),
            created_by=self.by_account,
        )
        row = ReadRow(number, person)
        self._read_phones(row, typed)
        self._read_place(row, typed)
        self._read_birth(row, typed.get("birth", ""))
        try:
            person.clean_fields(exclude=_READ_ALREADY)
        except ValidationError as error:
            row.reasons += [message for messages in error.message_dict.values() for message in messages]
        person.channel = usual_channel(person) if not row.reasons else Channel.CALL
        return row

    @staticmethod
    def _cell(cells: list[str], column: int) -> str:
        return tidy(cells[column]) if column < len(cells) else ""

    @staticmethod
    def _read_phones(row: ReadRow, typed: dict[str, str]) -> None:
        for name in ("mobile", "phone"):
            if number := typed.get(name):
                try:
                    row.phones.append(normalise_phone(number))
                except ValidationError as error:
                    row.reasons += error.messages
        # A person has one number: of two, the one that gets SMS.
        row.person.phone = next(filter(receives_sms, row.phones), next(iter(row.phones), ""))

    def _read_place(self, row: ReadRow, typed: dict[str, str]) -> None:
        name, postal_code = typed.get("commune", ""), typed.get("postal_code", "")
        if name:
            commune = self.by_name.get(_place(name))
            if commune is None:
                row.reasons.append("Cette commune n’est pas du territoire.")
                return
        else:
            commune = self._only_commune(postal_code)
            if commune is None and postal_code:
                row.reasons.append("Ce code postal ne dit pas de quelle commune du territoire il s’agit.")
                return
        row.person.commune = commune
        if wanted := fold(typed.get("district", "")):
            found = [one for (place, folded), one in self.districts.items() if folded == wanted]
            found = [one for one in found if commune is None or one.commune_id == commune.pk]
            if len(found) != 1:
                row.reasons.append("Ce quartier n’est pas de cette commune.")
                return
            row.person.district = found[0]
            row.person.commune = commune or next(one for one in self.communes if one.pk == found[0].commune_id)

    def _only_commune(self, postal_code: str) -> CoveredCommune | None:
        # A spreadsheet drops the first zero of a number.
        code = postal_code.zfill(5)
        fitting = [one for one in self.communes if not postal_code or code in one.commune.postal_codes]
        return fitting[0] if len(fitting) == 1 else None

    @staticmethod
    def _read_birth(row: ReadRow, typed: str) -> None:
        if not typed:
            return
        year = int(typed) if _YEAR.fullmatch(typed) else _year_of_date(typed)
        if year is None or not OLDEST <= year <= datetime.datetime.now(datetime.UTC).year:
            row.reasons.append("Écrivez l’année de naissance en quatre chiffres, par exemple 1941.")
            return
        row.person.birth_year = year


def _place(name: str) -> str:
    return expand_saints(fold(name))


def _year_of_date(typed: str) -> int | None:
    for form in _DATE_FORMATS:
        try:
            return datetime.datetime.strptime(typed, form).replace(tzinfo=datetime.UTC).year
        except ValueError:
            continue
    return None
