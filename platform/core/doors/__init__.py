"""One door to each outside service, with its time limit and its own refusals.

Who speaks to a door catches these three and nothing else. None ever holds a number, an address or a text: exceptions
end in logs.
"""


class DoorError(Exception):
    """What was asked of a door was not done, or nobody knows."""


class DoorBusyError(DoorError):
    """Not now: nothing left, the same may be asked later."""


class DoorRefusedError(DoorError):
    """Never: the same would be refused again."""


class DoorUncertainError(DoorError):
    """It left, and no answer came back: it may be done, or not."""
