"""Who may ask for a kind of help."""

from django.core.exceptions import ValidationError

from aid.configuration.enums import Asking
from aid.configuration.kinds import KindOfHelp
from aid.help_requests.enums import ASKING, AskedBy


def check_asker(kind: KindOfHelp, asked_by: AskedBy | str) -> None:
    """Raise ValidationError (« kind ») where the town keeps a kind of help for others."""
    asking = ASKING[AskedBy(asked_by)]
    if not kind.is_asked_by([asking]):
        allowed = " ou ".join(Asking(one).label for one in Asking.values if one in kind.askers)
        raise ValidationError({"kind": f"Cette aide peut être demandée par {allowed}, pas par {asking.label}."})
