"""What is written about worries. No name is in what leaves: an e-mail is read over shoulders."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.notifications.words import Words
from aid.worries.enums import Grade
from aid.worries.models import Worry


def told(words: str, teller: str) -> str:
    """What is sealed: who told it, where an agent wrote it down, then the words."""
    return f"Dit par : {teller}\n\n{words}" if teller else words


def to_follow(worry: Worry) -> str:
    """To the desk: how worried somebody is, and who is asked to act."""
    agent = f" Confiée à {worry.agent}." if worry.agent else ""
    return f"Quelqu’un s’inquiète pour une personne : « {worry.get_grade_display()} ».{agent}"


def to_agent(worry: Worry) -> Words:
    """To the agent whom it is given to."""
    is_urgent = worry.grade == Grade.URGENT
    return Words(
        subject="Une inquiétude urgente vous attend" if is_urgent else "Une inquiétude vous attend",
        body=(
            "Bonjour,\n\n"
            f"Quelqu’un s’inquiète pour une personne : « {worry.get_grade_display()} ». Elle vous est confiée.\n\n"
            f"La lire : {_address(worry)}\n"
        ),
        sms=f"Quelqu’un s’inquiète, {worry.get_grade_display()}. À lire au bureau : {_address(worry)}",
    )


def nobody_took_it(worry: Worry) -> Words:
    """To administrators: an urgent one waits."""
    return Words(
        subject="Une inquiétude urgente attend depuis quatre heures",
        body=(
            "Bonjour,\n\n"
            "Quelqu’un s’inquiète pour une personne, et c’est urgent. Personne ne l’a encore prise en charge.\n\n"
            f"La lire : {_address(worry)}\n"
        ),
        sms=f"Une inquiétude urgente attend depuis quatre heures. À lire au bureau : {_address(worry)}",
    )


def _address(worry: Worry) -> str:
    """Its page, at the desk."""
    return address_of(reverse("desk:worry", args=(worry.uid,)))
