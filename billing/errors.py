"""What the books refuse. Each room of theirs has its own errors; whoever asks catches them all here."""

from django.core.exceptions import ValidationError


class BooksError(ValueError):
    """Something may not be done as things stand; the message says why in French, for who asked."""


# What is wrong with a field, and what may not be done: the two that a person is told.
REFUSALS = (ValidationError, BooksError)


def words_of(refusal: ValidationError | BooksError) -> str:
    """What a person is told of it."""
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
