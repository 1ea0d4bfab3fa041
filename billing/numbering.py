"""Numbers without a hole: the row of a series, locked from the number to the commit of what bears it."""

import datetime

from billing.drafting import NotReadyError
from billing.enums import Series as SeriesOf
from billing.models import Seller, Series
from core.french import day_words


def locked_series(seller: Seller, of: SeriesOf, on: datetime.date) -> Series:
    """The row of a seller's series for the year of a day, locked until the end of the transaction.

    Raises NotReadyError for a day before the last one numbered: dates never go back, from year to year either.
    """
    key = {"seller": seller, "series": of}
    Series.objects.get_or_create(**key, year=on.year)
    series = Series.objects.select_for_update().get(**key, year=on.year)
    others = Series.objects.filter(**key, year__gt=on.year, last_rank__gt=0)
    last = others.order_by("-year").values_list("last_issued_on", flat=True).first() or series.last_issued_on
    if last and on < last:
        raise NotReadyError(f"Le dernier document est daté du {day_words(last)} : celui-ci ne peut pas l’être d’avant.")
    return series
