"""What the law has written on invoices: one table, each text with its article and the day it starts.

Sources: the design's `billing.md`, 1.1 to 1.6. A text that changes is another row: an invoice keeps those of its day.
"""

import datetime
from dataclasses import dataclass

from billing.enums import BuyerKind, VatRegime

STANDARD_RATE = 20  # percent; services of software (CGI, art. 278)
DAYS_TO_PAY = 30
CODE_OF_PUBLIC_ORDERS = datetime.date(2019, 4, 1)
REFORM = datetime.date(2026, 9, 1)


class NoTextError(LookupError):
    """No text was in force on that day."""


@dataclass(frozen=True)
class LegalText:
    """A mention, in the words of an invoice."""

    key: str
    starts_on: datetime.date
    article: str
    words: str


TEXTS = (
    LegalText(
        "category", REFORM, "CGI, ann. II, art. 242 nonies A", "Catégorie de l’opération : prestation de services."
    ),
    LegalText(
        "debits",
        datetime.date(2022, 10, 9),
        "CGI, ann. II, art. 242 nonies A (décret 2022-1299)",
        "Option pour le paiement de la taxe d’après les débits.",
    ),
    LegalText("franchise", datetime.date(1999, 1, 1), "CGI, art. 293 B", "TVA non applicable, art. 293 B du CGI."),
    LegalText("exempt", datetime.date(1979, 7, 1), "CGI, art. 261-7-1°", "Exonération de TVA, art. 261-7-1° du CGI."),
    LegalText(
        "public_terms",
        CODE_OF_PUBLIC_ORDERS,
        "CCP, art. R2192-10 et R2192-12",
        "Paiement à 30 jours à compter de la réception de la facture (art. R2192-10 du code de la commande publique).",
    ),
    LegalText(
        "public_late",
        CODE_OF_PUBLIC_ORDERS,
        "CCP, art. R2192-31",
        "En cas de retard : intérêts moratoires au taux de la Banque centrale européenne majoré de huit points "
        "(art. R2192-31 du code de la commande publique).",
    ),
    LegalText(
        "public_recovery",
        CODE_OF_PUBLIC_ORDERS,
        "CCP, art. D2192-35",
        "En cas de retard : indemnité forfaitaire de 40\u00a0€ pour frais de recouvrement (art. D2192-35 du code de "
        "la commande publique).",
    ),
    LegalText(
        "private_terms",
        datetime.date(2019, 4, 26),
        "Code de commerce, art. L441-10",
        "Paiement à 30 jours à compter de la réception de la facture (art. L441-10 du code de commerce).",
    ),
    LegalText(
        "private_late",
        datetime.date(2019, 4, 26),
        "Code de commerce, art. L441-10",
        "En cas de retard : pénalités au taux de la Banque centrale européenne majoré de dix points (art. L441-10 du "
        "code de commerce).",
    ),
    LegalText(
        "private_recovery",
        datetime.date(2019, 4, 26),
        "Code de commerce, art. D441-5",
        "En cas de retard : indemnité forfaitaire de 40\u00a0€ pour frais de recouvrement (art. D441-5 du code de "
        "commerce).",
    ),
    LegalText(
        "no_discount",
        datetime.date(2019, 4, 26),
        "Code de commerce, art. L441-9",
        "Pas d’escompte pour paiement anticipé.",
    ),
    # A credit note asks for nothing; yet its XML bears these four (EN 16931, BR-CO-25; XP Z12-012, BR-FR-05).
    LegalText(
        "credit_terms",
        CODE_OF_PUBLIC_ORDERS,
        "EN 16931, BR-CO-25",
        "Cet avoir se déduit de la facture qu’il cite ; si elle est déjà réglée, nous le remboursons.",
    ),
    LegalText(
        "credit_late", CODE_OF_PUBLIC_ORDERS, "XP Z12-012, BR-FR-05", "Un avoir ne porte aucun intérêt de retard."
    ),
    LegalText(
        "credit_recovery",
        CODE_OF_PUBLIC_ORDERS,
        "XP Z12-012, BR-FR-05",
        "Un avoir ne porte aucun frais de recouvrement.",
    ),
    LegalText("credit_discount", CODE_OF_PUBLIC_ORDERS, "XP Z12-012, BR-FR-05", "Un avoir ne porte aucun escompte."),
)


def text(key: str, on: datetime.date) -> LegalText:
    """The text in force on a day. Raises NoTextError."""
    in_force = [one for one in TEXTS if one.key == key and one.starts_on <= on]
    if not in_force:
        raise NoTextError(f"{key} on {on}")
    return max(in_force, key=lambda one: one.starts_on)


def mentions(
    on: datetime.date, *, buyer: BuyerKind, regime: VatRegime, on_debits: bool, is_credit: bool
) -> list[dict[str, str]]:
    """The mentions of a document of a day, in order: the key of each, and its words. A credit note asks for no payment.

    « D'après les débits » only where it was opted for: a wrong optional mention is itself fined.
    """
    keys = ["category"] if on >= REFORM else []
    if regime != VatRegime.TAXED:
        keys.append(VatRegime(regime).value)
    elif on_debits:
        keys.append("debits")
    if is_credit:
        keys += ["credit_terms", "credit_late", "credit_recovery", "credit_discount"]
    else:
        side = "public" if buyer == BuyerKind.PUBLIC else "private"
        keys += [f"{side}_terms", f"{side}_late", f"{side}_recovery", "no_discount"]
    return [{"key": key, "words": text(key, on).words} for key in keys]
