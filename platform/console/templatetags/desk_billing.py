"""What the templates of the billing desk need beside those of the console."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aid.desk.views.frame import query_without_page
from billing.count_states import state_of
from billing.enums import BalanceState, ContractState, CountState, QuoteState, Standing
from billing.models import CountSnapshot, Quote
from billing.money import euros
from billing.paying import Balance
from billing.quoting import is_over
from console.templatetags.console import state_tag
from core.company_numbers import format_siret
from core.french import day_words, decimals, grouped

register = template.Library()
register.simple_tag(query_without_page, name="query_of")
_HELD = "\u00a0"
# Its menu: a label, the name of its address, where it is current.
PARTS = (
    ("À faire", "billing", ""),
    ("Factures", "invoices", "facture"),
    ("Devis", "quotes", "devis"),
    ("Contrats", "contracts", "contrat"),
    ("Acheteurs", "buyers", "acheteur"),
    ("Paiements", "payments", "paiement"),
    ("Comptages", "counts", "comptage"),
    ("Passage de l’année", "year", "passage"),
    ("Recettes", "revenue", "recettes"),
    ("Vendeurs", "sellers", "vendeur"),
    ("Taux", "rates", "taux"),
)


@dataclass(frozen=True)
class Part:
    """A line of the desk's menu."""

    label: str
    url: str
    is_current: bool


@register.simple_tag
def desk_menu(request: HttpRequest) -> list[Part]:
    """The parts of the desk; a line is current on all the pages of its part."""
    root = reverse("console:billing")
    here = request.path.removeprefix(root)
    return [
        Part(label, reverse(f"console:{name}"), here.startswith(start) if start else not here)
        for label, name, start in PARTS
    ]


@register.filter
def siret(number: str) -> str:
    """« 732 829 320 00074 »."""
    return format_siret(number)


@register.filter
def iban(number: str) -> str:
    """By fours, on one line."""
    return _HELD.join(number[start : start + 4] for start in range(0, len(number), 4))


@register.filter
def contract_state_tag(state: str) -> SafeString:
    """The state of a contract in its colour."""
    return state_tag(ContractState(state))


@register.filter
def money(amount: Decimal | str | None) -> str:
    """An amount, of a row or as a payload writes it; a dash where it is not known."""
    return "–" if amount is None or amount == "" else euros(Decimal(amount))


@register.filter
def iso_day(written: str) -> str:
    """A day of a payload, as French says it."""
    return day_words(date.fromisoformat(written)) if written else ""


@register.filter
def eve_of(written: str | date) -> str:
    """The last day of a period whose end is not in it."""
    end = date.fromisoformat(written) if isinstance(written, str) else written
    return day_words(date.fromordinal(end.toordinal() - 1))


@register.filter
def tag(label: str, colour: str = "neutral") -> SafeString:
    """A word in a colour, that the word says too."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', colour, label)


# How the state of a count is coloured.
COUNT_COLOURS = {
    CountState.PROPOSED: "info",
    CountState.SHOWN: "neutral",
    CountState.CONTESTED: "danger",
    CountState.READY: "info",
    CountState.APPROVED: "success",
    CountState.REPLACED: "neutral",
}


@register.filter
def count_tag(count: CountSnapshot) -> SafeString:
    """Where a count is, in its colour; and whether anybody counted it."""
    state = state_of(count, now=timezone.now())
    shown = tag(state.label, COUNT_COLOURS[state])
    return format_html("{} {}", shown, tag("chiffres d’exemple", "warning")) if count.is_example else shown


register.filter("decimals", decimals)
STANDING_COLOURS = {
    Standing.NOT_SENT: "info",
    Standing.APPROVED: "success",
    Standing.ORDERED: "success",
    Standing.HELD: "warning",
    Standing.DISPUTED: "danger",
    Standing.REJECTED: "danger",
}
BALANCE_COLOURS = {
    BalanceState.PART: "info",
    BalanceState.LATE: "danger",
    BalanceState.PAID: "success",
    BalanceState.OVERPAID: "warning",
}
QUOTE_COLOURS = {QuoteState.SENT: "info", QuoteState.ACCEPTED: "success"}


@register.filter
def standing_tag(standing: Standing) -> SafeString:
    """Where an invoice is on its way."""
    return tag(standing.label, STANDING_COLOURS.get(standing, "neutral"))


@register.filter
def balance_tag(balance: Balance) -> SafeString:
    """What is left of an invoice, in a word."""
    return tag(balance.state.label, BALANCE_COLOURS.get(balance.state, "neutral"))


@register.filter
def quote_tag(quote: Quote) -> SafeString:
    """The state of a quote; one that nobody answered in time says so."""
    if is_over(quote, timezone.localdate()):
        return tag("expiré", "warning")
    state = QuoteState(quote.state)
    return tag(state.label, QUOTE_COLOURS.get(state, "neutral"))


@register.filter
def whole_euros(amount: Decimal) -> str:
    """« 1 000 € », for a scale: what it stands for is of whole euros."""
    return f"{grouped(int(amount))}\u00a0€"
