"""Every address of a site, found by walking its URLconf."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

SAMPLES = {"int": "1", "str": "1", "slug": "x", "path": "x", "anything": "x", "uuid": f"{UUID(int=1)}"}
CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")
# Wagtail's few addresses written as regular expressions.
REGULAR = {
    r"(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/": (
        "1/revisions/compare/earliest...live/"
    ),
    r".*/": "nulle-part/",
    r"(\d+)/(.*)": "1/x",
    r"((?:[\w\-]+/)*)": "",
}


@dataclass(frozen=True)
class Address:
    """One entry of a URLconf; `path` is it with sample arguments, `view` what answers."""

    name: str
    path: str
    view: Callable[..., Any]


def addresses_of(urlconf: str) -> list[Address]:
    """All of them, in order; names carry their namespaces."""
    return list(_walk(get_resolver(urlconf).url_patterns, "/", ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], path: str, names: str) -> Iterator[Address]:
    for pattern in patterns:
        here = path + _sample(pattern)
        if isinstance(pattern, URLPattern):
            yield Address(names + (pattern.name or ""), here, pattern.callback)
        else:
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from _walk(pattern.url_patterns, here, inner)


def _sample(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    if not isinstance(pattern.pattern, RoutePattern):
        route = route.removeprefix("^").removesuffix("$")
        if route in REGULAR:
            return REGULAR[route]
        assert not re.search(r"[\\()*+?|]", route), f"say in REGULAR how to write {route!r}"
    return CONVERTER.sub(lambda found: SAMPLES[found[1] or "str"], route)
