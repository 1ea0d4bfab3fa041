"""What is written to who goes each time to a need that comes again."""

from aid.help_requests.models import HelpSeries
from aid.help_requests.times import moment_words
from aid.notifications.words import Words
from aid.people.models import Person
from aid.proposals.texts import addressed
from core.french import of_place


def each_time_changed(series: HelpSeries, to: Person) -> Words:
    """To who went each time: it is not what they said yes to any more."""
    now = f"{series.recurrence.words}, {moment_words(series.hour, series.moment)}"
    news = f"La demande {of_place(series.person.first_name)} change. À présent : {now}."
    again = "Vous n’y allez plus à chaque fois : redites-le au prochain rendez-vous, si cela vous convient."
    return Words(
        subject="Un coup de main qui revient change",
        body=addressed(to, news, f"Quoi : {series.kind}", again),
        sms=f"{series.kind} : {news} {again}",
    )


def comes_no_more(series: HelpSeries, to: Person) -> Words:
    """To who went each time: nobody waits for them any more."""
    first_name = series.person.first_name
    news, subject = (
        f"{first_name} n’a plus besoin de ce coup de main. Merci, vous êtes libre.",
        "Vous n’avez plus à y aller",
    )
    if series.person.deceased_on is not None:
        news, subject = f"{first_name} nous a quittés. Vous n’avez plus à venir.", "Une triste nouvelle"
    return Words(
        subject=subject,
        body=addressed(to, news, f"Quoi : {series.kind}\nQuand : {series.recurrence.words}", "Merci d’avoir été là."),
        sms=f"{series.kind}, {series.recurrence.words} : {news} Merci d’avoir été là.",
    )
