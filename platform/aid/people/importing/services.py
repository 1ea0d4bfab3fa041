"""The verbs of imports: send a list, say what its columns hold, check it, write it down, forget it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from types import ModuleType
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import Account
from aid.people.enums import ImportState, RowState
from aid.people.importing import columns as guessing
from aid.people.importing.known import Seen, known_to_town
from aid.people.importing.reading import Reader, ReadRow
from aid.people.models import ImportedRow, PeopleImport, Person, private_storage
from core.csv_files import write_csv
from core.tables import read_rows

MOST_ROWS = 20_000
BATCH = 500
KEPT = timedelta(days=7)
LONGEST_REASON = 300
RESEMBLES = "Sans doute déjà connue : même numéro, ou même nom et même année de naissance."
REPEATS = "Sans doute la même personne qu’à la ligne {number}."
Cells = list[str]


@transaction.atomic
def start_import(*, file: BinaryIO, by_account: Account) -> PeopleImport:
    """Keep a list in private, its columns guessed; nobody is written down yet. It is forgotten after seven days.

    Raises ValidationError, in French, for what is no list of 20 000 rows at most.
    """
    rows = [row for _, row in read_rows(file, most=MOST_ROWS + 2)]
    if len(rows) < 2:  # noqa: PLR2004 (a header and somebody)
        raise ValidationError("Ce fichier est vide : il faut une ligne de titres, puis une ligne par personne.")
    if len(rows) > MOST_ROWS + 1:
        raise ValidationError("Cette liste est trop longue : 20\u00a0000\u00a0lignes au plus. Coupez-la en plusieurs.")
    made = PeopleImport(row_count=len(rows) - 1, columns=guessing.guess(rows[0]), created_by=by_account)
    file.seek(0)
    made.file.save(f"{made.uid}.table", File(file), save=False)
    made.save()
    _jobs().forget_import.defer(people_import=made.pk, schedule_at=timezone.now() + KEPT)
    return made


def first_rows(people_import: PeopleImport, count: int) -> tuple[Cells, list[Cells]]:
    """The titles of a list and its first rows, all as long as one another."""
    with _opened(people_import) as file:
        rows = [row for _, row in read_rows(file, most=count + 1)]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    return padded[0], padded[1:]


@transaction.atomic
def check_import(people_import: PeopleImport, *, columns: dict[str, int]) -> bool:
    """Say which column holds what, and have every row checked; False where that was asked already.

    Raises ValidationError where no column holds the first name.
    """
    if "first_name" not in columns:
        raise ValidationError({"first_name": "Choisissez la colonne du prénom."})
    known = _locked(people_import.pk)
    if known.state not in {ImportState.MAPPING, ImportState.CHECKED}:
        return False
    known.rows.all().delete()
    known.columns, known.state = columns, ImportState.CHECKING
    known.save()
    _jobs().check_rows.defer(people_import=known.pk, lock="people_import")
    return True


@transaction.atomic
def confirm_import(people_import: PeopleImport, *, creates_known: bool) -> bool:
    """Have the checked rows written down; False where that was asked already."""
    known = _locked(people_import.pk)
    if known.state != ImportState.CHECKED:
        return False
    known.creates_known, known.state = creates_known, ImportState.RUNNING
    known.save()
    _jobs().write_rows.defer(people_import=known.pk, lock="people_import")
    return True


def forget_import(number: int, *, unless_running: bool = False) -> bool:
    """Delete the files of an import; one that was not done is abandoned. Twice is once.

    An import that is being written down is left to end where `unless_running`: False says so.
    """
    with transaction.atomic():
        known = _locked(number)
        if unless_running and known.state == ImportState.RUNNING:
            return False
        if known.state not in {ImportState.DONE, ImportState.ABANDONED}:
            known.state, known.ended_at = ImportState.ABANDONED, timezone.now()
        known.file, known.left_out_file = "", ""
        known.save()
    # By their names, which never change: a worker that died may have forgotten one already.
    for name in (f"imports/{known.uid}.table", f"imports/{known.uid}.csv"):
        private_storage().delete(name)
    return True


def counts(people_import: PeopleImport) -> Counter[str]:
    """How many rows are in each state."""
    told = people_import.rows.values_list("state").annotate(Count("pk")).order_by()
    return Counter(dict(told))


def check_rows(number: int) -> None:
    """Say what would become of each row, by batches. Another run goes on where the last one stopped."""
    people_import = _waiting(number, ImportState.CHECKING)
    if people_import is None:
        return
    with transaction.atomic():
        reader = Reader(people_import.columns, by_account=people_import.created_by)
    seen = Seen()
    for batch in _batches(people_import):
        read = [reader.read(number, cells) for number, cells in batch]
        repeated = {row.number: seen.earlier(row) for row in read if not row.reasons}
        with transaction.atomic():
            if _locked(people_import.pk).state != ImportState.CHECKING:
                return
            _write_fates(people_import, read, repeated)
    _write_left_out(people_import)
    _end(people_import, ImportState.CHECKING, ImportState.CHECKED)


def write_rows(number: int) -> None:
    """Write down the people of the checked rows, by batches: each row at most once, however often this runs."""
    people_import = _waiting(number, ImportState.RUNNING)
    if people_import is None:
        return
    with transaction.atomic():
        reader = Reader(people_import.columns, by_account=people_import.created_by)
    for batch in _batches(people_import):
        with transaction.atomic():
            if _locked(people_import.pk).state != ImportState.RUNNING:
                return
            _create(people_import, reader, dict(batch))
    _write_left_out(people_import)
    if _end(people_import, ImportState.RUNNING, ImportState.DONE):
        private_storage().delete(f"imports/{people_import.uid}.table")


def _write_fates(people_import: PeopleImport, read: list[ReadRow], repeated: dict[int, int | None]) -> None:
    numbers = [row.number for row in read]
    done = set(people_import.rows.filter(number__in=numbers).values_list("number", flat=True))
    todo = [row for row in read if row.number not in done]
    if not todo:
        return
    known = known_to_town([row for row in todo if not row.reasons], people_import)
    fates = []
    for row in todo:
        fate = ImportedRow(people_import=people_import, number=row.number, state=RowState.NEW)
        if row.reasons:
            fate.state, fate.reason = RowState.REFUSED, " ".join(row.reasons)[:LONGEST_REASON]
        elif row.number in known:
            fate.state, fate.reason, fate.person_id = RowState.KNOWN, RESEMBLES, known[row.number]
        elif repeated[row.number]:
            fate.state, fate.reason = RowState.KNOWN, REPEATS.format(number=repeated[row.number])
        fates.append(fate)
    ImportedRow.objects.bulk_create(fates)


def _create(people_import: PeopleImport, reader: Reader, batch: dict[int, Cells]) -> None:
    """Create whom a batch still has to. Somebody met since the check is known, and left out unless asked otherwise."""
    states = [RowState.NEW, *([RowState.KNOWN] if people_import.creates_known else [])]
    fates = list(people_import.rows.filter(number__in=batch, state__in=states))
    if not fates:
        return
    read = {fate.number: reader.read(fate.number, batch[fate.number]) for fate in fates}
    known = {} if people_import.creates_known else known_to_town(read.values(), people_import)
    created = []
    for fate in fates:
        row = read[fate.number]
        if row.reasons:
            # A commune may have left the territory since.
            fate.state, fate.reason = RowState.REFUSED, " ".join(row.reasons)[:LONGEST_REASON]
        elif fate.number in known:
            fate.state, fate.reason, fate.person_id = RowState.KNOWN, RESEMBLES, known[fate.number]
        else:
            fate.state, fate.reason, fate.person = RowState.CREATED, "", row.person
            created.append(row.person)
    Person.objects.bulk_create(created)
    for fate in fates:
        fate.person_id = fate.person.pk if fate.state == RowState.CREATED else fate.person_id
    # One statement, where `bulk_update` would write a CASE of five hundred branches for each column.
    ImportedRow.objects.bulk_create(
        fates,
        update_conflicts=True,
        unique_fields=["people_import", "number"],
        update_fields=["state", "reason", "person"],
    )


def _write_left_out(people_import: PeopleImport) -> None:
    """Keep, as CSV, the rows that created nobody, each with its reason: to be corrected and sent again."""
    with transaction.atomic():
        reasons = dict(
            people_import.rows.filter(state__in=[RowState.REFUSED, RowState.KNOWN]).values_list("number", "reason")
        )
    with _opened(people_import) as file:
        rows = read_rows(file, most=MOST_ROWS + 1)
        _, titles = next(rows)
        lines = [["Ligne", "Pourquoi", *titles]]
        lines += [[number, reasons[number], *cells] for number, cells in rows if number in reasons]
    private_storage().delete(f"imports/{people_import.uid}.csv")
    private_storage().save(f"imports/{people_import.uid}.csv", ContentFile(write_csv(lines)))


def _end(people_import: PeopleImport, before: ImportState, after: ImportState) -> bool:
    with transaction.atomic():
        known = _locked(people_import.pk)
        is_ours = known.state == before
        if is_ours:
            known.state, known.left_out_file.name = after, f"imports/{known.uid}.csv"
            if after == ImportState.DONE:
                known.ended_at, known.file = timezone.now(), ""
            known.save()
    if not is_ours and known.state == ImportState.ABANDONED:
        # Abandoned while its last file was written.
        private_storage().delete(f"imports/{known.uid}.csv")
    return is_ours


def _waiting(number: int, state: ImportState) -> PeopleImport | None:
    with transaction.atomic():
        return PeopleImport.objects.select_related("created_by").filter(pk=number, state=state).first()


def _locked(number: int) -> PeopleImport:
    return PeopleImport.objects.select_for_update(of=["self"]).get(pk=number)


def _batches(people_import: PeopleImport) -> Iterator[list[tuple[int, Cells]]]:
    """The rows of a list without its titles, some hundreds at a time."""
    with _opened(people_import) as file:
        rows = read_rows(file, most=MOST_ROWS + 1)
        next(rows)
        while batch := list(islice(rows, BATCH)):
            yield batch


@contextmanager
def _opened(people_import: PeopleImport) -> Iterator[BinaryIO]:
    with private_storage().open(people_import.file.name) as file:
        yield file


def _jobs() -> ModuleType:
    """The jobs call these services: imported late, since they are above."""
    from aid.people import jobs

    return jobs
