"""Why a backup could not be taken or restored."""


class BackupError(ValueError):
    """Nothing was made; the message is one French sentence, without anything of what the backup holds."""
