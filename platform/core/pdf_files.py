"""A PDF that somebody sends: told by its bytes, never by its name nor by what a browser says of it."""

_BEGINS, _ENDS = b"%PDF-", b"%%EOF"
_TAIL = 2048


def looks_like_pdf(content: bytes) -> bool:
    """Whether it begins as one."""
    return content.startswith(_BEGINS)


def is_whole_pdf(content: bytes) -> bool:
    """Whether it also ends as one: a sending that stopped half-way does not."""
    return looks_like_pdf(content) and _ENDS in content[-_TAIL:]
