"""What is written when a mandate begins or ends. First names only: an SMS is read over shoulders."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.notifications.words import Words, letter
from aid.relations.models import Mandate
from core.french import day_words


def begins_for_principal(mandate: Mandate) -> Words:
    """To the person: somebody may act for her, for what, until when, and how to withdraw it."""
    who, until = mandate.representative.first_name, _until(mandate)
    return Words(
        subject="Quelqu’un peut agir pour vous",
        body=letter(
            f"Bonjour {mandate.principal.first_name},",
            f"{who} peut maintenant agir pour vous, {until} :\n{_allowed(mandate)}",
            "Vous voyez tout ce qui est fait en votre nom, et vous pouvez y mettre fin quand vous voulez, dans « Mon "
            "espace » ou en nous appelant.",
            "Vous n’avez pas donné votre accord ? Appelez-nous.",
        ),
        sms=f"{who} peut maintenant agir pour vous, {until}. Vous pouvez y mettre fin en nous appelant.",
    )


def begins_for_representative(mandate: Mandate) -> Words:
    """To who acts."""
    who, until = mandate.principal.first_name, _until(mandate)
    link = address_of(reverse("account_login"))
    return Words(
        subject="Vous pouvez agir pour quelqu’un",
        body=letter(
            f"Bonjour {mandate.representative.first_name},",
            f"Vous pouvez maintenant agir pour {who}, {until} :\n{_allowed(mandate)}",
            f"{who} voit tout ce que vous faites en son nom.",
            f"Entrer dans mon espace : {link}",
        ),
        sms=f"Vous pouvez agir pour {who}, {until}. Entrez dans votre espace : {link}",
    )


def ends_for_principal(mandate: Mandate) -> Words:
    """To the person: this one may not act any more."""
    who = mandate.representative.first_name
    return Words(
        subject="Quelqu’un ne peut plus agir pour vous",
        body=letter(f"Bonjour {mandate.principal.first_name},", f"C’est noté : {who} n’agit plus pour vous."),
        sms=f"C’est noté : {who} n’agit plus pour vous.",
    )


def ends_for_representative(mandate: Mandate) -> Words:
    """To who acted."""
    who = mandate.principal.first_name
    return Words(
        subject="Vous n’agissez plus pour quelqu’un",
        body=letter(f"Bonjour {mandate.representative.first_name},", f"Vous n’agissez plus pour {who}."),
        sms=f"Vous n’agissez plus pour {who}.",
    )


def ending_for_principal(mandate: Mandate) -> Words:
    """To the person, a month before: this one may act until then, and what to do to go on."""
    who, until = mandate.representative.first_name, _until(mandate)
    return Words(
        subject="Votre accord prend bientôt fin",
        body=letter(
            f"Bonjour {mandate.principal.first_name},",
            f"{who} peut agir pour vous {until}. Ensuite, votre accord prend fin de lui-même.",
            "Vous voulez continuer ? Redonnez votre accord dans « Mon espace », « En mon nom », ou en nous appelant.",
        ),
        sms=f"{who} peut agir pour vous {until}. Pour continuer, appelez-nous ou allez dans votre espace.",
    )


def ending_for_representative(mandate: Mandate) -> Words:
    """To who acts, a month before."""
    who, until = mandate.principal.first_name, _until(mandate)
    return Words(
        subject="Vous agissez encore un mois pour quelqu’un",
        body=letter(
            f"Bonjour {mandate.representative.first_name},",
            f"Vous pouvez agir pour {who} {until}. Ensuite, {who} peut redonner son accord, ici ou par téléphone.",
        ),
        sms=f"Vous pouvez agir pour {who} {until}. Ensuite, {who} peut redonner son accord.",
    )


def _until(mandate: Mandate) -> str:
    return f"jusqu’au {day_words(mandate.ends_on)}"


def _allowed(mandate: Mandate) -> str:
    return "\n".join(f"- {words}" for words in mandate.allowed)
