"""Where a town is found: its subdomain, from its name unless it is chosen, and its whole address."""

import re
from collections.abc import Iterator

from django.conf import settings

from core.text import slug
from tenants.models import Domain

# Names that the platform, its mail or a habit of the web owns.
RESERVED = frozenset(
    [
        "www",
        "api",
        "admin",
        "mail",
        "smtp",
        "imap",
        "pop",
        "ftp",
        "ns",
        "ns1",
        "ns2",
        "mx",
        "webmail",
        "autodiscover",
        "autoconfig",
        "static",
        "media",
        "assets",
        "cdn",
        "status",
        "app",
        "console",
        "operateur",
        "gestion",
        "aide",
        "support",
        "demo",
        "test",
        "staging",
        "dev",
        "blog",
        "docs",
        "localhost",
        "palier",
        "compte",
        "connexion",
        "facturation",
        "paiement",
        "securite",
        "abuse",
        "postmaster",
        "hostmaster",
        "webmaster",
        "root",
    ]
)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_LABEL = 63


class AddressError(ValueError):
    """This subdomain cannot be had; the message says why."""


def label_of(name: str) -> str:
    """A DNS label made of a name: « L’Haÿ-les-Roses (94) » gives `l-hay-les-roses-94`. Empty if nothing is left."""
    return cut(slug(name), LONGEST_LABEL)


def cut(label: str, length: int) -> str:
    """Shorten a label at a hyphen where there is one, never ending with one."""
    if len(label) <= length:
        return label
    shortened = label[: length + 1].rpartition("-")[0] or label[:length]
    return shortened.rstrip("-")


def check_chosen(label: str) -> str:
    """Give back a subdomain that somebody chose, in lower case. Raises AddressError if it cannot be had."""
    label = label.strip().lower()
    if not LABEL.fullmatch(label) or label.startswith("xn--"):
        raise AddressError(
            f"« {label} » n’est pas un sous-domaine possible : des lettres sans accent, des chiffres et des traits "
            f"d’union, {LONGEST_LABEL} caractères au plus, ni au début ni à la fin un trait d’union."
        )
    if label in RESERVED:
        raise AddressError(f"« {label} » est réservé à la plateforme. Choisissez un autre sous-domaine.")
    if is_taken(label):
        raise AddressError(f"« {label} » est déjà pris par une autre ville. Choisissez un autre sous-domaine.")
    return label


def free_label(name: str, *, department: str, code: str) -> str:
    """The first free subdomain for a name: itself, then with its département, then with its code.

    So two towns of one name get distinct addresses, each of which tells where it is. Raises AddressError if the name
    holds no letter that a DNS label can.
    """
    label = label_of(name)
    if not label:
        raise AddressError(f"Aucun sous-domaine ne peut être tiré de « {name} » : choisissez-le avec --subdomain.")
    for candidate in _candidates(label, department, code):
        if candidate not in RESERVED and not is_taken(candidate):
            return candidate
    raise AddressError(f"Toutes les adresses tirées de « {name} » sont prises : choisissez-en une avec --subdomain.")


def _candidates(label: str, department: str, code: str) -> Iterator[str]:
    yield label
    suffixes = [department.lower(), code.lower(), *(f"{code.lower()}-{count}" for count in range(2, 100))]
    for suffix in suffixes:
        if suffix:
            yield f"{cut(label, LONGEST_LABEL - len(suffix) - 1)}-{suffix}"


def domain_of(label: str) -> str:
    """The whole host name of a subdomain."""
    return f"{label}.{settings.PLATFORM_DOMAIN}"


def url_at(domain: str, path: str = "/") -> str:
    """The whole address of a page at a domain, for what is read elsewhere."""
    return settings.TOWN_ADDRESS.format(domain=domain) + path


def is_taken(label: str) -> bool:
    """Whether a town answers there already."""
    return Domain.objects.filter(domain=domain_of(label)).exists()
