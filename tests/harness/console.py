"""The console in tests: who signs in to it, and what it shows."""

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.services import invite_biller, invite_operator
from console import suspending
from console.enums import OpeningState, SuspensionReason
from console.models import Opening, TownFigures
from harness.browsers import browser_at
from tenants import domains
from tenants.context import platform_context
from tenants.models import Town
from tenants.registry import TownEntry

SYLVIE, PAUL, CLARA = "sylvie@palier.example", "paul@palier.example", "clara@palier.example"
WHY = "Une intrusion est suspectée, nous vérifions."


def operator(email: str = SYLVIE) -> Account:
    """Somebody who runs the towns."""
    with platform_context():
        return invite_operator(email=email)


def biller(email: str = CLARA) -> Account:
    """Somebody who bills."""
    with platform_context():
        return invite_biller(email=email)


def console_of(account: Account) -> Client:
    """A browser on the platform that somebody has signed in with."""
    with platform_context():
        return browser_at("localhost", account)


def operator_s(email: str = SYLVIE) -> Client:
    """An operator's browser."""
    return console_of(operator(email))


def biller_s() -> Client:
    """The browser of who bills."""
    return console_of(biller())


def row_of(entry: TownEntry) -> Town:
    """The platform's own row of a town. Runs on the platform."""
    return Town.objects.get(schema_name=entry.schema_name)


def opening(state: OpeningState = OpeningState.WAITING, **changes: Any) -> Opening:
    """An opening as it stands, that no worker was asked for. Runs on the platform."""
    over = state != OpeningState.WAITING
    said = {
        "state": state,
        "blueprint": "bip-pop",
        "name": "Lanmeur",
        "communes": ["29113"],
        "subdomain": "lanmeur",
        "telephone": "+33261910031",
        "admin_email": "mairie@lanmeur.example",
        "asked_by": invite_operator(email=SYLVIE),
        "ended_at": timezone.now() if over else None,
        "refusal": "Cette adresse est déjà prise." if state == OpeningState.REFUSED else "",
    }
    return Opening.objects.create(**said | changes)


def an_opening() -> dict[str, Any]:
    """The arguments of the page of one."""
    return {"uid": opening().uid}


def figures(entry: TownEntry, **changes: Any) -> TownFigures:
    """What a night read in a town. Runs on the platform."""
    said = {"counted_at": timezone.now(), "tried_at": timezone.now(), "seniors": 1234, "requests": 12, "services": 9}
    return TownFigures.objects.update_or_create(town=row_of(entry), defaults=said | changes)[0]


def play(first: TownEntry, second: TownEntry) -> dict[str, object]:
    """Something in every state of the console's pages; what their addresses hold. Runs on the platform."""
    figures(first, unanswered=3, failed_jobs=2)
    figures(second, has_failed=True)
    domains.add_domain(row_of(first), "entraide.pont-sainte-maxence.example")
    suspending.ask(row_of(second), reason=SuspensionReason.TOWN, words=WHY, by=invite_operator(email=PAUL))
    uids = {f"opening_{state.value}": opening(state).uid for state in OpeningState}
    return {"schema": first.schema_name, "other": second.schema_name, **uids}
