"""The host names of a town: added, made the town's address, taken away. Every process sees it at its next request."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from core.text import tidy
from tenants import addresses
from tenants.context import town_context
from tenants.models import Domain, Town
from tenants.registry import host_of, is_platform

LONGEST = 253
GONE = "Cette adresse n’est plus celle de cette ville."
_NAME = re.compile(rf"(?:{addresses.LABEL.pattern}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)
_followers: list[Callable[[str], None]] = []


def register(follow: Callable[[str], None]) -> None:
    """Have `follow` called, in a town, with its new address: for rooms that write addresses, from `ready()`."""
    if follow not in _followers:
        _followers.append(follow)


def read(typed: str) -> str:
    """The host name that somebody typed or pasted: lower case, without scheme, path, port or leading `www.`.

    Raises ValidationError for what is none, or is the platform's own: itself, one of its reserved names, or a name
    under one of its towns.
    """
    try:
        host = host_of(_SCHEME.sub("", tidy(typed)).partition("/")[0].encode("idna").decode())
    except UnicodeError:
        host = ""
    if len(host) > LONGEST or not _NAME.fullmatch(host):
        raise ValidationError("Écrivez un nom de domaine, par exemple entraide.ma-ville.fr.", "domain")
    label, _, rest = host.partition(".")
    if is_platform(host) or rest.endswith(f".{settings.PLATFORM_DOMAIN}"):
        raise ValidationError("Ce nom de domaine est celui de la plateforme. Choisissez-en un autre.", "platform")
    if is_platform(rest):
        try:
            addresses.check_chosen(label)
        except addresses.AddressError as error:
            raise ValidationError(str(error), "platform") from error
    return host


@transaction.atomic
def add_domain(town: Town, typed: str) -> Domain:
    """Have a town answer on one host name more. Raises ValidationError for one that is none, or is somebody's."""
    domain = Domain(tenant=_locked(town), domain=read(typed), is_primary=False)
    if Domain.objects.filter(domain=domain.domain).exists():
        raise ValidationError(f"Une ville répond déjà à l’adresse {domain.domain}.", "unique")
    domain.full_clean()
    domain.save()
    return domain


@transaction.atomic
def make_primary(town: Town, domain: Domain) -> Domain:
    """Have one of a town's host names be its address: what is sent from now on leads there. The former one answers.

    Raises ValidationError for one that is not the town's.
    """
    locked = _locked(town)
    kept = _own(locked, domain)
    locked.domains.exclude(pk=kept.pk).update(is_primary=False)
    locked.domains.filter(pk=kept.pk).update(is_primary=True)
    with town_context(locked):
        for follow in _followers:
            follow(kept.domain)
    kept.is_primary = True
    return kept


@transaction.atomic
def remove_domain(town: Town, domain: Domain) -> None:
    """Have a town answer no more on a host name. Raises ValidationError for its address, or one that is not its own."""
    kept = _own(_locked(town), domain)
    if kept.is_primary:
        raise ValidationError("C’est l’adresse principale : choisissez-en d’abord une autre.", "primary")
    kept.delete()


def _locked(town: Town) -> Town:
    return Town.objects.select_for_update(of=("self",)).get(pk=town.pk)


def _own(town: Town, domain: Domain) -> Domain:
    kept = town.domains.filter(pk=domain.pk).first()
    if kept is None:
        raise ValidationError(GONE, "gone")
    return kept
