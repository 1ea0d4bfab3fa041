"""What people of finance are written: plain, warm, and never a word of anybody else. Subjects hold a number alone."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from billing.enums import ReminderKind
from billing.models import Invoice, Transmission
from billing.money import euros
from core.french import day_words

_KEEPS_ON = "Rien ne change pour les habitants ni pour les bénévoles : le service continue."
_ON_ITS_WAY = "Si votre paiement est déjà en route, ne tenez pas compte de ce message."


@dataclass(frozen=True)
class Letter:
    """An e-mail, without its greeting."""

    subject: str
    body: str


def enclosed(invoice: Invoice, *, due_on: datetime.date) -> Letter:
    """An invoice, or a credit note, that goes by e-mail."""
    if invoice.source is not None:
        then = (
            f"Il se déduit de la facture {invoice.source.number} ; si vous l’avez déjà payée, nous vous le remboursons."
        )
    else:
        then = f"Elle est à payer au plus tard le {day_words(due_on)}, par virement ; pensez à rappeler son numéro."
    return _letter(
        invoice, f"{_named(invoice, 'Voici')}, d’un montant de {euros(invoice.payable)}, en pièce jointe.", then
    )


def on_chorus(invoice: Invoice, deposit: Transmission) -> Letter:
    """An invoice, or a credit note, that waits on Chorus Pro."""
    return _letter(
        invoice,
        f"{_named(invoice)}, d’un montant de {euros(invoice.payable)}, vous attend sur Chorus Pro depuis le "
        f"{day_words(deposit.sent_on)}, sous le numéro de flux {deposit.flow_number}.",
        "Vous n’avez rien à nous renvoyer : votre circuit habituel suffit.",
    )


def reminder(
    invoice: Invoice, kind: ReminderKind, *, left: Decimal, runs_from: datetime.date, due_on: datetime.date
) -> Letter:
    """What is asked of an invoice that is not ordered, or not paid."""
    if kind == ReminderKind.NOT_ORDERED:
        return _letter(
            invoice,
            f"{_named(invoice)}, d’un montant de {euros(invoice.payable)}, vous est parvenue le "
            f"{day_words(runs_from)}. Sauf erreur de notre part, elle n’est pas encore mandatée ; son délai de "
            f"paiement se termine le {day_words(due_on)}.",
            "Pourriez-vous regarder où elle en est, et nous dire s’il vous manque quelque chose ?",
            _ON_ITS_WAY,
        )
    asks = {
        ReminderKind.LATE_15: "Pourriez-vous nous dire quand vous pensez la payer ?",
        ReminderKind.LATE_45: "Quelque chose vous en empêche-t-il ? Dites-le-nous : nous chercherons ensemble.",
        ReminderKind.LATE_90: "Une personne de notre équipe vous appellera ; vous pouvez aussi nous appeler quand vous "
        "voulez.",
    }
    return _letter(
        invoice,
        f"{_named(invoice)} était à payer au plus tard le {day_words(due_on)}. Il reste {euros(left)} que nous n’avons "
        "pas reçus.",
        asks[kind],
        _KEEPS_ON,
        _ON_ITS_WAY,
    )


def _named(invoice: Invoice, begins: str = "") -> str:
    noun = f"{begins} {_noun(invoice)}".strip()
    return f"{noun[0].upper()}{noun[1:]} {invoice.number} du {day_words(invoice.issued_on)}"


def _noun(invoice: Invoice) -> str:
    return "l’avoir" if invoice.is_credit_note else "la facture"


def _letter(invoice: Invoice, *paragraphs: str) -> Letter:
    seller = invoice.payload["seller"]
    signed = f"{seller['name']}\n{seller['email']}, {seller['telephone']}"
    subject = f"{'Avoir' if invoice.is_credit_note else 'Facture'} {invoice.number}"
    return Letter(subject, "\n\n".join([*paragraphs, "Bien à vous,", signed]))
