"""Conditions whose SQL is written once for all, where Django would write it anew for each query."""

from django.db import connection, models
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
