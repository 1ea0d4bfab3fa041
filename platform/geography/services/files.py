"""A file that the operator hands over: is it the one that was meant, and what does each line say."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

MOST_PROBLEMS_SHOWN = 20


class ImportRefusedError(Exception):
    """A file of which nothing was kept. `problems` holds French sentences, with line numbers."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        shown = self.problems[:MOST_PROBLEMS_SHOWN]
        if len(self.problems) > len(shown):
            shown.append(f"… et {len(self.problems) - len(shown)} autres lignes refusées.")
        super().__init__("\n".join(shown))


def check_fingerprint(path: Path, sha256: str) -> str:
    """Return the SHA-256 of the file; raise ImportRefusedError if it is absent or not the one typed."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportRefusedError([f"Le fichier {path} ne se lit pas : {error.strerror}."]) from error
    if found != sha256.strip().lower():
        raise ImportRefusedError([f"Ce n’est pas le fichier attendu : son empreinte SHA-256 est {found}."])
    return found


def rows_of_csv(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row by lower-case column) of a CSV whose separator is « ; » or « , ».

    Raises ImportRefusedError for a line that has not as many cells as the header, or is no CSV.
    """
    lines = iter(lines)
    try:
        header = next(lines, "")
        separator = ";" if ";" in header else ","
        columns = [name.strip().lower() for name in next(csv.reader([header], delimiter=separator), [])]
        reader = csv.reader(lines, delimiter=separator)
        for cells in reader:
            number = reader.line_num + 1
            if cells and len(cells) != len(columns):
                raise ImportRefusedError(
                    [f"Ligne {number} : {len(cells)} colonnes, alors que l’en-tête en a {len(columns)}."]
                )
            if cells:
                yield number, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise ImportRefusedError(["Ce fichier n’est pas un CSV lisible."]) from error
    except UnicodeDecodeError as error:
        raise ImportRefusedError(["Ce fichier n’est pas du texte en UTF-8."]) from error


def to_decimal(text: object) -> Decimal | None:
    """Return the number written in `text`, None when it is no finite number."""
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
