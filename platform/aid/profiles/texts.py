"""What is said of presentations."""

from collections.abc import Sequence

from core.french import listed

AGREEMENT = (
    "Mon prénom et l’initiale de mon nom, mon quartier ou ma commune, les aides que je propose, ce que j’aime et mes "
    "quelques mots sont montrés sur le site. Si je suis bénévole, tout le monde peut les lire. Sinon, seules les "
    "personnes connectées les lisent. Jamais mon adresse, ni mon numéro sans un autre accord. Je peux tout retirer "
    "quand je veux."
)
WITHDRAWN = "Si vous le retirez, votre présentation quitte le site tout de suite, et nous n’en gardons rien."
WITHDRAWN_AT_THE_DESK = "Sa présentation quitte le site tout de suite, et rien n’en est gardé."

# What a volunteer agrees to who may be reached directly.
SHOW_PHONE = (
    "Mon numéro de téléphone est montré, sur ma page, aux personnes connectées dont le numéro est confirmé. Qui le lit "
    "est noté. Jamais aux autres. Je peux le retirer quand je veux."
)
SHOW_EMAIL = (
    "Mon adresse e-mail est montrée, sur ma page, aux personnes connectées dont le numéro est confirmé. Qui la lit est "
    "noté. Jamais aux autres. Je peux la retirer quand je veux."
)
SHOWN_NO_MORE = "Si vous le retirez, plus personne ne le lit, dès maintenant. On vous écrit en passant par la ville."
SHOWN_NO_MORE_AT_THE_DESK = "Plus personne ne le lit, dès maintenant."


def me_too(names: Sequence[str]) -> str:
    """What two neighbours have in common, said to one of them; nothing where they have nothing."""
    return f"Vous aussi, vous aimez {listed(names)}. Un bon début pour faire connaissance !" if names else ""
