"""What a process that stays has in memory."""

import gc


def keep_what_is_loaded() -> None:
    """Have Python never look again through what this process has loaded so far; called once, when the program is.

    Its hundreds of thousands of objects stay as long as it runs. Looked through at each full collection, they hold up
    whoever waits then: for a page, or for rows that a batch holds.
    """
    gc.collect()
    gc.freeze()
