"""Who is a partner's contact here: who holds their link and proved to read there, or signed in to their account."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from accounts.roles import Role, is_shared, is_staff, roles_of
from aid.partners.models import Flag, FlagQuerySet, PartnerContact
from core.links import number_of, token_for

# In the session: which contact came by their link, by which link, until when.
VIA_LINK = "partenaire"
# A working day: a browser left open at a reception opens nothing the next one.
STAYS = timedelta(hours=10)


def is_partner(account: Account) -> bool:
    """Whether an account opens for a partner's contact."""
    return contact_of_account(account) is not None


def contact_of_account(account: Account) -> PartnerContact | None:
    """The contact that an account opens for, be it closed to nobody else: one that several enter by is nobody's."""
    found = PartnerContact.objects.open().filter(account=account).select_related("partner").first()
    if found is None or is_staff(account) or is_shared(account):
        return None
    return found


def contact_by_number(number: int | None) -> PartnerContact | None:
    """The contact that a software was bound to (api), as long as they speak for their partner."""
    return PartnerContact.objects.open().filter(pk=number).select_related("partner").first()


def token_of(contact: PartnerContact) -> str:
    """What the link of a contact ends with; another once it is sent again."""
    return token_for(f"partner:{contact.link}", contact.pk)


def contact_of_link(token: str) -> PartnerContact | None:
    """Whose link this is, be it too old to open; None for one that was replaced, ended, of another town, or forged."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < len(str(2**63))):
        return None
    known = PartnerContact.objects.open().exclude(link="").select_related("partner")
    contact = known.filter(pk=int(number)).first()
    if contact is None or number_of(f"partner:{contact.link}", token) is None:
        return None
    return contact


def let_in(request: HttpRequest, contact: PartnerContact) -> None:
    """Have this browser be a contact's, who has just proved to read at their own number or address."""
    request.session.cycle_key()
    until = min(timezone.now() + STAYS, contact.link_ends_at)
    request.session[VIA_LINK] = {"contact": contact.pk, "link": contact.link, "until": until.isoformat()}


def let_out(request: HttpRequest) -> None:
    """End it in this browser."""
    request.session.pop(VIA_LINK, None)


def contact_of(request: HttpRequest) -> PartnerContact | None:
    """Who is here for a partner; looked up at each request, so that what is ended at the desk is ended at once."""
    came = request.session.get(VIA_LINK)
    if came is not None:
        known = PartnerContact.objects.open().filter(pk=came["contact"], link=came["link"]).exclude(link="")
        contact = known.select_related("partner").first()
        now = timezone.now()
        if contact is not None and contact.link_ends_at > now and datetime.fromisoformat(came["until"]) > now:
            return contact
    if request.user.is_authenticated and Role.PARTNER in roles_of(request.user):
        return contact_of_account(request.user)
    return None


def flags_of(contact: PartnerContact) -> FlagQuerySet:
    """What a contact sent, the last first: nobody else's, not even a colleague's."""
    sent = Flag.objects.filter(contact=contact).select_related("sealed_with")
    return sent.order_by("-sent_at", "-pk")
