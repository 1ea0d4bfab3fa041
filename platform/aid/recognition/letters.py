"""The letter of a year: a few warm words of the town to each who gave time, on paper or by e-mail, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from aid.notifications.channels import channel_of
from aid.notifications.services import send_many
from aid.onboarding.models import Volunteer
from aid.people.enums import Purpose, Way
from aid.people.models import Person
from aid.privacy.rights import objecting_among
from aid.recognition import texts
from aid.recognition.giving import Given, given_by, words_of_thanks
from aid.recognition.models import YearlyLetter
from aid.recognition.volunteers import HERE, volunteers_here

MOST_THANKS = 3
# A longer one is cut: the letter is a page.
LONGEST_THANKS = 200
BATCH = 100
# Letters in one PDF: laid out in a second or two, and as many as one sitting folds.
A_FILE = 300


@dataclass(frozen=True)
class Reader:
    """Who gets the letter: what they gave that year, and how they were thanked."""

    person: Person
    given: Given
    thanks: list[str]

    @property
    def gave(self) -> str:
        """« 3 h 15 à vos voisins, en 4 services »."""
        return texts.gave_words(services=self.given.services, duration=self.given.duration)


@dataclass(frozen=True)
class Readers:
    """All who gave time in a year and are here, by how the letter reaches them."""

    by_email: list[Reader]
    on_paper: list[Reader]
    # No address is known: somebody asks for it, or says it on the telephone.
    without_address: list[Reader]

    @property
    def files(self) -> list[tuple[int, int, int]]:
        """The PDFs to print: the number of each, and of its first and last letters."""
        count = len(self.on_paper)
        return [(at // A_FILE, at + 1, min(at + A_FILE, count)) for at in range(0, count, A_FILE)]

    def in_file(self, number: int) -> list[Reader]:
        """The letters of one PDF; none where there is no such."""
        return self.on_paper[number * A_FILE : (number + 1) * A_FILE]


def letter_of(year: int) -> YearlyLetter:
    """The letter of a year as it is; with words of ours, not kept yet, where nobody has written it."""
    return YearlyLetter.objects.filter(year=year).first() or YearlyLetter(year=year, words=texts.LETTER)


def send_batch(letter: YearlyLetter, *, after: int) -> int | None:
    """Write to the next readers of e-mails, by number of person; answer where to go on, None at the end."""
    batch = list(volunteers_here().filter(email__gt="", pk__gt=after).order_by("pk")[:BATCH])
    by_email = [one for one in batch if channel_of(one, Purpose.LETTERS) == Way.EMAIL]
    send_many(
        (
            one.person,
            "letter",
            f"letter:{letter.year}:{one.person.pk}",
            texts.yearly(one.person, year=letter.year, words=letter.words, gave=one.gave, thanks=one.thanks),
        )
        for one in _readers_among(by_email, letter.year)
    )
    return batch[-1].pk if len(batch) == BATCH else None


def readers_of(year: int) -> Readers:
    """All who gave time in a year and are here, by name; in a fixed number of queries. Who objects is left in peace."""
    numbers = {number for number, _ in given_by(Volunteer.objects.filter(state__in=HERE).values("person"), year=year)}
    people = volunteers_here().filter(pk__in=numbers).with_list_related_data().order_by("search_name", "pk")
    found = _readers_among(list(people), year)
    sorted_out = Readers([], [], [])
    for one in found:
        if one.person.channels.get(Purpose.LETTERS) == Way.NONE:
            continue
        if channel_of(one.person, Purpose.LETTERS) == Way.EMAIL:
            sorted_out.by_email.append(one)
        elif one.person.address and one.person.commune_id:
            sorted_out.on_paper.append(one)
        else:
            sorted_out.without_address.append(one)
    return sorted_out


def _readers_among(people: Sequence[Person], year: int) -> list[Reader]:
    """Those who gave time in the year, and do not object."""
    numbers = [one.pk for one in people]
    given = given_by(numbers, year=year)
    thanks = words_of_thanks(numbers, year=year, most=MOST_THANKS)
    objecting = objecting_among(numbers)
    return [
        Reader(one, given[one.pk, year], [_shortened(words) for words in thanks.get(one.pk, [])])
        for one in people
        if (one.pk, year) in given and one.pk not in objecting
    ]


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_THANKS else f"{words[: LONGEST_THANKS - 1].rstrip()}…"
