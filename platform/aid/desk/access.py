"""Whom somebody at the desk may open: everybody for an agent, the people of their sectors for a coordinator.

Each list, search and object of the desk begins here, from the account that asks. What is absent, of another town or of
another sector answers the same 404. Everything hangs on where a person lives: their requests, follow-ups, messages and
card as a volunteer are seen with them (docs/decisions/2026-11-26-sectors-of-coordinators.md).
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NoReturn
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.abilities import get_abilities
from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS, Role, roles_of
from aid.cards.models import Card
from aid.configuration.services import rules
from aid.desk.subjects import CLOSED_ON_THEIR_PAGE, FLAG, PAGES, REQUEST, WORRY
from aid.directory.models import Professional, Referent, ReferentQuerySet, Welcome
from aid.followups import subjects
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp, FollowUpQuerySet
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet, HelpSeries
from aid.moderation.models import Case, CaseQuerySet, Sanction, SanctionQuerySet
from aid.notifications.models import Message, MessageQuerySet
from aid.offers.beside import with_offer
from aid.offers.models import OneOffOffer
from aid.offers.one_off import OneOffOfferQuerySet
from aid.onboarding.models import Attendance, Step, StepRecord, Volunteer, VolunteerMove, VolunteerQuerySet
from aid.partners.models import Flag, FlagQuerySet, Partner, PartnerContact
from aid.people.models import PeopleImport, Person, PersonQuerySet
from aid.people.roles import with_roles
from aid.photos.models import Photo
from aid.privacy.leaving import known_leaving
from aid.privacy.models import RightsRequest, RightsRequestQuerySet
from aid.profiles.services import with_interests
from aid.proposals.models import Proposal, ProposalQuerySet
from aid.recognition.models import Birthday, BirthdayQuerySet
from aid.support.models import SupportAccess, SupportAccessQuerySet
from aid.territory.models import CoveredCommune, District, Sector
from aid.worries.models import Worry, WorryQuerySet
from core.written import Asked, Rows


def sees_everybody(account: Account) -> bool:
    """Whether an account is bound to no sector: an agent's, an administrator's."""
    return Role.AGENT in roles_of(account)


def whoever(roles: frozenset[Role]) -> Account:
    """Who stands for every account of these roles where a question is written once for them all (core.written): it is
    then asked with the number of one, as `account`."""
    anybody = Asked("account")
    # As `roles_of` keeps what it found.
    anybody.roles_found = roles
    return anybody


def proposals_of_each() -> ProposalQuerySet:
    """What was proposed of the request of each line, in a query of requests that an account may see."""
    return Proposal.objects.standing().filter(request=OuterRef("pk")).order_by()


def sectors_of(account: Account) -> list[Sector] | None:
    """The sectors that an account is bound to, maybe none yet; None for who sees everybody."""
    return None if sees_everybody(account) else list(account.sectors.all())


def persons_for(account: Account) -> PersonQuerySet:
    """The persons whom an account may see in a list. Cards of who died, or were merged, are opened one by one."""
    return Person.objects.living().filter(_reach(account))


def deceased_for(account: Account) -> PersonQuerySet:
    """Those of them who died: a list of their own."""
    return Person.objects.filter(_reach(account), deceased_on__isnull=False)


def requests_for(account: Account) -> HelpRequestQuerySet:
    """The requests of those persons."""
    return HelpRequest.objects.filter(_reach(account, "person__"))


def followups_for(account: Account) -> FollowUpQuerySet:
    """What must be done for those persons; of what is about nobody, flags and worries of theirs."""
    if sees_everybody(account):
        return FollowUp.objects.all()
    of_a_flag = Q(subject_kind=FLAG, subject_id__in=flags_for(account).values("pk"))
    of_a_worry = Q(subject_kind=WORRY, subject_id__in=worries_for(account).values("pk"))
    return FollowUp.objects.filter(_reach(account, "person__") | (Q(person=None) & (of_a_flag | of_a_worry)))


def volunteers_for(account: Account) -> VolunteerQuerySet:
    """The volunteers among those persons."""
    return Volunteer.objects.filter(_reach(account, "person__"), person__in=Person.objects.living())


def one_off_offers_for(account: Account) -> OneOffOfferQuerySet:
    """What those volunteers, whom the town vouches for now, offer for a day."""
    return OneOffOffer.objects.filter(volunteer__in=volunteers_for(account).admitted(of_few=True))


def one_off_offer_of(account: Account, uid: UUID) -> OneOffOffer:
    """One of these. Raises Http404."""
    return get_object_or_404(one_off_offers_for(account), uid=uid)


def cards_for(account: Account) -> QuerySet[Card]:
    """The cards of those persons, whatever became of them."""
    return Card.objects.filter(_reach(account, "volunteer__person__")).select_related("volunteer__person")


def messages_for(account: Account) -> MessageQuerySet:
    """What was sent to those persons; what was sent to nobody we know is for who sees everybody."""
    return Message.objects.filter(_reach(account, "person__") | _reach(account, "about__"))


def flags_for(account: Account) -> FlagQuerySet:
    """What partners say of somebody who lives there: a flag has a place before it has a card."""
    return Flag.objects.filter(_reach(account))


def flag_of(account: Account, uid: UUID) -> Flag:
    """A flag, with what its page shows. Raises Http404."""
    return get_object_or_404(flags_for(account).with_list_related_data(), uid=uid)


def worries_for(account: Account) -> WorryQuerySet:
    """The worries about those persons; those about the forgotten are for who sees everybody."""
    return Worry.objects.filter(_reach(account, "person__"))


def worry_of(account: Account, uid: UUID) -> Worry:
    """A worry, with what its page shows. Raises Http404."""
    return get_object_or_404(worries_for(account).with_list_related_data(), uid=uid)


def partners() -> QuerySet[Partner]:
    """Every partner, with how many speak for each: an administrator's screens."""
    return Partner.objects.annotate(speaking=Count("contacts", filter=Q(contacts__closed_at=None)))


def partner_of(uid: UUID) -> Partner:
    """One of them. Raises Http404."""
    return get_object_or_404(Partner, uid=uid)


def partner_contact_of(uid: UUID) -> PartnerContact:
    """Who speaks for one. Raises Http404."""
    return get_object_or_404(PartnerContact.objects.select_related("partner", "account"), uid=uid)


def request_of(account: Account, uid: UUID) -> HelpRequest:
    """A request, with what its page shows. Raises Http404."""
    known = requests_for(account).with_list_related_data()
    return get_object_or_404(
        known.select_related("person__commune__commune", "person__district", "entered_by"), uid=uid
    )


def series_of(account: Account, uid: UUID) -> HelpSeries:
    """A need that comes again, with what its page shows. Raises Http404."""
    known = HelpSeries.objects.filter(_reach(account, "person__")).with_page_related_data()
    return get_object_or_404(known, uid=uid)


def person_of(account: Account, uid: UUID) -> Person:
    """A person, with where they live and by what they enter. Raises Http404, and MergedError for a card that became
    another's.
    """
    return _kept(account).filter(uid=uid).first() or _lead_to_kept(account, uid)


def card_of(account: Account, uid: UUID) -> Person:
    """The same, with what their card alone shows: what they are here, offer and like, what was said of keeping them.

    In one query, heavy to plan: no other page asks it.
    """
    found = _cards(frozenset(roles_of(account)), timezone.localdate()).ask(account=account.pk, uid=uid)
    return found[0] if found else _lead_to_kept(account, uid)


# Towns far away may be at another day.
@lru_cache(maxsize=16)
def _cards(roles: frozenset[Role], day: date) -> Rows:
    """The card of a number that an account of these roles opens that day; written once.

    Each table that is joined to it would double what PostgreSQL weighs before it reads a row; a question beside it
    does not.
    """
    objecting = RightsRequest.objects.objecting().filter(person=OuterRef("pk")).order_by("-pk")
    known = with_offer(with_interests(with_roles(_kept(whoever(roles)))), day).annotate(
        objecting_since=Subquery(objecting.values("asked_at")[:1]),
        leaves_on=known_leaving(),
        has_photo=Exists(Photo.objects.filter(person=OuterRef("pk"))),
        is_in_requests=ExpressionWrapper(_asked_or_given(), BooleanField()),
    )
    return Rows.of(known.filter(uid=Asked("uid")))


def living_person_of(account: Account, uid: UUID) -> Person:
    """The same, of who is still here. Raises Http404, MergedError, and DeceasedError."""
    found = person_of(account, uid)
    if found.deceased_on is not None:
        raise DeceasedError(found)
    return found


def birthdays_for(account: Account) -> BirthdayQuerySet:
    """The birthdays to wish among those persons."""
    return Birthday.objects.to_wish().filter(_reach(account, "person__"))


class LeadsToCardError(Exception):
    """What was asked for is not done here: the screens of the desk lead to a card, and say why."""

    told: str

    def __init__(self, card: Person) -> None:
        super().__init__()
        self.card = card


class MergedError(LeadsToCardError):
    """The card that was asked for was merged into this one."""

    told = "Cette fiche a été réunie à celle-ci."


class DeceasedError(LeadsToCardError):
    """Nothing is asked for who died."""

    told = "Cette personne est décédée : rien ne peut être noté pour elle."


def volunteer_of(account: Account, uid: UUID) -> Volunteer:
    """The volunteer that a person is. Raises Http404 for who is none, and MergedError."""
    known = Volunteer.objects.filter(_reach(account, "person__"), person__merged_into=None)
    return known.select_related("person__photo").filter(person__uid=uid).first() or _lead_to_kept(account, uid)


def living_volunteer_of(account: Account, uid: UUID) -> Volunteer:
    """The same, to note something for them. Raises DeceasedError besides."""
    volunteer = volunteer_of(account, uid)
    if volunteer.person.deceased_on is not None:
        raise DeceasedError(volunteer.person)
    return volunteer


def proof_of(account: Account, uid: UUID, record: UUID) -> StepRecord:
    """A record of a volunteer's step that keeps a document. Raises Http404."""
    kept = StepRecord.objects.filter(_reach(account, "volunteer__person__")).exclude(proof_file="")
    return get_object_or_404(kept.select_related("volunteer__person"), uid=record, volunteer__person__uid=uid)


def moves_of(volunteer: Volunteer) -> QuerySet[VolunteerMove]:
    """The journal of the place of somebody whom this module gave, the last first."""
    return VolunteerMove.objects.filter(volunteer=volunteer).select_related("by_account", "said").order_by("-pk")


def sessions_of(volunteer: Volunteer, step: Step) -> QuerySet[Attendance]:
    """What somebody whom this module gave came to, of a training."""
    return Attendance.objects.filter(volunteer=volunteer, step=step)


def colleagues() -> QuerySet[Account]:
    """Who works for the town, by name; never those that Palier's support comes in by."""
    roles = [AGENTS, COORDINATORS, ADMINISTRATORS]
    staff = Account.objects.filter(is_active=True, support_access=None, groups__name__in=roles)
    return staff.distinct().order_by("first_name", "last_name", "pk")


def _kept(account: Account) -> PersonQuerySet:
    """The cards that an account may see, of whom nobody merged into another's."""
    return Person.objects.filter(_reach(account), merged_into=None).select_related(
        "commune__commune", "district", "volunteer", "account", "created_by"
    )


def _asked_or_given() -> Q:
    """Whether the person of a query asked for something, or was found for who did."""
    given = HelpRequest.objects.filter(volunteer=OuterRef("volunteer__pk"))
    return Exists(HelpRequest.objects.filter(person=OuterRef("pk"))) | Exists(given)


def _lead_to_kept(account: Account, uid: UUID) -> NoReturn:
    """Raise MergedError for a card that became another's; Http404 for any other, or where that one is not for them.

    What became another's lives nowhere any more: no sector leads to it.
    """
    raise MergedError(get_object_or_404(Person.objects.filter(_reach(account)), merged_from__uid=uid))


def followup_of(account: Account, uid: UUID) -> FollowUp:
    """A follow-up, with whom it is about. Raises Http404."""
    known = followups_for(account).select_related("person__commune__commune", "person__district", "done_by")
    return get_object_or_404(known, uid=uid)


def import_of(uid: UUID) -> PeopleImport:
    """A list of people that was sent, with who sent it: an administrator's screens. Raises Http404."""
    return get_object_or_404(PeopleImport.objects.select_related("created_by"), uid=uid)


def rights_for(account: Account) -> RightsRequestQuerySet:
    """What those persons ask of what is known of them; that somebody was forgotten is for who sees everybody."""
    return RightsRequest.objects.filter(_reach(account, "person__"))


def right_of(account: Account, uid: UUID) -> RightsRequest:
    """One of these demands, with who asks. Raises Http404."""
    return get_object_or_404(rights_for(account).with_list_related_data(), uid=uid)


def cases_for(account: Account) -> CaseQuerySet:
    """The public texts of those persons that wait to be read, or were; those of nobody are for who sees everybody."""
    return Case.objects.filter(_reach(account, "author__"))


def case_of(account: Account, uid: UUID) -> Case:
    """One of these texts, with its author and who has it in hand. Raises Http404."""
    return get_object_or_404(cases_for(account).with_list_related_data(), uid=uid)


def sanctions_for(account: Account) -> SanctionQuerySet:
    """The measures about those persons."""
    return Sanction.objects.filter(_reach(account, "person__"))


def sanction_of(account: Account, uid: UUID) -> Sanction:
    """One of these measures, with whom it is about and who decided. Raises Http404."""
    return get_object_or_404(sanctions_for(account).with_list_related_data(), uid=uid)


def support_accesses() -> SupportAccessQuerySet:
    """Palier's accesses to the town, the last first: an administrator's screens."""
    return SupportAccess.objects.select_related("account", "ended_by")


def support_access_of(uid: UUID) -> SupportAccess:
    """One of them. Raises Http404."""
    return get_object_or_404(support_accesses(), uid=uid)


def referents() -> ReferentQuerySet:
    """Those whom nobody ended, with their places: screens of who sees everybody."""
    return Referent.objects.running().with_places()


def referent_of(uid: UUID) -> Referent:
    """One of them. Raises Http404."""
    return get_object_or_404(referents(), uid=uid)


def welcome_of(account: Account, uid: UUID) -> Welcome:
    """A newcomer whom this account may see, and who welcomes them. Raises Http404."""
    known = Welcome.objects.filter(_reach(account, "person__"), person__in=Person.objects.living())
    return get_object_or_404(known.with_persons(), uid=uid)


def professional_of(uid: UUID) -> Professional:
    """A professional, whatever became of them. Raises Http404, and where the town shows none."""
    if not rules().has_professionals:
        raise Http404
    known = Professional.objects.with_places().select_related("created_by", "checked_by", "decided_by")
    return get_object_or_404(known, uid=uid)


def openable(account: Account, persons: Iterable[Person]) -> set[int]:
    """Whose cards an account may open, of persons that a screen names anyway: no link leads to a 404."""
    numbers = {person.pk for person in persons}
    if sees_everybody(account) or not numbers:
        return numbers
    return set(Person.objects.filter(_reach(account), pk__in=numbers).values_list("pk", flat=True))


def subject_url_for(account: Account, followup: FollowUp) -> str:
    """Where the subject of a follow-up is read; empty where it is not for this account."""
    if not may_read_subject(account, followup):
        return ""
    if followup.kind == FollowUpKind.ONBOARDING and followup.subject_id is None and followup.person is not None:
        # It is about the volunteer that somebody is, who is seen where they are.
        is_volunteer = Volunteer.objects.filter(person=followup.person).exists()
        return reverse("desk:volunteer_steps", args=(followup.person.uid,)) if is_volunteer else ""
    if sees_everybody(account):
        return subjects.url_of(followup)
    theirs = {REQUEST: requests_for, FLAG: flags_for, WORRY: worries_for}.get(followup.subject_kind)
    is_shown = theirs is None or theirs(account).filter(pk=followup.subject_id).exists()
    return subjects.url_of(followup) if is_shown else ""


def may_read_subject(account: Account, followup: FollowUp) -> bool:
    """Whether an account has the ability that pages of this kind of subject ask for."""
    page = PAGES.get(followup.subject_kind)
    return page is None or get_abilities(account)[page.ability]


def may_close(account: Account, followup: FollowUp) -> bool:
    """Whether an account may say here that it is done: what a page of its own closes is for who may read that page."""
    is_theirs = followup.subject_kind not in CLOSED_ON_THEIR_PAGE or may_read_subject(account, followup)
    return is_theirs and get_abilities(account)["close_followups"]


def reaches(account: Account, *, commune: CoveredCommune | None, district: District | None) -> bool:
    """Whether an account may see who lives there."""
    if sees_everybody(account):
        return True
    of_theirs = Q(communes=commune) if commune else Q(pk=None)
    if district:
        of_theirs |= Q(districts=district)
    return account.sectors.filter(of_theirs).exists()


def _reach(account: Account, person: str = "") -> Q:
    """Whom an account may see, as a condition; `person` is the path that leads to the person, « person__ »."""
    if sees_everybody(account):
        return Q()
    if Role.COORDINATOR not in roles_of(account):
        return Q(pk__in=[])
    communes = CoveredCommune.objects.filter(sectors__coordinators=account).values("pk")
    districts = District.objects.filter(sectors__coordinators=account).values("pk")
    return Q(**{f"{person}commune__in": communes}) | Q(**{f"{person}district__in": districts})
