"""Reading what the town has set: identity, rules, kinds of help."""

from django.core.cache import cache

from aid.configuration.models import AccessibilityStatement, Identity, KindOfHelp, Rules

CACHE_KEY = "configuration.identity"
KINDS_KEY = "configuration.kinds_of_help"
NAMES_KEY = "configuration.names_of_kinds"


def identity() -> Identity:
    """The identity of the town that the connection is in. Kept in memory until the town's pulse changes."""
    known = cache.get(CACHE_KEY)
    if known is None:
        known = Identity.objects.select_related("accessibility").first() or Identity.load()
        cache.set(CACHE_KEY, known)
    return known


def accessibility_statement(known: Identity | None = None) -> AccessibilityStatement:
    """What the town declares, whose identity may be known already; « non conforme » before it declared anything."""
    return getattr(known or identity(), "accessibility", None) or AccessibilityStatement()


def rules() -> Rules:
    """What the town that the connection is in has set once: limits, delays, what the directory and the maps show."""
    return Rules.load()


def kinds_of_help() -> list[KindOfHelp]:
    """What people may ask for, in the town's order. Kept in memory until the town's pulse changes."""
    known = cache.get(KINDS_KEY)
    if known is None:
        known = list(KindOfHelp.objects.offered().with_pictures())
        cache.set(KINDS_KEY, known)
    return known


def names_of_kinds() -> list[tuple[str, str]]:
    """The slug and the name of every kind, those that are hidden now as well, in the town's order. Kept as above."""
    known = cache.get(NAMES_KEY)
    if known is None:
        known = list(KindOfHelp.objects.values_list("slug", "name"))
        cache.set(NAMES_KEY, known)
    return known
