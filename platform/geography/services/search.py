"""Finding a commune or an intercommunality from what somebody types."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from core.text import expand_saints, fold
from geography.models import NAME_WORDS, Commune, Intercommunality

# No name of place is as long, and PostgreSQL refuses words of 2 kB.
LONGEST_TEXT = 200
_CODE = re.compile(r"[0-9][0-9ab][0-9]{3}")
_DEPARTMENT = re.compile(r"[0-9][0-9ab]|9[78][0-9]")
_SIREN = re.compile(r"[0-9]{9}")
_ARTICLES = ("le ", "la ", "les ", "l ")


def search_communes(text: str, *, limit: int = 10) -> list[Commune]:
    """Return today's communes that fit `text`: the beginning of each word of a name, a postal or INSEE code.

    Accents, capitals, hyphens and apostrophes are forgiven, « St » is « Saint ». A code or the number of a
    département narrows a name, as in « Saint-Denis (93) ». Exact names come first, then names that begin so
    (an article does not count), then names with such words; the more people, the higher. Their department
    comes along. Nothing typed, nothing found.
    """
    found, names = Commune.objects.current().select_related("department"), []
    words = _words(text)
    for word in words:
        if _CODE.fullmatch(word):
            found = found.filter(Q(postal_codes__contains=[word]) | Q(code=word.upper()))
        elif _DEPARTMENT.fullmatch(word):
            found = found.filter(department=word.upper())
        else:
            names.append(word)
    return list(_by_name(found, names)[:limit]) if words else []


def search_intercommunalities(text: str, *, limit: int = 10) -> list[Intercommunality]:
    """Return today's intercommunalities that fit `text`, by name or SIREN, sorted like `search_communes`."""
    found, words = Intercommunality.objects.current(), _words(text)
    siren = "".join(words)
    if _SIREN.fullmatch(siren):
        return list(found.filter(siren=siren)[:limit])
    return list(_by_name(found, words)[:limit]) if words else []


def name_key(name: str) -> str:
    """Return the form under which a name of place is stored and looked for."""
    return expand_saints(fold(name))


def _words(text: str) -> list[str]:
    return name_key(text[:LONGEST_TEXT])[:LONGEST_TEXT].split()


def _by_name(found: QuerySet, words: list[str]) -> QuerySet:
    if words:
        # Folded words hold letters and digits only: none can be an operator of the query.
        begins_each = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        found = found.alias(name_words=NAME_WORDS).filter(name_words=begins_each)
    return found.order_by(_rank(" ".join(words)), F("population").desc(nulls_last=True), "search_name", "pk")


def _rank(key: str) -> Case:
    exact, begins = Q(search_name=key), Q(search_name__startswith=key)
    exact_after_article = Q()
    for article in _ARTICLES:
        exact_after_article |= Q(search_name=article + key)
        begins |= Q(search_name__startswith=article + key)
    ranked = [When(one, Value(rank)) for rank, one in enumerate((exact, exact_after_article, begins))]
    return Case(*ranked, default=Value(len(ranked)), output_field=IntegerField())
