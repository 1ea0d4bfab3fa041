"""Every text that may leave as an SMS: how many SMS it makes, for the usual case. A new one is listed here."""

import datetime
import inspect
import uuid
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.models import Identity
from aid.help_requests.enums import Moment, Urgency
from aid.help_requests.urgency import HASTE
from aid.moderation.enums import Outcome, SanctionKind
from aid.notifications import texts
from aid.notifications.words import Words
from aid.onboarding.enums import StepKind
from aid.partners.enums import FlagState
from aid.proposals.enums import Answer
from aid.worries.enums import Grade
from core.gsm import ALPHABET, segments
from core.recurrence import Recurrence

pytestmark = pytest.mark.django_db
SITE = "https://lormes.palier.example"
DAY, NOW = datetime.date(2026, 11, 24), datetime.datetime(2026, 11, 24, 13, tzinfo=datetime.UTC)


class Thing(SimpleNamespace):
    """What a text is about, named as people read it."""

    def __str__(self) -> str:
        return self.name


JEANNE = Thing(name="Jeanne", first_name="Jeanne", phone="+33639980001", email="", deceased_on=None)
ALICE = Thing(name="Alice", first_name="Alice", phone="+33639980002", email="")
REQUEST = Thing(
    name="", pk=1234, uid=uuid.UUID(int=7), kind=Thing(name="Courses"), place="Lormes", day=DAY,
    hour=datetime.time(14), moment=Moment.ANY, person=JEANNE, asked_by_person=None,
    volunteer=Thing(name="", person=ALICE, shown_name="Alice"), thanks="Un grand merci", mode=Mode.FIRST_YES,
    haste=HASTE[Urgency.USUAL],
)  # fmt: skip
PROPOSAL = Thing(
    name="", pk=12345, code="4K", request=REQUEST, volunteer=REQUEST.volunteer, answer=Answer.NO, offer=None
)
SERIES = Thing(
    name="", person=JEANNE, kind=REQUEST.kind, recurrence=Recurrence((1,)), hour=REQUEST.hour, moment=Moment.ANY
)  # fmt: skip
MANDATE = Thing(name="", representative=ALICE, principal=JEANNE, ends_on=DAY, allowed=["demander de l’aide"])
STEP = Thing(name="Formation aux gestes", kind=StepKind.TRAINING)
STEP.kinds = Thing(name="", all=lambda: [Thing(name="Courses")])
APPOINTMENT = Thing(
    name="", at=NOW, place="mairie", step=STEP, volunteer=Thing(name="", person=ALICE),
    with_volunteer=Thing(name="", person=JEANNE), with_account=None,
)  # fmt: skip
SANCTION = Thing(
    name="", kind=SanctionKind.MUTE, ends_at=NOW, lifted_at=None, person=ALICE, words="", appeal_answer="",
    get_reason_display=lambda: "propos blessants",
)  # fmt: skip
CASE = Thing(
    name="", subject_kind="", outcome=Outcome.REMOVED, author=ALICE, told="",
    get_reason_display=lambda: "propos blessants",
)  # fmt: skip
FLAG = Thing(name="", sent_at=NOW, state=FlagState.TAKEN_ON)
WORRY = Thing(name="", uid=uuid.UUID(int=7), grade=Grade.URGENT, get_grade_display=lambda: "c’est urgent")
CONTACT = Thing(name="", pk=12, first_name="Marc", link_ends_at=NOW, link="b3a1")
REFERENT = Thing(name="Marc", account=None, person=ALICE, get_title_display=lambda: "référente", first_name="Marc")
ACCESS = Thing(name="", ends_at=NOW, acts=False, operator_name="Camille", reason="panne")

# By text: how many SMS at most, and one of it. Two, where a personal link stands beside what must be said.
TEXTS: dict[str, tuple[int, Callable[[Callable], Words]]] = {
    "proposals.proposal_words": (1, lambda text: text(REQUEST)(PROPOSAL)),
    "proposals.somebody_comes": (1, lambda text: text(REQUEST, [REQUEST.volunteer])),
    "proposals.changed_words": (1, lambda text: text(REQUEST)(PROPOSAL)),
    "proposals.details_changed": (1, lambda text: text(PROPOSAL, REQUEST)),
    "proposals.first_candidate": (1, lambda text: text(REQUEST)),
    "proposals.not_chosen": (1, lambda text: text(REQUEST)),
    "proposals.nobody_goes": (1, lambda text: text(REQUEST)),
    "proposals.nobody_comes_yet": (1, lambda text: text(REQUEST, ALICE)),
    "proposals.you_go_tomorrow": (1, lambda text: text(PROPOSAL, SITE)),
    "proposals.they_come_tomorrow": (1, lambda text: text(REQUEST, [REQUEST.volunteer], SITE)),
    "proposals.did_it_go_well": (1, lambda text: text(REQUEST)),
    "proposals.message_words": (1, lambda text: text(PROPOSAL)),
    "proposals.answered": (1, lambda text: text(PROPOSAL)),
    "proposals.choose_whom_to_write_to": (1, lambda text: text(REQUEST)),
    "proposals.team_looks": (1, lambda text: text(REQUEST, has_written=True)),
    "proposals.each_time_changed": (2, lambda text: text(SERIES, ALICE)),
    "proposals.comes_no_more": (1, lambda text: text(SERIES, ALICE)),
    "proposals.you_go": (2, lambda text: text(PROPOSAL, REQUEST)),
    "proposals.already_taken": (1, lambda text: text(REQUEST)),
    "proposals.cancelled": (1, lambda text: text(REQUEST)),
    "proposals.who_was_awaited_died": (1, lambda text: text([REQUEST], ALICE)),
    "proposals.is_it_done": (1, lambda text: text(PROPOSAL, REQUEST)),
    "proposals.you_may_thank": (1, lambda text: text(REQUEST, [REQUEST.volunteer])),
    "help_requests.noted": (2, lambda text: text(REQUEST)),
    "help_requests.thanked": (1, lambda text: text(REQUEST, ALICE)),
    "relations.begins_for_principal": (1, lambda text: text(MANDATE)),
    "relations.begins_for_representative": (1, lambda text: text(MANDATE)),
    "relations.ends_for_principal": (1, lambda text: text(MANDATE)),
    "relations.ends_for_representative": (1, lambda text: text(MANDATE)),
    "relations.ending_for_principal": (1, lambda text: text(MANDATE)),
    "relations.ending_for_representative": (1, lambda text: text(MANDATE)),
    "cards.ends_soon": (1, lambda text: text(DAY)(ALICE)),
    "onboarding.planned": (1, lambda text: text(APPOINTMENT)),
    "onboarding.moved": (1, lambda text: text(APPOINTMENT)),
    "onboarding.tomorrow": (1, lambda text: text(APPOINTMENT)),
    "onboarding.cancelled": (1, lambda text: text(APPOINTMENT)),
    "onboarding.accompanied": (1, lambda text: text(APPOINTMENT)),
    "onboarding.not_accompanied": (1, lambda text: text(APPOINTMENT)),
    "onboarding.ends_soon": (1, lambda text: text(STEP, DAY, is_first=True)(ALICE)),
    "onboarding.has_lapsed": (1, lambda text: text(STEP, is_first=True)(ALICE)),
    "offers.applied": (1, lambda text: text(ALICE, [])),
    "recognition.birthday": (1, lambda text: text(ALICE)),
    "moderation.decided": (1, lambda text: text(CASE)),
    "moderation.taken": (1, lambda text: text(SANCTION)),
    "moderation.lifted": (1, lambda text: text(SANCTION)),
    "moderation.answered": (1, lambda text: text(SANCTION)),
    "partners.link": (2, lambda text: text(CONTACT)),
    "partners.account": (1, lambda text: text(CONTACT)),
    "partners.outcome": (1, lambda text: text(FLAG)),
    "worries.to_agent": (2, lambda text: text(WORRY)),
    "worries.nobody_took_it": (2, lambda text: text(WORRY)),
    "directory.newcomer_for_referent": (1, lambda text: text(REFERENT, place="Lormes")),
    "support.begun": (2, lambda text: text(ACCESS)),
    "notifications.relayed": (1, lambda text: text(JEANNE, Words("", "", "Alice vient mardi 24 novembre à 14 h."))),
}
# Of the loop, these are about no meeting in particular, what was said of one, or how it is looked for.
ABOUT_NO_MEETING = {
    "proposals.who_was_awaited_died",
    "proposals.each_time_changed",
    "proposals.comes_no_more",
    "proposals.you_may_thank",
    "proposals.answered",
    "proposals.choose_whom_to_write_to",
    "proposals.team_looks",
}
ABOUT_A_MEETING = sorted(name for name in TEXTS if name.startswith("proposals.") and name not in ABOUT_NO_MEETING)
ON_THE_EVE = {"proposals.you_go_tomorrow", "proposals.they_come_tomorrow"}
# One SMS has no room for all: the link, or who reads it, knows the rest.
WITHOUT_KIND, WITHOUT_HOUR = {"proposals.you_go_tomorrow"}, {"proposals.did_it_go_well"}
WITHOUT_PLACE = {
    "proposals.changed_words",
    "proposals.did_it_go_well",
    "proposals.first_candidate",
    "proposals.message_words",
}
# Before a yes nobody is named; then each side reads who the other is.
WHO = {
    "proposals.somebody_comes": "Alice",
    "proposals.nobody_comes_yet": "Alice",
    "proposals.they_come_tomorrow": "Alice",
    "proposals.you_go": "Jeanne",
    "proposals.you_go_tomorrow": "Jeanne",
}
# Read by e-mail only.
NEVER_SMS = {"recognition.yearly", "notifications.digest"}


def written() -> dict[str, Callable]:
    """Every public text of a room that gives words for each channel: those of texts.py, and of files named so."""
    found = {}
    for app in apps.get_app_configs():
        files = Path(app.path).glob("*texts.py") if app.name.startswith("aid.") else ()
        for file in files:
            module = import_module(f"{app.name}.{file.stem}")
            for name, one in inspect.getmembers(module, inspect.isfunction):
                returns = str(inspect.signature(one).return_annotation)
                is_ours = one.__module__ == module.__name__ and not name.startswith("_")
                if is_ours and "words.Words" in returns:
                    found[f"{app.label}.{name}"] = one
    return found


def test_every_text_is_listed():
    assert set(written()) == set(TEXTS) | NEVER_SMS


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_it_fits(name, other_town):
    """From a town of a usual name and a usual address."""
    from tenants.context import facing

    most, write = TEXTS[name]
    town = Identity(public_name="Entraide Lormes", telephone="+33386220000")
    with facing(other_town), timezone.override("Europe/Paris"):
        said = texts.sms(town, write(written()[name]).sms)
    assert set(said) <= ALPHABET
    assert segments(said) <= most, f"{len(said)} signs: {said}"
    if most > 1:
        assert segments(said) == most, "it fits in less: say so here"


def said(name, town):
    """The words of a text, its no-break spaces made plain."""
    from tenants.context import facing

    with facing(town), timezone.override("Europe/Paris"):
        return TEXTS[name][1](written()[name]).sms.replace("\xa0", " ")


@pytest.mark.parametrize("name", ABOUT_A_MEETING)
def test_what_is_about_a_meeting_says_what_when_and_where(name, other_town):
    words = said(name, other_town)
    assert ("demain" if name in ON_THE_EVE else "mardi 24 novembre") in words.lower()
    for told, room_lacks in (("Courses", WITHOUT_KIND), ("14 h", WITHOUT_HOUR), ("Lormes", WITHOUT_PLACE)):
        assert (told in words) is (name not in room_lacks), told


@pytest.mark.parametrize("name", sorted(WHO))
def test_who_comes_or_waits_is_named(name, other_town):
    assert WHO[name] in said(name, other_town)


@pytest.mark.parametrize(("urgency", "opening"), [(Urgency.NOW, "Très urgent. "), (Urgency.TODAY, "Urgent. ")])
@pytest.mark.parametrize("name", ["proposals.proposal_words", "proposals.changed_words"])
def test_what_is_urgent_says_so_first_in_two_at_most(name, urgency, opening, other_town):
    """The usual one fills its SMS to the last sign: a second one is worth being heard."""
    from tenants.context import facing

    request = Thing(**vars(REQUEST) | {"haste": HASTE[urgency]})
    town = Identity(public_name="Entraide Lormes", telephone="+33386220000")
    with facing(other_town), timezone.override("Europe/Paris"):
        words = written()[name](request)(PROPOSAL)
        usual = TEXTS[name][1](written()[name])
        assert segments(texts.sms(town, words.sms)) <= 2
    assert words.sms.startswith(opening)
    assert "rgent" not in usual.sms
