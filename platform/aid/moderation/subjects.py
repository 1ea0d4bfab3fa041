"""The public texts that may be read, reported, hidden: rooms above say how.

To have a public text moderated, a room above:

1. registers its kind, from `ready()`:

       subjects.register(
           Subject(
               kind="profile",                      # in addresses: a short ASCII slug
               label="présentation",                # « une présentation », as agents read it
               text_of=lambda number: …,            # as its author wrote it; "" once there is none any more
               url_of=lambda number: …,             # its public page, relative; "" while nobody may see it
               author_of=lambda number: …,          # the Person, or None
               hide=lambda number, reason: …,       # nobody sees it any more; keep the reason, which the author reads
               restore=lambda number: …,            # it is seen again
               spares=frozenset({Family.COMMERCE}), # what is not looked for in these; nothing, unless told
               is_in_own_hands=False,               # the town writes them; else the author does, in « Mon espace »
               back_of=lambda number: …,            # where who reports goes back to; its page, unless told
           )
       )

2. each time a text is saved, once its row has a number, in the same transaction and before that row is written or
   locked (who decides locks what moderation keeps first, then the row: so neither waits for the other), calls

       verdict = moderation.submit(subject=("profile", profile.pk), author=person, text=words)

   which raises ValidationError (a French sentence to show by the field) where the author may publish nothing for now,
   or the town refuses such words; else it has called `hide` or `restore` itself: look at the row again
   (`refresh_from_db`). `verdict.is_held` and `verdict.words` say what to tell the author.

3. shows `masked(text)` to everybody (aid.moderation.services), never the text itself;

4. puts `{% include "aid/moderation/report_link.html" with kind="profile" number=profile.pk %}` on each page where the
   text is read, leaves out who is apart from the visitor (aid.moderation.blocks), and whoever is suspended or excluded
   (`Sanction.objects.in_force()`);

5. calls `moderation.withdraw(subject=("profile", profile.pk))` when the text is taken back by its author or deleted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aid.moderation.enums import Family
from aid.people.models import Person


@dataclass(frozen=True)
class Subject:
    """One kind of public text."""

    kind: str
    label: str
    text_of: Callable[[int], str]
    url_of: Callable[[int], str]
    author_of: Callable[[int], Person | None]
    hide: Callable[[int, str], None]
    restore: Callable[[int], None]
    spares: frozenset[Family] = frozenset()
    is_in_own_hands: bool = True
    # Where who reports goes back to, if it is not the page that agents open.
    back_of: Callable[[int], str] | None = None

    def back(self, number: int) -> str:
        """The page that somebody reports a text from."""
        return (self.back_of or self.url_of)(number)


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Have these texts moderated. For rooms above, from `ready()`; twice is once."""
    _subjects[subject.kind] = subject


def known(kind: str) -> Subject | None:
    """How to reach texts of this kind; None for one that no room has any more."""
    return _subjects.get(kind)
