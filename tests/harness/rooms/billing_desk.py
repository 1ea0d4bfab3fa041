"""The addresses of the billing desk: who sees them, and every page that they show."""

from collections.abc import Callable
from typing import Any

from billing.models import Seller
from harness import books
from harness.databases import FIRST_TOWN
from harness.permissions import Line, for_billers
from harness.seen import NOT_A_PAGE, Seen, both, each
from harness.towns import entry_of

ROOT = "/console/facturation"
_told: dict[str, object] = {}
PARTS = (
    "en-retard", "a-preparer", "a-emettre", "a-envoyer", "bloquees", "en-attente", "a-affecter", "comptages",
    "a-compter", "engagements", "contacts", "devis", "fins",
)  # fmt: skip


def told() -> dict[str, object]:
    """The numbers of the rows of this test's books, which are written once."""
    if not Seller.objects.filter(pk=_told.get("seller", 0)).exists():
        _told.clear()
        _told.update(books.play(entry_of(FIRST_TOWN)))
    return _told


def of(name: str, **more: Any) -> Callable[[], dict[str, Any]]:
    """The arguments of an address of one of these rows."""
    return lambda: {"pk": told()[name]} | more


PLATFORM_ADDRESSES: dict[str, Line] = {
    "console:billing": for_billers(),
    "console:to_do": for_billers(kwargs={"slug": "en-retard"}),
    "console:sellers": for_billers(),
    "console:new_seller": for_billers(),
    "console:seller": for_billers(kwargs=of("seller")),
    "console:edit_seller": for_billers(kwargs=of("seller")),
    "console:buyers": for_billers(),
    "console:new_buyer": for_billers(),
    "console:buyer": for_billers(kwargs=of("buyer")),
    "console:edit_buyer": for_billers(kwargs=of("buyer")),
    "console:give_back": for_billers(kwargs=of("buyer")),
    "console:contracts": for_billers(),
    "console:new_contract": for_billers(),
    "console:contract": for_billers(kwargs=of("contract")),
    "console:change_price": for_billers(kwargs=of("contract")),
    "console:join_contract": for_billers(kwargs=of("contract")),
    "console:leave_contract": for_billers(kwargs=of("contract")),
    "console:change_contract": for_billers(kwargs=of("late", change="examine")),
    "console:end_contract": for_billers(kwargs=of("active")),
    "console:engagement": for_billers(kwargs=of("contract")),
    "console:new_count": for_billers(kwargs=of("contract")),
    "console:prepare": for_billers(kwargs=of("contract")),
    "console:counts": for_billers(),
    "console:count": for_billers(kwargs=of("count")),
    "console:invoices": for_billers(),
    "console:invoice": for_billers(kwargs=of("invoice")),
    "console:invoice_file": for_billers(kwargs=of("invoice", kind="pdf")),
    "console:credit": for_billers(kwargs=of("invoice")),
    "console:deposit": for_billers(kwargs=of("invoice")),
    "console:write_to_buyer": for_billers(kwargs=of("invoice")),
    "console:draft": for_billers(kwargs=of("draft")),
    "console:issue": for_billers(kwargs=of("draft")),
    "console:note_status": for_billers(kwargs=of("sent")),
    "console:quotes": for_billers(),
    "console:new_quote": for_billers(),
    "console:quote": for_billers(kwargs=of("offered")),
    "console:edit_quote": for_billers(kwargs=of("prepared")),
    "console:send_quote": for_billers(kwargs=of("prepared")),
    "console:accept_quote": for_billers(kwargs=of("offered")),
    "console:decline_quote": for_billers(kwargs=of("offered")),
    "console:quote_file": for_billers(kwargs=of("offered", kind="pdf")),
    "console:payments": for_billers(),
    "console:new_payment": for_billers(),
    "console:payment": for_billers(kwargs=of("payment")),
    "console:undo_payment": for_billers(kwargs=of("payment")),
    "console:rates": for_billers(),
    "console:year": for_billers(),
    "console:run": for_billers(kwargs={"year": 2026}),
    "console:revenue": for_billers(),
}

PLATFORM_PAGES: dict[str, list[Seen]] = {
    "console:billing": [Seen(f"{ROOT}/", "billing"), Seen(f"{ROOT}/", "operator", status=404)],
    "console:to_do": each(f"{ROOT}/a-faire/*/", PARTS, "billing"),
    "console:sellers": [Seen(f"{ROOT}/vendeurs/", "billing")],
    "console:new_seller": both(f"{ROOT}/vendeur/nouveau/", "billing", "Enregistrer"),
    "console:seller": both(f"{ROOT}/vendeur/{{seller}}/", "billing", "Noter ce régime"),
    "console:edit_seller": both(f"{ROOT}/vendeur/{{seller}}/modifier/", "billing", "Enregistrer", SIRET="12"),
    "console:buyers": [Seen(f"{ROOT}/acheteurs/", "billing"), Seen(f"{ROOT}/acheteurs/?q=rien", "billing")],
    "console:new_buyer": both(f"{ROOT}/acheteur/nouveau/", "billing", "Enregistrer"),
    "console:buyer": both(f"{ROOT}/acheteur/{{buyer}}/", "billing", "Ajouter ce contact"),
    "console:edit_buyer": both(f"{ROOT}/acheteur/{{buyer}}/modifier/", "billing", "Enregistrer", Ville=""),
    "console:give_back": both(f"{ROOT}/acheteur/{{buyer}}/rembourser/", "billing", "Noter ce remboursement"),
    "console:contracts": [Seen(f"{ROOT}/contrats/", "billing"), Seen(f"{ROOT}/contrats/?q=rien", "billing")],
    "console:new_contract": both(f"{ROOT}/contrat/nouveau/", "billing", "Enregistrer ce contrat"),
    "console:contract": each(f"{ROOT}/contrat/{{*}}/", ("contract", "active", "late"), "billing"),
    "console:change_price": both(f"{ROOT}/contrat/{{contract}}/prix/", "billing", "Changer le prix"),
    "console:join_contract": both(f"{ROOT}/contrat/{{contract}}/rejoindre/", "billing", "Ajouter au contrat"),
    "console:leave_contract": both(f"{ROOT}/contrat/{{contract}}/quitter/", "billing", "Noter son départ"),
    "console:change_contract": both(
        f"{ROOT}/contrat/{{late}}/etat/examine/", "billing", "Le faire examiner par l’équipe"
    ),
    "console:end_contract": [Seen(f"{ROOT}/contrat/{{active}}/fin/", "billing")],
    "console:engagement": both(f"{ROOT}/contrat/{{contract}}/engagement/", "billing", "Noter ce numéro"),
    "console:new_count": both(f"{ROOT}/contrat/{{contract}}/compter/", "billing", "Compter", **{"Compté au": ""}),
    "console:prepare": both(f"{ROOT}/contrat/{{contract}}/preparer/", "billing", "Préparer"),
    "console:counts": [Seen(f"{ROOT}/comptages/", "billing"), Seen(f"{ROOT}/comptages/?annee=2026", "billing")],
    "console:count": [Seen(f"{ROOT}/comptage/{{count}}/", "billing")],
    "console:invoices": [
        Seen(f"{ROOT}/factures/", "billing"),
        Seen(f"{ROOT}/factures/?q=rien", "billing"),
        Seen(f"{ROOT}/factures/?etat=late", "billing"),
    ],
    "console:invoice": each(f"{ROOT}/facture/{{*}}/", ("invoice", "unsent"), "billing"),
    "console:invoice_file": NOT_A_PAGE,  # a file
    "console:credit": both(f"{ROOT}/facture/{{invoice}}/avoir/", "billing", "Préparer l’avoir"),
    "console:deposit": both(f"{ROOT}/facture/{{invoice}}/depot/", "billing", "Noter ce dépôt"),
    "console:write_to_buyer": both(f"{ROOT}/facture/{{unsent}}/ecrire/", "billing", "Envoyer l’e-mail"),
    "console:draft": each(f"{ROOT}/facture/brouillon/{{*}}/", ("draft", "credit_draft"), "billing"),
    "console:issue": [Seen(f"{ROOT}/facture/brouillon/{{draft}}/emettre/", "billing")],
    "console:note_status": both(f"{ROOT}/facture/envoi/{{sent}}/statut/", "billing", "Noter ce statut"),
    "console:quotes": [Seen(f"{ROOT}/devis/", "billing"), Seen(f"{ROOT}/devis/?q=rien", "billing")],
    "console:new_quote": both(f"{ROOT}/devis/nouveau/", "billing", "Préparer ce devis"),
    "console:quote": each(f"{ROOT}/devis/{{*}}/", ("prepared", "offered"), "billing"),
    "console:edit_quote": [Seen(f"{ROOT}/devis/{{prepared}}/modifier/", "billing")],
    "console:send_quote": [Seen(f"{ROOT}/devis/{{prepared}}/envoyer/", "billing")],
    "console:accept_quote": both(
        f"{ROOT}/devis/{{offered}}/accepter/", "billing", "Noter l’acceptation et signer le contrat"
    ),
    "console:decline_quote": both(f"{ROOT}/devis/{{offered}}/refuser/", "billing", "Noter ce refus"),
    "console:quote_file": NOT_A_PAGE,  # a file
    "console:payments": [
        Seen(f"{ROOT}/paiements/", "billing"),
        Seen(f"{ROOT}/paiements/?montrer=a-affecter", "billing"),
    ],
    "console:new_payment": both(f"{ROOT}/paiement/nouveau/", "billing", "Noter ce paiement"),
    "console:payment": both(f"{ROOT}/paiement/{{payment}}/", "billing", "Affecter"),
    "console:undo_payment": both(f"{ROOT}/paiement/{{payment}}/annuler/", "billing", "Annuler ce paiement"),
    "console:rates": both(f"{ROOT}/taux/", "billing", "Noter ce taux"),
    "console:year": [Seen(f"{ROOT}/passage/", "billing"), Seen(f"{ROOT}/passage/?annee=2026", "billing")],
    "console:run": [Seen(f"{ROOT}/passage/2026/", "billing")],
    "console:revenue": [Seen(f"{ROOT}/recettes/", "billing")],
}
