"""« STOP » that comes back by SMS: no SMS any more to that number, and somebody at the town knows."""

from django.utils import timezone

from aid.notifications import replies, texts
from aid.notifications.alerts import Alert, AlertKind, tell
from aid.notifications.models import Message
from aid.people.enums import Channel, Way
from aid.people.models import Person
from aid.people.services import update_person
from core.text import fold

STOP = frozenset(["stop", "stopsms", "arret", "arreter", "arretez", "desabonner", "desinscription"])
# « STOP SMS merci »; more is for somebody to read.
LONGEST = 3


def register() -> None:
    """Read it before any other reply. Called when the app is ready."""
    replies.register(stop_by_sms)


def stop_by_sms(phone: str, text: str, _question: Message | None) -> str | None:
    """Tell by e-mail, else by telephone, who shares this number; give the words to send back, the last SMS.

    None for other words, and for a number of nobody: somebody reads those. A second time changes nothing. Whatever the
    last SMS asked, it is no answer to that.
    """
    words = fold(text).split()
    if not words or len(words) > LONGEST or words[0] not in STOP:
        return None
    sharing = list(Person.objects.living().filter(phone=phone).order_by("pk"))
    for person in sharing:
        others = {purpose: way for purpose, way in person.channels.items() if way != Way.SMS}
        if person.channel == Channel.SMS or others != person.channels:
            usual = person.channel
            if usual == Channel.SMS:
                usual = Channel.EMAIL if person.email else Channel.CALL
            told = update_person(person, by_person=person, channel=usual, channels=others)
            key = f"stop:{person.pk}:{timezone.localdate()}"
            tell(Alert(AlertKind.TO_CALL, key, texts.stopped(told.get_channel_display()), person))
    return texts.STOPPED if sharing else None
