"""Proposals: one volunteer was asked about one request."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aid.configuration.kinds import MOST_PEOPLE
from aid.help_requests.enums import GIVEN, GOING, LOOKING, OVER, RequestState
from aid.moderation import blocks
from aid.offers.one_off import MOST_PLACES
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import lacking
from aid.proposals.enums import GOES, Answer, Outcome, Way
from aid.proposals.times import starts_at

LONGEST_WORDS_BACK = 600
# Somebody goes, or went.
TAKEN = (*GOING, *GIVEN)
# A yes that holds: they go, or wait for others to say yes too.
ENGAGED = (*LOOKING, *GOING)


class ProposalQuerySet(models.QuerySet):
    """The vocabulary of proposals."""

    def asked(self) -> "ProposalQuerySet":
        """Those that were never answered."""
        return self.filter(answer=Answer.ASKED)

    def yes(self) -> "ProposalQuerySet":
        """Those that hold a place: who goes, or went."""
        return self.filter(answer=Answer.YES)

    def waiting(self) -> "ProposalQuerySet":
        """Those who have not answered, or put themselves forward: they are told what becomes of it.

        Not whom a message was written to that the town holds: they know of nothing. Nor who is apart from who asks.
        """
        return self.filter(~are_apart(), answer__in=[Answer.ASKED, Answer.CANDIDATE], is_held=False)

    def engaged(self) -> "ProposalQuerySet":
        """A yes to something that is not over."""
        return self.yes().filter(request__state__in=ENGAGED)

    def given(self) -> "ProposalQuerySet":
        """A yes that became help given. Not of who has yet to say whether they came."""
        return self.yes().filter(request__state__in=GIVEN, is_to_tell=False)

    def standing(self) -> "ProposalQuerySet":
        """Without the twin of another, on a card that was merged into one that was asked too."""
        return self.filter(volunteer__person__merged_into=None)

    def to_answer(self) -> "ProposalQuerySet":
        """Those that a yes would still win."""
        return (
            self.asked()
            .filter(
                request__state__in=LOOKING,
                request__ends_at__gt=timezone.now(),
            )
            .filter(may_say_yes(), is_held=False)
        )

    def with_page_related_data(self) -> "ProposalQuerySet":
        """What a page about a proposal shows, in the same query."""
        related = (
            "request__kind",
            "request__series",
            "request__asked_by_person",
            "request__commune__commune",
            "request__district",
            "volunteer__person",
            "offer",
        )
        told = {"is_vouched_for": may_say_yes(), "is_apart": are_apart()}
        return self.select_related("request__person", *related).annotate(**told)


def are_apart() -> Q:
    """Proposals between two of whom one does not want to see the other any more."""
    return blocks.apart("request__person", "volunteer__person")


def may_say_yes() -> Q:
    """Proposals whose volunteer the town vouches for now, for this kind of help, and who is not apart from who asks."""
    standing = Q(volunteer__state=VolunteerState.ADMITTED, volunteer__person__deceased_on=None)
    volunteer = OuterRef("volunteer")
    kind = lacking(volunteer, kinds=OuterRef("request__kind"))
    return standing & ~Exists(lacking(volunteer)) & ~Exists(kind) & ~are_apart()


# How long after a rendezvous who went may still read where it was.
SHOWN_AFTER = timedelta(days=14)
# The fields that change when somebody is asked anew, with the code of their SMS.
ASKED_ANEW = ("answer", "seat", "place", "answered_at", "asked_at", "times_asked", "code")
# What needs no look at the request.
SAID = {
    Answer.NO: Outcome.DECLINED,
    Answer.NOT_CHOSEN: Outcome.NOT_CHOSEN,
    Answer.WITHDREW: Outcome.WITHDREW,
    Answer.NOT_HELD: Outcome.NOT_HELD,
}


def _key(kind: str, number: int, times: int) -> str:
    return f"{kind}:{number}" if times == 1 else f"{kind}:{number}:{times}"


class Proposal(models.Model):
    """Asked once, answered once or never."""

    request = models.ForeignKey(
        "help_requests.HelpRequest", models.CASCADE, related_name="proposals", verbose_name="demande"
    )  # without the request there was nothing to ask
    volunteer = models.ForeignKey(
        "onboarding.Volunteer", models.CASCADE, related_name="proposals", verbose_name="bénévole"
    )  # whom it was made to
    # What answers it by SMS among those that wait at one number (proposals.codes).
    code = models.CharField("code", max_length=2, blank=True, editable=False)
    answer = models.CharField("réponse", max_length=10, choices=Answer, default=Answer.ASKED)
    asked_at = models.DateTimeField("proposée le", auto_now_add=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    way = models.CharField("comment", max_length=6, choices=Way, default=Way.ROUND)
    # One of the places that the request has: who said yes holds one, and nobody else has the same.
    seat = models.PositiveSmallIntegerField("place", null=True, blank=True)
    # Asked again when something changed: what is written then is another message.
    times_asked = models.PositiveSmallIntegerField("fois", default=1)
    # Where the person wrote to them: what they write back, and whether somebody at the town reads the words first.
    words_back = models.TextField("mots en retour", max_length=LONGEST_WORDS_BACK, blank=True)
    is_held = models.BooleanField("retenue", default=False)
    # Where the person answered what they offered for one day: which, and the place of it that a yes holds.
    offer = models.ForeignKey(
        "offers.OneOffOffer",
        models.SET_NULL,  # what was asked stays
        null=True,
        blank=True,
        db_index=False,  # the constraint has one
        related_name="proposals",
        verbose_name="proposition d’un jour",
    )
    place = models.PositiveSmallIntegerField("place de la proposition d’un jour", null=True, blank=True)
    # Where one of several said that it is done, this one has yet to say whether they came; then how long, where that is
    # not what the request says.
    is_to_tell = models.BooleanField("à dire", default=False, editable=False)
    minutes = models.PositiveSmallIntegerField("durée, en minutes", null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        constraints = [
            models.UniqueConstraint(
                name="proposal_is_made_once",
                fields=["request", "volunteer"],
                violation_error_message="Cette demande lui a déjà été proposée.",
            ),
            models.UniqueConstraint(
                name="proposal_one_yes_a_seat",
                fields=["request", "seat"],
                condition=Q(answer=Answer.YES),
                violation_error_message="Quelqu’un a déjà dit oui.",
            ),
            models.CheckConstraint(
                name="proposal_yes_has_a_seat",
                condition=Q(answer=Answer.YES, seat__range=(1, MOST_PEOPLE)) | (~Q(answer=Answer.YES) & Q(seat=None)),
                violation_error_message="Un oui tient une place.",
            ),
            models.UniqueConstraint(
                name="proposal_one_yes_a_place",
                fields=["offer", "place"],
                violation_error_message="Cette place est prise.",
            ),
            models.CheckConstraint(
                name="proposal_place_is_of_a_yes",
                condition=Q(place=None) | Q(answer=Answer.YES, place__range=(1, MOST_PLACES)),
                violation_error_message="Seul un oui tient une place.",
            ),
            models.CheckConstraint(
                name="proposal_has_a_known_way",
                condition=Q(way__in=Way.values),
                violation_error_message="Cette façon de proposer n’existe pas.",
            ),
            models.CheckConstraint(
                name="proposal_answered_has_a_date",
                condition=Q(answer=Answer.ASKED, answered_at=None)
                | (~Q(answer=Answer.ASKED) & Q(answered_at__isnull=False)),
                violation_error_message="Une réponse a une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"proposition {self.pk}"

    def ask_anew(self) -> None:
        """Have it wait for an answer again, whose words are another message; kept by who calls (`ASKED_ANEW`)."""
        self.answer, self.seat, self.place, self.answered_at = Answer.ASKED, None, None, None
        self.asked_at, self.times_asked = timezone.now(), self.times_asked + 1

    def key(self, kind: str) -> str:
        """The name of what is written about it: once for each time that it was asked."""
        return _key(kind, self.pk, self.times_asked)

    def keys(self, kind: str) -> list[str]:
        """The same, of each time."""
        return [_key(kind, self.pk, times) for times in range(1, self.times_asked + 1)]

    @property
    def outcome(self) -> Outcome:
        """Where it stands, as its request and its volunteer are in memory."""
        if self.answer in SAID:
            return SAID[Answer(self.answer)]
        if self.request.state == RequestState.CANCELLED:
            return Outcome.CANCELLED
        return self._outcome_of_a_yes() if self.answer == Answer.YES else self._outcome_without_a_yes()

    @property
    def may_withdraw(self) -> bool:
        """Whether they hold a place of what is not over: somebody may yet go instead."""
        return self.answer == Answer.YES and self.request.state in ENGAGED and timezone.now() < self.request.ends_at

    @property
    def shows_whom(self) -> bool:
        """Whether they read whom to go to, how to call them, and where: they go, or were to go these last days."""
        return self.outcome in GOES and timezone.now() < self.request.ends_at + SHOWN_AFTER

    @property
    def answer_words(self) -> str:
        """The answer, as agents read it: nobody waits any more for who was told that somebody else goes."""
        if self.is_held:
            return "message retenu, à lire"
        if self.answer == Answer.ASKED and self.request.state in TAKEN:
            return "prévenu : déjà pourvu"
        if self.answer == Answer.ASKED and self.request.state in OVER:
            return "n’a pas répondu"
        if self.answer == Answer.NOT_CHOSEN and self.offer_id is not None:
            return "n’a plus de place"
        return self.get_answer_display()

    def _outcome_without_a_yes(self) -> Outcome:
        is_candidate = self.answer == Answer.CANDIDATE
        if self.answer == Answer.TOO_LATE or self.request.state in TAKEN:
            return Outcome.NOT_CHOSEN if is_candidate else Outcome.TOO_LATE
        if self.is_held or self.request.state not in LOOKING or self.request.ends_at <= timezone.now():
            return Outcome.EXPIRED
        if not self._is("is_vouched_for", may_say_yes()):
            # Of a block nobody learns: to them it is over.
            return Outcome.EXPIRED if self._is("is_apart", are_apart()) else Outcome.NOT_ADMITTED
        return Outcome.CANDIDATE if is_candidate else Outcome.TO_ANSWER

    def _is(self, name: str, condition: Q) -> bool:
        """Brought along with what a page shows; else asked for."""
        told = getattr(self, name, None)
        return Proposal.objects.filter(condition, pk=self.pk).exists() if told is None else told

    def _outcome_of_a_yes(self) -> Outcome:
        is_given = self.request.state in GIVEN
        if is_given and (not self.is_to_tell or self.request.state == RequestState.CLOSED):
            return Outcome.DONE
        if self.request.state == RequestState.EXPIRED:
            return Outcome.EXPIRED
        if self.request.state == RequestState.UNMET:
            return Outcome.NOT_HELD
        # Who is suspended goes nowhere, and reads no address any more.
        if self.volunteer.state == VolunteerState.SUSPENDED:
            return Outcome.NOT_ADMITTED
        if self.request.state in LOOKING:
            return Outcome.ACCEPTED
        # Who was quicker than planned may say so, whatever the planned end.
        has_begun = timezone.now() >= min(starts_at(self.request), self.request.ends_at)
        return Outcome.TO_CLOSE if has_begun or is_given else Outcome.ACCEPTED
