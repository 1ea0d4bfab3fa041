"""What contracts and documents may be, and what may become of a contract."""

from dataclasses import dataclass

from django.db import models


class FloorScope(models.TextChoices):
    """Who owes the yearly minimum."""

    CONTRACT = "contract", "le contrat, une fois"
    COMMUNE = "commune", "chaque commune"


class YearStart(models.TextChoices):
    """When the years of a contract begin."""

    CALENDAR = "calendar", "le 1er janvier"
    ANNIVERSARY = "anniversary", "le jour anniversaire du contrat"


class LineKind(models.TextChoices):
    """What a line of a document is for; the label is what it says."""

    SENIORS = "seniors", "seniors comptés"
    FLOOR = "floor", "complément au minimum annuel"
    CREDIT = "credit", "avoir"
    ADJUSTMENT = "adjusted", "régularisation"


class Series(models.TextChoices):
    """The continuous series of numbers of a seller; the value begins each number."""

    INVOICE = "FA", "factures"
    CREDIT_NOTE = "AV", "avoirs"
    QUOTE = "DE", "devis"


class BuyerRequirement(models.TextChoices):
    """What a public buyer asks to read on an invoice, as its record in Chorus Pro says (BR-FR-CPRO-11 to 13)."""

    NONE = "none", "rien de plus"
    SERVICE = "service", "un code service"
    ENGAGEMENT = "engagement", "un numéro d’engagement"
    SERVICE_OR_ENGAGEMENT = "service_or_engagement", "un code service ou un numéro d’engagement"
    SERVICE_AND_ENGAGEMENT = "service_and_engagement", "un code service et un numéro d’engagement"


# Whoever asks for one or the other is in neither.
ASKS_FOR_SERVICE = (BuyerRequirement.SERVICE, BuyerRequirement.SERVICE_AND_ENGAGEMENT)
ASKS_FOR_ENGAGEMENT = (BuyerRequirement.ENGAGEMENT, BuyerRequirement.SERVICE_AND_ENGAGEMENT)


class BuyerKind(models.TextChoices):
    """Who pays: the law of payments and the way of sending differ."""

    PUBLIC = "public", "organisme public, payé par mandat"
    ASSOCIATION = "association", "association"


class CountBasis(models.TextChoices):
    """Who is counted."""

    CENSUS = "census", "habitants recensés par l’INSEE"
    REGISTERED = "registered", "personnes inscrites dans l’outil"
    AGREED = "agreed", "nombre convenu par écrit"


class CountedOn(models.TextChoices):
    """The day at which seniors are counted for a year of the contract."""

    FIRST_DAY = "first_day", "le premier jour de la période"
    QUARTER_BEFORE = "quarter_before", "trois mois avant la période"


class PriceBasis(models.TextChoices):
    """What the price agreed is."""

    NET = "net", "hors taxes"
    GROSS = "gross", "toutes taxes comprises"


class Adjusting(models.TextChoices):
    """When a change of what is owed is billed or credited."""

    IN_YEAR = "in_year", "dès qu’elle est connue"
    AT_RENEWAL = "at_renewal", "à la période suivante"


class ContractState(models.TextChoices):
    """What a contract is in. No state of a contract changes anything for seniors: a town's own state is another."""

    SIGNED = "signed", "signé"
    ACTIVE = "active", "en cours"
    LATE = "late", "paiement en retard"
    REVIEW = "review", "examiné par l’équipe"
    ENDING = "ending", "fin annoncée"
    ENDED = "ended", "terminé"


class ContractStepKind(models.TextChoices):
    """What happened to a contract."""

    SIGNED = "signed", "signature"
    PRICE = "price", "prix"
    COMMUNE = "commune", "commune"
    STATE = "state", "état"


class TownActKind(models.TextChoices):
    """What a town says of its own books, from its back-office."""

    CONTEST = "contest", "conteste un comptage"
    ENGAGEMENT = "engagement", "donne un numéro d’engagement"


class ReviewStep(models.TextChoices):
    """What became of a count, one row a step."""

    SHOWN = "shown", "montré à la collectivité"
    ANSWERED = "answered", "contestation répondue"
    APPROVED = "approved", "approuvé"


class CountState(models.TextChoices):
    """Where a count is, computed from its reviews and from the town's acts (billing.count_states)."""

    PROPOSED = "proposed", "à montrer"
    SHOWN = "shown", "montré à la collectivité"
    CONTESTED = "contested", "contesté"
    READY = "ready", "à approuver"
    APPROVED = "approved", "approuvé"
    REPLACED = "replaced", "corrigé depuis"


@dataclass(frozen=True)
class ContractChange:
    """How a contract may pass to a state; `by_clock`: a job may do it, and nothing else does without a person."""

    name: str
    sources: tuple[ContractState, ...]
    target: ContractState
    by_clock: bool = False


BEGIN = ContractChange("begin", (ContractState.SIGNED,), ContractState.ACTIVE, by_clock=True)
FALL_LATE = ContractChange("fall_late", (ContractState.ACTIVE,), ContractState.LATE, by_clock=True)
CATCH_UP = ContractChange("catch_up", (ContractState.LATE,), ContractState.ACTIVE, by_clock=True)
EXAMINE = ContractChange("examine", (ContractState.LATE,), ContractState.REVIEW)
RESUME = ContractChange("resume", (ContractState.REVIEW, ContractState.ENDING), ContractState.ACTIVE)
# By two operators, a reason, a day 90 days ahead, somebody at the town: CE, 8 October 2014, Grenke, 370644.
ANNOUNCE_END = ContractChange("announce_end", (ContractState.ACTIVE, ContractState.REVIEW), ContractState.ENDING)
END = ContractChange("end", (ContractState.ENDING,), ContractState.ENDED)
CONTRACT_CHANGES = (BEGIN, FALL_LATE, CATCH_UP, EXAMINE, RESUME, ANNOUNCE_END, END)


class VatRegime(models.TextChoices):
    """What a seller's VAT is, from a day on."""

    TAXED = "taxed", "assujetti à la TVA"
    FRANCHISE = "franchise", "franchise en base de TVA"
    EXEMPT = "exempt", "exonéré de TVA"


class DraftKind(models.TextChoices):
    """What will be issued."""

    YEARLY = "yearly", "facture de la période"
    ADJUSTMENT = "adjustment", "régularisation"
    CREDIT = "credit", "avoir"


class CreditReason(models.TextChoices):
    """Why an invoice is credited: an issued one is never changed nor taken back."""

    LEFT = "left", "une commune a quitté le contrat"
    COUNT = "count", "le comptage a été corrigé"
    PRICE = "price", "le prix a changé"
    ENDED = "ended", "fin du contrat"
    REJECTED = "rejected", "facture rejetée par l’acheteur"
    MISTAKE = "mistake", "erreur de notre part"


# Somebody decides of these credits; the others follow from what is owed, and are prepared again with it.
DECIDED_CREDITS = (CreditReason.REJECTED, CreditReason.MISTAKE)
FOLLOWING_CREDITS = (CreditReason.LEFT, CreditReason.COUNT, CreditReason.PRICE, CreditReason.ENDED)


class DocumentKind(models.TextChoices):
    """The two forms of a document that are stored: what machines read, and what people do, which embeds it."""

    XML = "xml", "données (XML)"
    PDF = "pdf", "document (PDF)"


class QuoteState(models.TextChoices):
    """What a quote is in. That its validity is over is read from its date, never written."""

    PREPARED = "prepared", "en préparation"
    SENT = "sent", "envoyé"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"


@dataclass(frozen=True)
class QuoteChange:
    """How a quote may pass to a state: always by a person."""

    name: str
    sources: tuple[QuoteState, ...]
    target: QuoteState


SEND = QuoteChange("send", (QuoteState.PREPARED,), QuoteState.SENT)
ACCEPT = QuoteChange("accept", (QuoteState.SENT,), QuoteState.ACCEPTED)
DECLINE = QuoteChange("decline", (QuoteState.SENT,), QuoteState.REFUSED)
QUOTE_CHANGES = (SEND, ACCEPT, DECLINE)


class AcceptanceProof(models.TextChoices):
    """By what a quote is accepted."""

    SIGNED = "signed", "devis signé"
    ORDER = "order", "bon de commande"


class Channel(models.TextChoices):
    """How an invoice reaches its buyer. Others will write the same rows (billing.md, 1.4)."""

    MANUAL = "manual", "déposée à la main sur Chorus Pro"
    EMAIL = "email", "envoyée par e-mail"


class Standing(models.TextChoices):
    """Where an invoice stands on its way, computed from its transmissions. None of these means that it is paid."""

    NOT_SENT = "not_sent", "pas encore envoyée"
    SENT = "sent", "envoyée par e-mail"
    DEPOSITED = "deposited", "déposée, pas encore mise à disposition"
    AVAILABLE = "available", "mise à disposition de l’acheteur"
    APPROVED = "approved", "service fait"
    ORDERED = "ordered", "mandatée"
    HELD = "held", "suspendue par l’acheteur"
    DISPUTED = "disputed", "en litige"
    REJECTED = "rejected", "rejetée"


class BalanceState(models.TextChoices):
    """What is left of an invoice, computed from its credit notes and allocations."""

    DUE = "due", "à payer"
    PART = "part", "payée en partie"
    LATE = "late", "en retard"
    PAID = "paid", "payée"
    CREDITED = "credited", "annulée par avoir"
    OVERPAID = "overpaid", "trop payée"


class ReminderKind(models.TextChoices):
    """What somebody of finance is told, once each: of an invoice that is not ordered, or not paid (billing.md, 4.9)."""

    NOT_ORDERED = "not_ordered", "pas encore mandatée, 25 jours après l’envoi"
    LATE_15 = "late_15", "15 jours de retard"
    LATE_45 = "late_45", "45 jours de retard"
    LATE_90 = "late_90", "90 jours de retard"


class PaymentSource(models.TextChoices):
    """How a payment is known."""

    TYPED = "typed", "saisi d’après le relevé de banque"


class RunOutcome(models.TextChoices):
    """What a yearly run made of a contract's year."""

    ISSUED = "issued", "facture émise"
    REFUSED = "refused", "à reprendre"
