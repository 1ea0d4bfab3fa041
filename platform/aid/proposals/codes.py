"""The short code of a proposal: « OUI 4K » answers that one, whoever shares the telephone."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from aid.help_requests.enums import LOOKING
from aid.people.models import Person
from aid.proposals.models import Proposal

# A digit and a letter, none that reads as another (0 and O, 5 and S), nor as an hour (« oui à 4h »).
DIGITS, LETTERS = "2346789", "ACDEFJKMNPRTUVWXY"
CODES = [digit + letter for letter in LETTERS for digit in DIGITS]
# As people type them, folded: « 4k », « k4 », « oui4k », « oui 4 k ».
_TYPED = re.compile(r"\b(oui|non)?\s*(?:(\d)\s?([a-z])|([a-z])(\d))\b")
_HOUR = "h"


def give_codes(proposals: Iterable[Proposal], request_id: int) -> None:
    """Give each of these proposals of one request a code that no other waiting at its number has; kept by who calls.

    Who is asked anew keeps theirs, unless another took it meanwhile. They turn with the requests: what is answered days
    later is not taken for another. A number at which as many wait as there are codes gets none more: its reader uses
    the links.
    """
    proposals = list(proposals)
    # By who is asked: two thousand numbers would each be read again by the field that keeps them.
    persons = Person.objects.filter(volunteer__in=[one.volunteer.pk for one in proposals]).exclude(phone="")
    waiting = Proposal.objects.asked().filter(
        volunteer__person__phone__in=persons.values("phone"),
        request__state__in=LOOKING,
        request__ends_at__gt=timezone.now(),
    )
    waiting = waiting.exclude(pk__in=[one.pk for one in proposals if one.pk])
    taken = defaultdict(set)
    for phone, code in waiting.values_list("volunteer__person__phone", "code"):
        taken[phone].add(code)
    start = request_id % len(CODES)
    turned = CODES[start:] + CODES[:start]
    for one in proposals:
        phone = one.volunteer.person.phone
        if phone and one.code and one.code not in taken[phone]:
            taken[phone].add(one.code)
        elif phone:
            one.code = next((code for code in turned if code not in taken[phone]), "")
            taken[phone].add(one.code)


def part_from_code(folded: str) -> tuple[str, str]:
    """The other words of an answer, and its code, whether or not it is one of ours; empty where none is typed."""
    typed = _TYPED.search(folded)
    if typed is None:
        return folded, ""
    said, digit, letter = typed[1] or "", typed[2] or typed[5], typed[3] or typed[4]
    if letter == _HOUR:
        return folded, ""
    rest = f"{folded[: typed.start()]} {said} {folded[typed.end() :]}"
    return " ".join(rest.split()), f"{digit}{letter}".upper()
