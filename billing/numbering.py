"""Numbers without a hole: the row of a series, locked from the number to the commit of what bears it."""

import datetime

from billing.drafting import NotReadyError
from billing.enums import Series as SeriesOf
from billing.identifiers import HIGHEST_RANK
from billing.models import Seller, Series
from core.french import day_words


def locked_series(seller: Seller, of: SeriesOf, on: datetime.date) -> Series:
    """The row of a seller's series for the year of a day, locked until the end of the transaction.

    Raises NotReadyError for a day before the last one numbered: dates never go back, from year to year either.
    """
    key = {"seller": seller, "series": of}
    rows = Series.objects.select_for_update()
    found = {one.year: one for one in rows.filter(**key, year__gte=on.year)}
    if on.year not in found:
        found[on.year], _ = rows.get_or_create(**key, year=on.year)
    series = found[on.year]
    last = max((one.last_issued_on for one in found.values() if one.last_issued_on), default=None)
    if last and on < last:
        raise NotReadyError(f"Le dernier document est daté du {day_words(last)} : celui-ci ne peut pas l’être d’avant.")
    return series


def next_rank(series: Series) -> int:
    """The rank that comes next. Raises NotReadyError past the 99,999th of a year."""
    if series.last_rank >= HIGHEST_RANK:
        raise NotReadyError(f"La série {series} est pleine.")
    return series.last_rank + 1
