"""What can go wrong before Palier runs at all."""


class ServerUnavailable(Exception):  # noqa: N818 - it names a state of the server, as Django's DoesNotExist does
    """No database can be reached; its text is one French line that says what to do or where to look."""
