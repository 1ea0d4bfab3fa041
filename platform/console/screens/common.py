"""What the screens of towns share."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404

from tenants.models import Town


def any_town(schema: str) -> Town:
    """A town, whatever its state. Raises Http404 for one that is not there."""
    town = Town.objects.filter(schema_name=schema).first()
    if town is None:
        raise Http404
    return town


def refuse(form: Form, error: ValidationError | ValueError) -> None:
    """Say beside its field what a service refused."""
    if not isinstance(error, ValidationError):
        form.add_error(None, str(error))
        return
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, messages in told.items():
        form.add_error(field if field in form.fields else None, messages)
