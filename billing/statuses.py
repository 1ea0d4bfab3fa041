"""What channels say of an invoice, in their own codes: what it means in French, and where that leaves the invoice.

A code that is not here is kept and shown as it came. None of them means paid: only money on the bank's statement does.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from billing.enums import Standing
from billing.law import DAYS_TO_PAY

CHORUS = "Chorus Pro, historique d’une facture (billing.md, 1.4)"
FLOW = "Chorus Pro, compte rendu d’un dépôt (billing.md, 1.4)"
LIFE_CYCLE = "XP Z12-012, cycle de vie d’une facture (billing.md, 1.4)"

# An invoice that goes on never goes back: Hélios writes some of its own, in any order (billing.md, 1.4).
ONWARD = (Standing.DEPOSITED, Standing.AVAILABLE, Standing.APPROVED, Standing.ORDERED)
# Nobody is reminded of it, and it is not late.
STOPPED = frozenset({Standing.HELD, Standing.DISPUTED, Standing.REJECTED})


@dataclass(frozen=True)
class Status:
    """A code of a channel's; without a standing where it changes nothing."""

    code: str
    words: str
    standing: Standing | None
    source: str


STATUSES = (
    Status("IN_INTEGRE", "flux accepté", Standing.DEPOSITED, FLOW),
    Status("IN_INTEGRE_PARTIEL", "flux accepté en partie : voyez le compte rendu", None, FLOW),
    Status("IN_REJETE", "flux rejeté", Standing.REJECTED, FLOW),
    Status("DEPOSEE", "déposée", Standing.DEPOSITED, CHORUS),
    Status("EN_COURS_ACHEMINEMENT", "en route vers l’acheteur", Standing.DEPOSITED, CHORUS),
    Status("MISE_A_DISPOSITION", "mise à disposition de l’acheteur", Standing.AVAILABLE, CHORUS),
    Status("A_RECYCLER", "renvoyée : ce n’est pas le bon service", Standing.REJECTED, CHORUS),
    Status("SUSPENDUE", "suspendue : l’acheteur attend une pièce ou une précision", Standing.HELD, CHORUS),
    Status("COMPLETEE", "complétée après une suspension", Standing.AVAILABLE, CHORUS),
    Status("REJETEE", "rejetée par l’acheteur", Standing.REJECTED, CHORUS),
    Status("SERVICE_FAIT", "service fait constaté", Standing.APPROVED, CHORUS),
    Status("MANDATEE", "mandatée : l’acheteur a demandé son paiement", Standing.ORDERED, CHORUS),
    Status("MISE_A_DISPOSITION_COMPTABLE", "mise à disposition du comptable public", Standing.ORDERED, CHORUS),
    Status("COMPTABILISEE", "inscrite dans les comptes", Standing.ORDERED, CHORUS),
    Status("MISE_EN_PAIEMENT", "mise en paiement : le virement est demandé", Standing.ORDERED, CHORUS),
    Status("200", "déposée", Standing.DEPOSITED, LIFE_CYCLE),
    Status("201", "émise", Standing.DEPOSITED, LIFE_CYCLE),
    Status("202", "reçue par la plateforme de l’acheteur", Standing.DEPOSITED, LIFE_CYCLE),
    Status("203", "mise à disposition de l’acheteur", Standing.AVAILABLE, LIFE_CYCLE),
    Status("204", "prise en charge", Standing.AVAILABLE, LIFE_CYCLE),
    Status("205", "approuvée", Standing.APPROVED, LIFE_CYCLE),
    Status("206", "approuvée en partie", Standing.DISPUTED, LIFE_CYCLE),
    Status("207", "en litige", Standing.DISPUTED, LIFE_CYCLE),
    Status("208", "suspendue : l’acheteur attend une pièce ou une précision", Standing.HELD, LIFE_CYCLE),
    Status("209", "complétée après une suspension", Standing.AVAILABLE, LIFE_CYCLE),
    Status("210", "refusée par l’acheteur", Standing.REJECTED, LIFE_CYCLE),
    Status("211", "paiement transmis", Standing.ORDERED, LIFE_CYCLE),
    Status("212", "encaissement déclaré", Standing.ORDERED, LIFE_CYCLE),
    Status("213", "rejetée par une plateforme", Standing.REJECTED, LIFE_CYCLE),
    Status("221", "mal adressée : aucune plateforme ne l’a reçue", Standing.REJECTED, LIFE_CYCLE),
    Status("501", "irrecevable", Standing.REJECTED, LIFE_CYCLE),
)
KNOWN = {one.code: one for one in STATUSES}


@dataclass(frozen=True)
class Progress:
    """Where an invoice stands; since when its time to pay runs, and the last day of it, while nothing stops it."""

    standing: Standing
    sent_on: datetime.date | None = None
    runs_from: datetime.date | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether its buyer refuses it, or waits for something of ours."""
        return self.standing in STOPPED

    @property
    def due_on(self) -> datetime.date | None:
        """The last day to pay it: none while it is stopped, nor before it is sent."""
        if self.runs_from is None or self.is_stopped:
            return None
        return self.runs_from + datetime.timedelta(days=DAYS_TO_PAY)


def words_of(code: str) -> str:
    """What a code means in French; the code itself, as it came, where nobody knows."""
    return KNOWN[code].words if code in KNOWN else code


def progress(sent_on: datetime.date, said: Iterable[tuple[datetime.date, str]]) -> Progress:
    """Where a deposit stands after what was said of it, day and code, in order.

    Its time to pay runs from the day the buyer could read it (CCP, R2192-15), the deposit's until that is known; and
    anew, 30 days, once what stopped it is over (CCP, R2192-29).
    """
    standing, runs_from = Standing.DEPOSITED, sent_on
    for day, code in said:
        reached = KNOWN[code].standing if code in KNOWN else None
        if reached is None:
            continue
        goes_on = reached in ONWARD
        if goes_on and (standing in STOPPED or standing == Standing.DEPOSITED != reached):
            runs_from = day
        if goes_on and standing in ONWARD:
            reached = max(standing, reached, key=ONWARD.index)
        standing = reached
    return Progress(standing, sent_on, runs_from)
