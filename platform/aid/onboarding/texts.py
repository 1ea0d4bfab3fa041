"""What is written about steps. The room below puts the town's name and telephone round each message."""

import datetime
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format

from aid.configuration.addresses import address_of
from aid.notifications.words import Words, letter
from aid.onboarding.enums import StepKind
from aid.onboarding.models import Appointment, Step, Volunteer
from aid.people.models import Person
from core.french import day_words

A_DAY = datetime.timedelta(days=1)


def day_and_hour(at: datetime.datetime) -> str:
    """« mardi 1er décembre à 14 h 30 », on the town's clock."""
    local = timezone.localtime(at)
    hour = time_format(local, "G \\h i").removesuffix(" 00")
    return f"{day_words(local, 'l j F')} à {hour}"


def application(volunteer: Volunteer) -> str:
    """To the desk: somebody would like to help."""
    return f"Voudrait aider ({volunteer.get_source_display()}). À rappeler pour faire connaissance."


def lacks(names: list[str]) -> str:
    """To the agent who would admit somebody."""
    quoted = ", ".join(f"« {name} »" for name in names)
    return f"Il manque encore : {quoted}."


def planned(appointment: Appointment) -> Words:
    """To the volunteer: when and where they are awaited."""
    return _appointment(appointment, "Votre rendez-vous", "Nous vous attendons")


def moved(appointment: Appointment) -> Words:
    """To the volunteer: the meeting is at another time or place."""
    return _appointment(appointment, "Votre rendez-vous change", "Votre rendez-vous change. Nous vous attendons")


def tomorrow(appointment: Appointment) -> Words:
    """To the volunteer, the day before."""
    return _appointment(appointment, "Votre rendez-vous de demain", "C’est demain. Nous vous attendons")


def cancelled(appointment: Appointment) -> Words:
    """To the volunteer: nobody awaits them."""
    when, name = day_and_hour(appointment.at), appointment.step.name
    return Words(
        subject="Votre rendez-vous est annulé",
        body=letter(
            f"Bonjour {appointment.volunteer.person.first_name},",
            f"Le rendez-vous du {when} ({name}) est annulé. Vous n’avez pas à venir.",
            "Nous vous proposerons une autre date.",
        ),
        sms=f"Le rendez-vous du {when} est annulé, vous n’avez pas à venir. Nous vous proposerons une autre date.",
    )


def accompanied(appointment: Appointment) -> Words:
    """To the volunteer who takes another along: when, where, whom."""
    when, who = day_and_hour(appointment.at), appointment.volunteer.person.first_name
    where = f", {appointment.place}" if appointment.place else ""
    return Words(
        subject="Vous accompagnez un nouveau bénévole",
        body=letter(
            f"Bonjour {appointment.with_volunteer.person.first_name},",
            f"Merci d’accompagner {who}, {when}{where}.",
            "Un empêchement ? Appelez-nous.",
        ),
        sms=f"Merci d’accompagner {who}, {when}{where}. Un empêchement ? Appelez-nous.",
    )


def not_accompanied(appointment: Appointment) -> Words:
    """To the volunteer who was to take another along: it is off."""
    when, who = day_and_hour(appointment.at), appointment.volunteer.person.first_name
    return Words(
        subject="Un rendez-vous est annulé",
        body=letter(
            f"Bonjour {appointment.with_volunteer.person.first_name},",
            f"Vous n’accompagnez plus {who}, {when}. Merci d’avoir dit oui.",
        ),
        sms=f"Vous n’accompagnez plus {who}, {when}. Merci d’avoir dit oui.",
    )


def ends_soon(step: Step, until: datetime.date, *, is_first: bool) -> Callable[[Person], Words]:
    """To volunteers: a step of theirs ends, or will be asked of who never passed it (`is_first`).

    The same words for all but their first name.
    """
    before = f"avant le {day_words(until)}"
    if step.kind == StepKind.CHARTER:
        subject = "Notre charte est à signer"
        said = f"Notre charte est à {'lire' if is_first else 'relire'} et à signer {before}"
        told, sms = _to_sign(said)
    else:
        if is_first:
            subject, said = "Une nouvelle étape", f"Nous demandons maintenant « {step.name} », à faire {before}"
        else:
            subject, said = "Une étape à renouveler", f"« {step.name} » est à renouveler {before}"
        told, sms = "Appelez-nous, nous verrons ensemble quand et comment.", f"{said}. Appelez-nous pour en parler."
    after = letter(f"{said}.", told, "Merci d’être là.")
    return lambda person: Words(subject=subject, body=f"Bonjour {person.first_name},\n\n{after}", sms=sms)


def has_lapsed(step: Step, *, is_first: bool) -> Callable[[Person], Words]:
    """To volunteers: a step of theirs ended, or is asked of who never passed it (`is_first`).

    Nothing is proposed to them until it is done.
    """
    kinds = ", ".join(f"« {kind} »" for kind in step.kinds.all())
    asked = f"rien de nouveau pour {kinds}" if kinds else "rien de nouveau"
    if step.kind == StepKind.CHARTER:
        subject = "Notre charte est à signer"
        told, sms = _to_sign(f"Notre charte est à {'lire' if is_first else 'relire'} et à signer")
        said = f"Notre charte n’est pas signée : nous ne vous proposons {asked} pour l’instant."
    elif is_first:
        subject, told = "Une nouvelle étape", "Appelez-nous : nous verrons ensemble quand et comment."
        said = f"Nous demandons maintenant « {step.name} ». D’ici là, nous ne vous proposons {asked}."
        sms = f"Nous demandons maintenant « {step.name} ». D’ici là, {asked}. Appelez-nous."
    else:
        subject, told = "Une étape à refaire", "Appelez-nous : nous verrons ensemble comment la refaire."
        said = f"« {step.name} » n’est plus à jour : nous ne vous proposons {asked} pour l’instant."
        sms = f"« {step.name} » n’est plus à jour : {asked} ne vous est proposé. Appelez-nous."
    after = letter(said, told, "Merci d’être là.")
    return lambda person: Words(subject=subject, body=f"Bonjour {person.first_name},\n\n{after}", sms=sms)


def lapsed_for_the_town(step: Step, until: datetime.date | None, *, is_first: bool) -> str:
    """To the desk: a volunteer may not be asked any more."""
    since = f" depuis le {day_words(until + A_DAY)}" if until else ""
    kinds = ", ".join(f"« {kind} »" for kind in step.kinds.all())
    stopped = f"{kinds} : plus rien ne lui en est proposé" if kinds else "Plus rien ne lui est proposé"
    if is_first:
        asked = f", demandée{since}," if since else ""
        return f"Bénévole dont l’étape « {step.name} »{asked} n’est pas faite. {stopped}, jusqu’à ce qu’elle le soit."
    return (
        f"Bénévole dont l’étape « {step.name} » n’est plus à jour{since}. {stopped}, jusqu’à ce qu’elle soit refaite."
    )


def why_lapsed(step: Step, *, is_first: bool) -> str:
    """After « le bénévole »: why the town does not vouch for them now."""
    return f"n’a pas encore fait « {step.name} »" if is_first else f"n’est plus à jour : « {step.name} »"


def _to_sign(said: str) -> tuple[str, str]:
    """Where the charter is read and signed: as a line of a letter, and after some words as an SMS."""
    link = address_of(reverse("account_login"))
    return f"Lire et signer : {link}", f"{said} : {link}"


def _appointment(appointment: Appointment, subject: str, opening: str) -> Words:
    when = day_and_hour(appointment.at)
    where = f", {appointment.place}" if appointment.place else ""
    receiving = _receiving(appointment)
    with_whom = f" avec {receiving}" if receiving else ""
    return Words(
        subject=subject,
        body=letter(
            f"Bonjour {appointment.volunteer.person.first_name},",
            f"{opening} {when}{where}{with_whom}.",
            f"C’est pour : {appointment.step.name}.",
            "Un empêchement ? Appelez-nous, nous trouverons une autre date.",
        ),
        sms=f"{opening} {when}{where}{with_whom}. Un empêchement ? Appelez-nous.",
    )


def _receiving(appointment: Appointment) -> str:
    """The first name of who receives or goes along."""
    if appointment.with_volunteer is not None:
        return appointment.with_volunteer.person.first_name
    return appointment.with_account.first_name if appointment.with_account else ""
