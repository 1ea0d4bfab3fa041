"""Sample content of the components page. Nobody here exists; the telephone is kept for fiction."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

from themes.brand import format_telephone

FICTION_TELEPHONE = "+33199001234"


class SampleForm(forms.Form):
    """One field of each sort, to see them side by side."""

    need = forms.ChoiceField(
        label="De quoi avez-vous besoin ?",
        choices=[("visit", "Une visite"), ("errand", "Une course"), ("paper", "Un papier à remplir")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    name = forms.CharField(
        label="Votre prénom",
        help_text="Celui que vos voisins connaissent.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Écrivez votre prénom."},
    )
    details = forms.CharField(label="Un mot de plus", required=False, widget=forms.Textarea(attrs={"rows": 4}))


def component_samples() -> dict[str, Any]:
    """Context of `themes/components.html`, the form aside."""
    return {
        "telephone": FICTION_TELEPHONE,
        "telephone_display": format_telephone(FICTION_TELEPHONE),
        "actions": [
            {"label": "Demander un coup de main", "url": "#etapes"},
            {"label": "Proposer mon aide", "url": "#aides"},
        ],
        "steps": [
            {
                "title": "Vous demandez",
                "text": "Sur ce site ou au téléphone. Une personne du CCAS peut tout noter pour vous.",
            },
            {
                "title": "Un voisin dit oui",
                "text": "Les bénévoles proches sont prévenus. Vous savez qui vient.",
            },
            {"title": "Vous vous retrouvez", "text": "Chez vous ou dehors, au moment choisi ensemble."},
        ],
        "kinds": [
            {
                "title": "Une visite",
                "text": "Un café, une partie de cartes, une conversation.",
                "icon": "visit",
                "url": "#aides",
            },
            {
                "title": "Une course",
                "text": "Du pain, la pharmacie, la poste.",
                "icon": "basket",
                "url": "#aides",
            },
            {
                "title": "Un trajet",
                "text": "Le médecin, le marché, un ami à voir.",
                "icon": "car",
                "url": "#aides",
            },
            {
                "title": "Un papier",
                "text": "Lire un courrier, remplir un dossier.",
                "icon": "paper",
                "url": "#aides",
            },
            {
                "title": "Le numérique",
                "text": "Un téléphone à régler, une photo à envoyer.",
                "icon": "tablet",
                "url": "#aides",
            },
            {
                "title": "Un petit dépannage",
                "text": "Une ampoule, une étagère, un volet.",
                "icon": "tools",
                "url": "#aides",
            },
        ],
        "figures": [
            {"value": "3", "label": "étapes pour demander"},
            {"value": "6", "label": "questions au plus"},
            {"value": "1", "label": "numéro de téléphone"},
        ],
        "news": [
            {
                "title": "Le café des voisins reprend",
                "url": "#nouvelles",
                "date": date(2026, 9, 14),
                "text": "Chaque mardi, de 14 h à 16 h, à la salle des fêtes.",
            },
            {
                "title": "Devenir bénévole : réunion d’accueil",
                "url": "#nouvelles",
                "date": date(2026, 9, 2),
                "text": "Une heure pour comprendre, sans engagement.",
            },
            {
                "title": "Fortes chaleurs : prenez des nouvelles",
                "url": "#nouvelles",
                "date": date(2026, 7, 3),
                "text": "Un appel suffit. Voici quoi dire et quoi regarder.",
            },
        ],
        "links": [
            {"label": "Service public", "url": "https://www.service-public.fr/", "text": "Vos droits, vos démarches."},
            {"label": "MONALISA", "url": "https://www.monalisa-asso.fr/", "text": "Contre l’isolement des aînés."},
        ],
        "questions": [
            {"question": "Combien cela coûte-t-il\u00a0?", "answer": "Rien. Les voisins aident gratuitement."},
            {
                "question": "Qui vient chez moi\u00a0?",
                "answer": "Un bénévole que la commune connaît.\n\nVous savez son prénom avant qu’il vienne.",
            },
        ],
        "pages": Paginator(range(30), 10).page(2),
        "html": mark_safe(
            "<h2>Un texte de la commune</h2><p>Les titres, les paragraphes et les <a href='#texte'>liens</a> "
            "gardent une largeur facile à lire.</p>"
            "<ul><li>Une idée par ligne.</li><li>Des mots simples.</li></ul>"
            "<blockquote><p>« Je passe jeudi, comme d’habitude. »</p></blockquote>"
        ),
    }
