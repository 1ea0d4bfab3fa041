"""Opening a town from the console: asked on a page, done by a worker that may, told on the same page."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Account
from accounts.services import sign_in_path
from console import mail
from console.acts import note
from console.enums import ALIVE_JOBS, ActKind, OpeningState
from console.models import Opening
from core.french import of_place
from tenants import walls
from tenants.addresses import url_at
from tenants.context import platform_context
from tenants.jobs import defer_with_rows
from tenants.opening import OpeningError, open_town

TASK = "console.open_town"
# An opening takes seconds: by then, no worker is there.
LATE_AFTER = datetime.timedelta(minutes=10)
INVITATION = """Bonjour,

Le site {of_place} est ouvert : {address}

Vous en êtes la première personne à l’administrer. Pour entrer, écrivez votre adresse e-mail sur cette page, puis le
code à six chiffres que vous recevrez :
{sign_in}

La première fois, une deuxième étape se prépare avec votre téléphone : la page vous guide. Vous pourrez ensuite
choisir vos couleurs, relire les pages de départ et inviter vos collègues.

L’équipe de Palier
"""


@transaction.atomic
def ask(opening: Opening, *, by: Account) -> Opening:
    """Ask for an opening, once: the same form sent twice, even at once, is the same opening.

    What it would refuse is told by its worker: it begins by its own checks, since the world changes meanwhile.
    """
    opening.asked_by = by
    try:
        with transaction.atomic():
            opening.save()
    except IntegrityError:
        return Opening.objects.get(uid=opening.uid)
    _queue(opening)
    return opening


def unfinished() -> QuerySet[Opening]:
    """The openings that wait for a worker, or whose administrator is not invited yet."""
    uninvited = Q(state=OpeningState.DONE, invited_at=None, town__isnull=False)
    return Opening.objects.filter(uninvited | Q(state=OpeningState.WAITING))


def is_stuck(opening: Opening) -> bool:
    """Whether an opening is not finished, and no worker will: its job was given up, or lost."""
    return unfinished().filter(pk=opening.pk).exists() and not _jobs(opening).exists()


@transaction.atomic
def ask_again(opening: Opening) -> bool:
    """Have a worker take a stuck opening again from where it was; False for one that is not stuck."""
    _locked(opening.pk)
    if not is_stuck(opening):
        return False
    _queue(opening)
    return True


def open_asked(number: int) -> None:
    """Open what was asked, then invite who administers. Twice is once, and killed anywhere it goes on from there.

    Needs the login that opens towns (tenants.walls.provisioning). What it refuses is kept, to be read on the page.
    """
    _open(number)
    _invite(number)


def _open(number: int) -> None:
    """The town, with all that is written about it, or nothing."""
    with walls.provisioning(), transaction.atomic():
        asked = _locked(number)
        if asked is None or asked.state != OpeningState.WAITING:
            return
        try:
            opened = open_town(asked.asked)
        except OpeningError as error:
            asked.state, asked.refusal = OpeningState.REFUSED, str(error)
        else:
            asked.state, asked.town = OpeningState.DONE, opened.town
            note(opened.town, ActKind.OPENED, by=asked.asked_by, words=f"À l’adresse {opened.domain}.")
        asked.ended_at = timezone.now()
        asked.save()


def _invite(number: int) -> None:
    """Write to who administers, once: as the platform, since the owner of tables puts nothing in the queue."""
    with platform_context():
        asked = _locked(number)
        if asked is None or asked.town is None or asked.invited_at:
            return
        domain = asked.town.domains.get(is_primary=True).domain
        name = of_place(asked.town.name)
        mail.send(
            channel="email",
            recipient=asked.admin_email,
            subject=f"Le site {name} est ouvert",
            body=INVITATION.format(of_place=name, address=url_at(domain), sign_in=url_at(domain, sign_in_path())),
            key="",
        )
        asked.invited_at = timezone.now()
        asked.save(update_fields=["invited_at"])


def _queue(opening: Opening) -> None:
    defer_with_rows(app.configure_task(TASK), opening=opening.pk)


def _jobs(opening: Opening) -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(task_name=TASK, args__opening=opening.pk, status__in=ALIVE_JOBS)


def _locked(number: int) -> Opening | None:
    found = Opening.objects.select_for_update(of=("self",)).select_related("asked_by", "town")
    return found.filter(pk=number).first()
