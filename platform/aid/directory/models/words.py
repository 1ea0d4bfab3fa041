"""Words that everybody reads, and that moderation may take off the site (directory.moderating)."""

from django.db import models

from aid.moderation.services import masked

LONGEST_WORDS = 400


class PublicWords(models.Model):
    """What is read of somebody on the site: with a reason to be hidden, nobody sees them any more."""

    words = models.TextField("quelques mots", max_length=LONGEST_WORDS, blank=True)
    # Told to who is hidden, and to the desk; empty while the site shows them.
    hidden_because = models.TextField("pourquoi il est masqué", blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def public_words(self) -> str:
        """The words as everybody may read them: without a telephone, an address or a link."""
        return masked(self.words)
