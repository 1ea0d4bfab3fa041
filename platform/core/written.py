"""Conditions, and whole questions, whose SQL is written once, where Django would write it anew each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL


def written(model: type[models.Model], expression: models.Expression) -> RawSQL:
    """An expression on the rows of a model, as the SQL that it comes to, for queries that start from that model,
    and are no part of another.

    Subqueries in subqueries take Django some milliseconds: more than all the rest of a small page. The caller keeps
    what this answers, under whatever the expression holds besides its rows: a day, most often. It names no schema, so
    that it serves every town.
    """
    query = models.QuerySet(model).annotate(written=expression).query
    resolved = query.annotations["written"]
    sql, parameters = query.get_compiler(connection=connection).compile(resolved)
    return RawSQL(sql, parameters, output_field=resolved.output_field)  # noqa: S611 (Django wrote it)


class Asked(models.Expression):
    """Where, in a question that is written once, what it is asked about stands: another value each time."""

    def as_sql(self, *_: object) -> tuple[str, list["Asked"]]:
        """As Django asks of an expression."""
        return "%s", [self]


def is_among_asked(column: str) -> models.Func:
    """The condition of a question that is asked about several at once: its value is then a list."""
    asked = models.Func(Asked(), function="ANY")
    return models.Func(column, asked, template="%(expressions)s", arg_joiner=" = ", output_field=models.BooleanField())


@dataclass(frozen=True)
class Question:
    """A query whose SQL is written once, for a page that somebody waits for: Django takes longer to write a small one
    than PostgreSQL to answer it. It names no schema, and whoever keeps it, keeps it as for `written`."""

    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: models.QuerySet) -> "Question":
        """The question that these rows (`values_list`) come to, whose conditions hold one `Asked`."""
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
        return cls(sql, tuple(parameters))

    def first(self, value: object) -> tuple[Any, ...] | None:
        """The first row where `Asked` is this value, as PostgreSQL answers it; None where there is none."""
        with self._asked_of(value) as cursor:
            return cursor.fetchone()

    def all(self, value: object) -> list[tuple[Any, ...]]:
        """Each row where `Asked` is this value, as PostgreSQL answers it, in the order of the query."""
        with self._asked_of(value) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _asked_of(self, value: object) -> Iterator[CursorWrapper]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [value if isinstance(one, Asked) else one for one in self.parameters])
            yield cursor
