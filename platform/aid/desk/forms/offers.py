"""What a volunteer offers, as an agent asks it of them on the telephone."""

from typing import Any

from aid.offers.forms import ANYWHERE, CHOSEN, NEAR, OfferForm

ASKED = {
    "kinds": "Quelles aides ?",
    "where": "Où peut-elle aller ?",
    "slots": "Quand est-elle libre, d’habitude ?",
    "means": "A-t-elle…",
    "languages": "Parle-t-elle une autre langue que le français ?",
    "limits": "Y a-t-il des choses à savoir ?",
}
TOLD = {
    "slots": "Ne cochez rien si cela change chaque semaine : nous lui demanderons à chaque fois.",
    "monthly_limit": "Laissez vide si elle n’a pas de limite.",
    "at_once_limit": "Laissez vide si elle n’a pas de limite.",
    "limits": "Par exemple : pas d’escaliers, pas de chiens, plutôt en bus. L’équipe seule le lit.",
}


class OfferOfThemForm(OfferForm):
    """The same questions as in « mon espace », about somebody else."""

    week_title = "Ses moments libres"
    places = {
        ANYWHERE: "Partout sur le territoire",
        NEAR: "Autour de sa commune, {centre}",
        CHOSEN: "Dans les communes de son choix",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = ASKED.get(name, field.label)
            field.help_text = TOLD.get(name, field.help_text)
