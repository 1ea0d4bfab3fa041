"""Proposals: one volunteer was asked about one request."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aid.help_requests.enums import RequestState
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import lacking
from aid.proposals.enums import Answer, Outcome
from aid.proposals.times import starts_at

# Somebody goes, or went.
TAKEN = (RequestState.AGREED, RequestState.DONE)


class ProposalQuerySet(models.QuerySet):
    """The vocabulary of proposals."""

    def asked(self) -> "ProposalQuerySet":
        """Those that were never answered."""
        return self.filter(answer=Answer.ASKED)

    def standing(self) -> "ProposalQuerySet":
        """Without the twin of another, on a card that was merged into one that was asked too."""
        return self.filter(volunteer__person__merged_into=None)

    def to_answer(self) -> "ProposalQuerySet":
        """Those that a yes would still win."""
        return (
            self.asked()
            .filter(
                request__state=RequestState.OPEN,
                request__ends_at__gt=timezone.now(),
            )
            .filter(may_say_yes())
        )

    def with_page_related_data(self) -> "ProposalQuerySet":
        """What a page about a proposal shows, in the same query."""
        related = ("request__kind", "request__commune__commune", "request__district", "volunteer__person")
        return self.select_related("request__person", *related).annotate(is_vouched_for=may_say_yes())


def may_say_yes() -> Q:
    """Proposals whose volunteer the town vouches for now, for this kind of help."""
    standing = Q(volunteer__state=VolunteerState.ADMITTED, volunteer__person__deceased_on=None)
    volunteer = OuterRef("volunteer")
    kind = lacking(volunteer, kinds=OuterRef("request__kind"))
    return standing & ~Exists(lacking(volunteer)) & ~Exists(kind)


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
                name="proposal_one_yes_wins",
                fields=["request"],
                condition=Q(answer=Answer.YES),
                violation_error_message="Quelqu’un a déjà dit oui.",
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

    @property
    def outcome(self) -> Outcome:
        """Where it stands, as its request and its volunteer are in memory."""
        if self.answer == Answer.NO:
            return Outcome.DECLINED
        if self.request.state == RequestState.CANCELLED:
            return Outcome.CANCELLED
        return self._outcome_of_a_yes() if self.answer == Answer.YES else self._outcome_without_a_yes()

    @property
    def answer_words(self) -> str:
        """The answer, as agents read it: nobody waits any more for who was told that somebody else goes."""
        is_moot = self.answer == Answer.ASKED and self.request.state in TAKEN
        return "prévenu : déjà pourvu" if is_moot else self.get_answer_display()

    def _outcome_without_a_yes(self) -> Outcome:
        if self.answer == Answer.TOO_LATE or self.request.state in TAKEN:
            return Outcome.TOO_LATE
        if self.request.state != RequestState.OPEN or self.request.ends_at <= timezone.now():
            return Outcome.EXPIRED
        return Outcome.TO_ANSWER if self._is_vouched_for() else Outcome.NOT_ADMITTED

    def _is_vouched_for(self) -> bool:
        """Brought along with what a page shows; else asked for."""
        told = getattr(self, "is_vouched_for", None)
        return Proposal.objects.filter(may_say_yes(), pk=self.pk).exists() if told is None else told

    def _outcome_of_a_yes(self) -> Outcome:
        closed = {RequestState.DONE: Outcome.DONE, RequestState.UNMET: Outcome.NOT_HELD}
        if self.request.state in closed:
            return closed[self.request.state]
        # Who is suspended goes nowhere, and reads no address any more.
        if self.volunteer.state == VolunteerState.SUSPENDED:
            return Outcome.NOT_ADMITTED
        # Who was quicker than planned may say so, whatever the planned end.
        has_begun = timezone.now() >= min(starts_at(self.request), self.request.ends_at)
        return Outcome.TO_CLOSE if has_begun else Outcome.ACCEPTED
