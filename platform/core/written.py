"""Conditions, and whole questions, whose SQL is written once, where Django would write it anew each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler


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
    """Where, in a question that is written once, what it is asked about stands: another value each time. Where there
    are several, each has a name."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: object) -> tuple[str, list["Asked"]]:
        """As Django asks of an expression."""
        return "%s", [self]


def one_of(column: str, name: str = "") -> models.Func:
    """The condition that a column is one of some numbers: a list, which is asked about by this name."""
    template = "(%(expressions)s))"
    return models.Func(
        models.F(column), Asked(name), template=template, arg_joiner=" = ANY(", output_field=models.BooleanField()
    )


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
            cursor.execute(self.sql, _filled(self.parameters, {"": value}))
            yield cursor


@dataclass(frozen=True)
class Rows:
    """The same for rows that Django makes objects of, with what is joined to them and annotated: as those of the query
    set that it was written from, which is never asked anything itself."""

    written_from: models.QuerySet
    compiler: SQLCompiler
    # None where nothing can fit, whatever is asked.
    sql: str | None
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: models.QuerySet) -> "Rows":
        """The question that these rows come to, whose conditions hold an `Asked` for each name."""
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            sql, parameters = None, ()
        # Threads that ask have connections of their own.
        compiler.connection = None
        return cls(rows, compiler, sql, tuple(parameters))

    def ask(self, **values: object) -> list[Any]:
        """The rows where each `Asked` is the value of its name, by one statement."""
        if self.sql is None:
            return []
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (self.sql, _filled(self.parameters, values))
        rows = self.written_from.all()
        rows.query.get_compiler = lambda *_, **__: compiler
        return list(rows)


def _filled(parameters: tuple[Any, ...], values: dict[str, object]) -> list[Any]:
    return [values[one.name] if isinstance(one, Asked) else one for one in parameters]
